"""Which processes are measured? Both apps, each with gunicorn's sync workers, behind nginx where there is one."""

import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scripts.stacks import places, ports, webserver
from scripts.stacks.stack import answers
from scripts.teststores import stores

STACK = "bench"
MEMBERS = 100_000
WORKERS = "2"
PYTHON = str(places.VENV / "bin" / "python")
GUNICORN = (PYTHON, "-m", "gunicorn")
PLAIN = (*GUNICORN, "tests.bench.plain.wsgi:application", "--workers", WORKERS, "--log-level", "warning")


def environment() -> dict[str, str]:
    """Return what every process of the bench is told."""
    found = {**os.environ, **stores(STACK), "SECRET_KEY": "bench", "WEB_CONCURRENCY": WORKERS, "WEB_BIND": "127.0.0.1"}
    # The quota is counted, but must not end the measurement.
    found["RATE_LIMIT"] = found["RATE_LIMIT_ANONYMOUS"] = "100000000/60"
    return {**found, "PYTHONPATH": f"{places.ROOT}:{places.BACKEND}", "ALLOWED_HOSTS": "localhost,127.0.0.1"}


def prepared(env: dict[str, str]) -> dict[str, str]:
    """Fill the database, and return who asks for what."""
    for words in (["migrate", "--verbosity=0"], ["seed", f"--volume={MEMBERS}"]):
        subprocess.run(
            [PYTHON, "manage.py", *words], cwd=places.BACKEND, env=env, check=True, stdout=subprocess.DEVNULL
        )
    found: dict[str, str] = _answer_of("prepare", env)
    return found


def queries(env: dict[str, str], asked: dict[str, str]) -> dict[str, int]:
    """Return how many statements each kind of request takes."""
    found: dict[str, int] = _answer_of("queries", {**env, "ASKED": json.dumps(asked)})
    return found


# Any: each module prints JSON of its own.
def _answer_of(module: str, env: dict[str, str]) -> Any:
    command = [PYTHON, "-m", f"tests.bench.{module}"]
    printed = subprocess.run(command, cwd=places.ROOT, env=env, check=True, stdout=subprocess.PIPE).stdout
    return json.loads(printed.splitlines()[-1])


@contextmanager
def running(env: dict[str, str]) -> Iterator[tuple[int, int]]:
    """Hold both apps up, and say on which ports they answer: ours, then the plain one."""
    nginx, chosen = webserver.find(), [ports.free() for _ in range(4)]
    ours, plain = chosen[:2]
    commands = [
        ((*GUNICORN, "config.wsgi:application"), places.BACKEND, {"WEB_PORT": str(ours)}),
        ((*PLAIN, "--bind", f"127.0.0.1:{plain}"), places.ROOT, {}),
    ]
    if nginx:
        env = {**env, "BEHIND_PROXY": "1"}
        for name, backend, front in zip(("ours", "plain"), chosen[:2], chosen[2:], strict=True):
            folder = places.state_of(STACK) / f"nginx-{name}"
            webserver.prepare(folder, listen=front, backend=backend)
            commands.append((webserver.program(nginx, folder).command, folder, {}))
    with _processes(commands, env):
        fronts = chosen[2:] if nginx else chosen[:2]
        deadline = time.monotonic() + 30
        while not answers(fronts[0], "/livez") or _is_silent(fronts[1]):
            if time.monotonic() > deadline:
                raise TimeoutError(f"The apps did not start: see {_log()}.")
            time.sleep(0.1)
        yield fronts[0], fronts[1]


@contextmanager
def _processes(commands: list[tuple[tuple[str, ...], Path, dict[str, str]]], env: dict[str, str]) -> Iterator[None]:
    with _log().open("wb") as log:
        processes = [
            subprocess.Popen(command, cwd=cwd, env={**env, **own}, stdout=log, stderr=log)
            for command, cwd, own in commands
        ]
        try:
            yield
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait()


def _log() -> Path:
    return places.state_of(STACK) / "bench.log"


def _is_silent(port: int) -> bool:
    return ports.is_free(port)
