"""How does the stack run without an engine? The same processes under one supervisord, all state in one folder."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from scripts.stacks import console, fingerprint, places, ports, postgres, strays, uv, webserver
from scripts.stacks.console import Progress
from scripts.stacks.program import Program, StackError
from scripts.stacks.stack import APPS, Stack, answers, log_file, unhealthy
from scripts.stacks.stores import NAMES as STORES
from scripts.stacks.stores import Stores, Unhealthy, wait
from scripts.stacks.supervisor import Supervisor

# Into a draft, so that a half made folder is never taken for a whole one.
COLLECT = """
final=$STATIC_ROOT
export STATIC_ROOT=$final.$$
python manage.py collectstatic --noinput --verbosity 0
rm -rf "$final"
mv "$STATIC_ROOT" "$final"
"""


class Embedded(Stack):
    mode = "embedded"

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.stores = Stores(name)
        self.nginx = webserver.find()
        self.services = [*STORES, *APPS, *(["nginx"] if self.nginx else [])]

    @property
    def backend_port(self) -> int:
        """Where gunicorn listens: behind nginx, or else in its place."""
        if not self.nginx:
            return self.http_port
        return ports.remember(self.state / "ports.json", ("backend",))["backend"]

    def environment(self) -> dict[str, str]:
        """List all that a process of the backend may know."""
        web = {
            "HTTP_PORT": str(self.http_port),
            "WEB_PORT": str(self.backend_port),
            "WEB_BIND": "127.0.0.1",
            "BEHIND_PROXY": "1" if self.nginx else "0",
            "STATIC_ROOT": str(self.static_root),
            "PYTHONUNBUFFERED": "1",
        }
        return {**self.values, **self.stores.environment(), **web}

    @functools.cached_property
    def static_root(self) -> Path:
        """Where the static files lie: a folder named after their content, shared by all stacks."""
        code = [file for file in fingerprint.files_below(places.BACKEND) if "static" in file.parts]
        return places.ROOT / ".slipway" / "static" / fingerprint.of([*code, places.BACKEND / "uv.lock"])

    def supervisor(self) -> Supervisor:
        """Name the supervisor of the stack, running or not."""
        return self.stores.supervisor(self.environment())

    def up(self, progress: Progress, *, reload: bool = False) -> bool:
        uv.sync()
        with places.locked(self.state):
            with self._static_files():
                code = fingerprint.of(fingerprint.files_below(places.BACKEND))
                if self._launch(code, reload=reload):
                    return True
                self._start(STORES, progress)
                self._migrate(code, progress)
            self._start([name for name in self.services if name not in STORES], progress)
        return False

    def down(self, *, wipe: bool = False) -> None:
        with places.locked(self.state):
            self._quit(self.supervisor())
            if wipe:
                for folder in STORES:
                    shutil.rmtree(self.state / folder, ignore_errors=True)
                (self.state / "migrated").unlink(missing_ok=True)

    def checks(self) -> dict[str, Callable[[], bool]]:
        """Give for each service the question whether it is healthy."""
        return {
            **self.stores.checks(),
            "backend": lambda: answers(self.backend_port, "/readyz"),
            "worker": lambda: self._beats("worker"),
            "beat": lambda: self._beats("beat"),
            **({"nginx": lambda: answers(self.http_port, "/livez")} if self.nginx else {}),
        }

    def healthy(self) -> bool:
        """Tell whether every service is."""
        return set(self.status().values()) == {"healthy"}

    def status(self) -> dict[str, str]:
        supervisor = self.supervisor()
        if not supervisor.answers():
            return dict.fromkeys(self.services, "stopped")
        states = {name: str(supervisor.status(name)["statename"]).lower() for name in self.services}
        checks = self.checks()
        return {
            name: ("healthy" if checks[name]() else "unhealthy") if state in ("running", "starting") else state
            for name, state in states.items()
        }

    def logs(self, services: list[str], *, count: int, follow: bool) -> None:
        files = {name: log_file(self.state, name) for name in services or self.services}
        console.follow(files, count=count, forever=follow)

    def manage(self, *words: str, quiet: bool = False) -> int:
        command = [str(places.VENV / "bin" / "python"), "entrypoint.py", "manage", *words]
        return self._run(command, subprocess.DEVNULL if quiet else None)

    def psql(self, *words: str) -> int:
        command, environment = self._psql()
        return subprocess.run([*command, *words], env=environment, check=False).returncode

    def query(self, statement: str) -> str:
        command, environment = self._psql()
        words = [*command, "-XqtAc", statement]
        return subprocess.run(words, env=environment, capture_output=True, text=True, check=False).stdout.strip()

    def stop(self, service: str) -> None:
        self.supervisor().stop(service)

    def start(self, service: str) -> None:
        supervisor = self.supervisor()
        if not supervisor.is_running(service):
            # What the process before left behind, children or a heartbeat, would count for this one.
            strays.end(strays.find(self.state, service), seconds=0)
            self._heartbeat(service).unlink(missing_ok=True)
            supervisor.start(service)

    def kill(self, service: str) -> None:
        self.supervisor().kill(service)

    def _launch(self, code: str, *, reload: bool) -> bool:
        """Have a supervisor that knows the programs of today; true when they all are healthy already."""
        supervisor, programs = self.supervisor(), self._programs(code, reload=reload)
        if supervisor.runs():
            return not supervisor.update(programs) and self.healthy()
        self._clear(supervisor)
        self.stores.prepare()
        self._prepare_nginx()
        # Anew: the ports may be others by now.
        self.supervisor().launch(self._programs(code, reload=reload))
        return False

    def _clear(self, supervisor: Supervisor) -> None:
        self._quit(supervisor)
        self.stores.clear()
        if not ports.is_free(self.http_port):
            raise StackError(ports.taken(self.http_port))

    def _quit(self, supervisor: Supervisor) -> None:
        if supervisor.answers():
            supervisor.quit(first=APPS)
        strays.end(strays.find(self.state), seconds=0)

    def _programs(self, code: str, *, reload: bool) -> list[Program]:
        # A new digest of the code restarts what runs it; under `make dev` the processes reload by themselves.
        version = {"RELOAD": "1"} if reload else {"SLIPWAY_CODE": code}
        python = str(places.VENV / "bin" / "python")
        apps = [
            Program(
                name,
                (python, "entrypoint.py", name),
                places.BACKEND,
                {**version, "HEARTBEAT_FILE": str(self._heartbeat(name))},
            )
            for name in APPS
        ]
        front = [webserver.program(self.nginx, self.state / "nginx")] if self.nginx else []
        return [*self.stores.programs(), *apps, *front]

    def _prepare_nginx(self) -> None:
        if self.nginx:
            webserver.prepare(self.state / "nginx", listen=self.http_port, backend=self.backend_port)

    def _start(self, names: Iterable[str], progress: Progress) -> None:
        for name in names:
            self.start(name)
        checks = self.checks()
        try:
            wait({name: checks[name] for name in names}, seconds=60, tell=progress.tell)
        except Unhealthy as error:
            raise StackError(unhealthy(error.names[0], self._end_of_log(error.names[0]))) from None

    def _migrate(self, code: str, progress: Progress) -> None:
        # The same code has migrated the same data before: nothing to do.
        stamp = self.state / "migrated"
        if stamp.exists() and stamp.read_text() == code:
            return
        with log_file(self.state, "migrate").open("wb") as log:
            if self._run([str(places.VENV / "bin" / "python"), "entrypoint.py", "migrate"], log):
                raise StackError(f"The migrations failed:\n{self._end_of_log('migrate')}")
        stamp.write_text(code)
        progress.tell("migrate", "done")

    @contextmanager
    def _static_files(self) -> Iterator[None]:
        """Collect them, unless they are there, while something else is done."""
        if (self.static_root / "staticfiles.json").exists():
            yield
            return
        output = log_file(self.state, "collectstatic")
        output.parent.mkdir(exist_ok=True)
        with output.open("wb") as log:
            command = ["sh", "-ec", COLLECT]
            with subprocess.Popen(
                command, cwd=places.BACKEND, env=self._inherit(), stdout=log, stderr=log
            ) as collecting:
                yield
        if collecting.returncode:
            raise StackError(f"The static files could not be collected:\n{self._end_of_log('collectstatic')}")

    def _run(self, command: list[str], output: IO[bytes] | int | None) -> int:
        error = None if output in (None, subprocess.DEVNULL) else output
        environment = self._inherit()
        return subprocess.run(
            command, cwd=places.BACKEND, env=environment, stdout=output, stderr=error, check=False
        ).returncode

    def _inherit(self) -> dict[str, str]:
        path = f"{places.VENV / 'bin'}:{os.environ.get('PATH', os.defpath)}"
        return {**os.environ, **self.environment(), "PATH": path}

    def _psql(self) -> tuple[list[str], dict[str, str]]:
        values = self.stores.environment()
        where = f"-h 127.0.0.1 -p {values['POSTGRES_PORT']} -U {values['POSTGRES_USER']} -d {values['POSTGRES_DB']}"
        binary = postgres.binary(places.VENV, "psql")
        return [binary, *where.split()], {**os.environ, "PGPASSWORD": values["POSTGRES_PASSWORD"]}

    def _heartbeat(self, name: str) -> Path:
        return self.state / "run" / f"{name}.heartbeat"

    def _beats(self, name: str) -> bool:
        file = self._heartbeat(name)
        return file.exists() and time.time() - file.stat().st_mtime < 30

    def _end_of_log(self, name: str) -> str:
        return console.last_lines(log_file(self.state, name))
