"""How does the stack run with a Docker Engine? By `compose.yaml`, one project per stack."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from scripts.stacks import console, places, ports
from scripts.stacks.console import Progress
from scripts.stacks.program import StackError
from scripts.stacks.stack import Stack, log_file, unhealthy

WELL = {"healthy", "done"}
STARTED_WITHIN_SECONDS = 120
NOT_BUILT = """The images could not be built. Where no registry answers, `.ci/base-images` makes stand-ins for the base
images on Debian, and `make up MODE=embedded` needs no images at all. The end of the build"""


def is_available() -> bool:
    """Tell whether an engine and its Compose plugin answer."""
    for command in (["docker", "compose", "version"], ["docker", "info", "--format", "{{.ID}}"]):
        try:
            if subprocess.run(command, capture_output=True, timeout=20, check=False).returncode:
                return False
        except (OSError, subprocess.TimeoutExpired):
            return False
    return True


class Compose(Stack):
    mode = "compose"

    def __init__(self, name: str) -> None:
        super().__init__(name)
        # `-p` before anything else: the folder's name would be the project otherwise.
        self.project = ["docker", "compose", "-p", name, "--project-directory", str(places.ROOT)]
        self.environment = {**os.environ, "COMPOSE_PROJECT_NAME": name, "HTTP_PORT": str(self.http_port)}

    def up(self, progress: Progress, *, reload: bool = False) -> bool:
        with places.locked(self.state):
            if not self._list("{{.ID}}") and not ports.is_free(self.http_port):
                raise StackError(ports.taken(self.http_port))
            files = ["-f", "compose.yaml", *(["-f", "compose.dev.yaml"] if reload else [])]
            self._build(files, progress)
            # Compose would run the one-shot services again, and everybody would wait for them.
            if self._is_current(files):
                return True
            self._start(files, progress)
            return False

    def down(self, *, wipe: bool = False) -> None:
        words = ["down", "--remove-orphans", "--timeout", "20", *(["--volumes"] if wipe else [])]
        self._logged([*self.project, *words], log_file(self.state, "down"), "The stack could not be stopped")

    def status(self) -> dict[str, str]:
        # Of several containers of one service, one that is not well speaks for all.
        rows = sorted(self._states(), key=lambda row: row[2] not in WELL)
        return {service: state for _, service, state in rows}

    def logs(self, services: list[str], *, count: int, follow: bool) -> None:
        words = ["logs", "--tail", str(count), *services]
        if follow:
            self._call(*words, "--follow")
        else:
            print(self._ask(*words, "--no-color"), end="")

    def manage(self, *words: str, quiet: bool = False) -> int:
        return self._call(*self._exec("backend"), "python", "entrypoint.py", "manage", *words, quiet=quiet)

    def psql(self, *words: str) -> int:
        return self._call(*self._exec("postgres"), *self._psql(), *words)

    def query(self, statement: str) -> str:
        return self._ask("exec", "-T", "postgres", *self._psql(), "-XqtAc", statement).strip()

    def stop(self, service: str) -> None:
        self._containers_of("stop", service)

    def start(self, service: str) -> None:
        self._containers_of("start", service)

    def kill(self, service: str) -> None:
        self._containers_of("kill", service)

    def _containers_of(self, verb: str, service: str) -> None:
        # Not `docker compose start`, which waits for the services this one depends on.
        listed = self._list('{{.ID}}\t{{.Label "com.docker.compose.service"}}')
        mine = [container for container, name in listed if name == service]
        subprocess.run(["docker", verb, *mine], capture_output=True, check=True)

    def _build(self, files: list[str], progress: Progress) -> None:
        log = log_file(self.state, "build")
        if not self._has_images(files):
            print(f"  Building the images, some minutes the first time; details: {log}", flush=True)
        self._logged([*self.project, *files, "build"], log, NOT_BUILT)
        progress.tell("images", "built")

    def _start(self, files: list[str], progress: Progress) -> None:
        log = log_file(self.state, "up")
        with log.open("wb") as output:
            command = [*self.project, *files, "up", "--detach", "--no-build", "--remove-orphans"]
            starting = subprocess.Popen(command, env=self.environment, stdout=output, stderr=output)
        # Those of before may be replaced yet: they are nothing to tell.
        told = {container for container, *_ in self._states()}
        deadline = time.monotonic() + STARTED_WITHIN_SECONDS
        while True:
            # Asked before the states, so that the last look comes after the end.
            ended = starting.poll()
            states = self._states()
            for container, service, state in states:
                if state in WELL and container not in told:
                    progress.tell(service, state)
                    told.add(container)
            missing = [service for _, service, state in states if state not in WELL]
            if ended == 0 and not missing:
                return
            if ended or time.monotonic() > deadline:
                starting.kill()
                starting.wait()
                raise StackError(self._failure(missing) if missing else f"{console.last_lines(log)}")
            time.sleep(0.1)

    def _failure(self, missing: list[str]) -> str:
        # The first in the order of dependencies is the cause, the others wait for it.
        name = next((each for each in ("postgres", "redis", "migrate", "backend") if each in missing), missing[0])
        return unhealthy(name, self._ask("logs", "--no-log-prefix", "--no-color", "--tail", "20", name).rstrip())

    def _has_images(self, files: list[str]) -> bool:
        images = self._ask(*files, "config", "--images").split()
        return subprocess.run(["docker", "image", "inspect", *images], capture_output=True, check=False).returncode == 0

    def _is_current(self, files: list[str]) -> bool:
        """Is every container well, and made of the configuration and images of today?"""
        label = '{{.Label "com.docker.compose.%s"}}'
        rows = self._list("\t".join([label % "service", label % "config-hash", label % "image", "{{.Image}}"]))
        wanted = dict(line.split() for line in self._ask(*files, "config", "--hash", "*").splitlines())
        if {service: digest for service, digest, *_ in rows} != wanted or set(self.status().values()) - WELL:
            return False
        images = [name for *_, name in rows]
        inspected = ["docker", "image", "inspect", "--format", "{{.Id}}", *images]
        ids = subprocess.run(inspected, capture_output=True, text=True, check=False).stdout.split()
        return [image for _, _, image, _ in rows] == ids

    def _states(self) -> list[tuple[str, str, str]]:
        rows = self._list('{{.ID}}\t{{.Label "com.docker.compose.service"}}\t{{.State}}\t{{.Status}}')
        return [(container, service, _health(state, words)) for container, service, state, words in rows]

    def _list(self, columns: str) -> list[list[str]]:
        mine = [
            "--filter",
            f"label=com.docker.compose.project={self.name}",
            "--filter",
            "label=com.docker.compose.oneoff=False",
        ]
        words = ["docker", "ps", "--all", *mine, "--format", columns]
        lines = subprocess.run(words, capture_output=True, text=True, check=False).stdout.splitlines()
        return [line.split("\t") for line in lines]

    def _logged(self, command: list[str], log: Path, failure: str) -> None:
        log.parent.mkdir(exist_ok=True)
        with log.open("wb") as output:
            code = subprocess.run(command, env=self.environment, stdout=output, stderr=output, check=False).returncode
        if code:
            raise StackError(f"{failure}:\n{console.last_lines(log, 30)}")

    def _psql(self) -> list[str]:
        user, database = (self.values.get(name) or "slipway" for name in ("POSTGRES_USER", "POSTGRES_DB"))
        return ["psql", "-U", user, "-d", database]

    def _exec(self, service: str) -> list[str]:
        terminal = sys.stdin.isatty() and sys.stdout.isatty()
        return ["exec", *([] if terminal else ["-T"]), service]

    def _ask(self, *words: str) -> str:
        command, nothing = [*self.project, *words], subprocess.DEVNULL
        done = subprocess.run(command, env=self.environment, stdin=nothing, capture_output=True, text=True, check=False)
        # Compose erases a line that is not there before each line of a log, terminal or not.
        return done.stdout.replace("\033[2K", "")

    def _call(self, *words: str, quiet: bool = False) -> int:
        output = subprocess.DEVNULL if quiet else None
        command = [*self.project, *words]
        return subprocess.run(command, env=self.environment, stdout=output, stderr=output, check=False).returncode


def _health(state: str, words: str) -> str:
    if "(healthy)" in words:
        return "healthy"
    if words.startswith("Exited (0)"):
        return "done"
    return "unhealthy" if "(unhealthy)" in words else state
