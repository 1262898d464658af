"""Real backends on the test's own database: gunicorn with two workers each, as the platform starts it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import httpx
from django.db import connection

from tests.architecture.sources import BACKEND
from tests.outages import closed_port

PATIENCE_SECONDS = 20


@dataclass(frozen=True)
class Server:
    url: str
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        """Take its whole family at once, in the middle of whatever it does."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def serving(**environment: str) -> Iterator[Server]:
    """Run one more backend. For tests whose data is committed."""
    port = closed_port()
    told = {"POSTGRES_DB": str(connection.settings_dict["NAME"]), "WEB_PORT": str(port), "WEB_BIND": "127.0.0.1"}
    inherited = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "config.wsgi:application"],
        cwd=BACKEND,
        env={**inherited, "LOG_LEVEL": "error", "WEB_CONCURRENCY": "2", **told, **environment},
        start_new_session=True,
    )
    server = Server(f"http://127.0.0.1:{port}", process)
    try:
        _wait(server)
        yield server
    finally:
        if process.poll() is None:
            server.kill()


@contextmanager
def both_serving(**environment: str) -> Iterator[list[Server]]:
    """Run two backends."""
    with ExitStack() as stack:
        yield [stack.enter_context(serving(**environment)) for _ in range(2)]


def _wait(server: Server) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        try:
            if httpx.get(f"{server.url}/livez", timeout=1).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError(f"{server.url} does not come up")
