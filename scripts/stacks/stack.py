"""What can be asked of a stack, whichever way it runs?"""

from __future__ import annotations

import json
import os
from abc import ABC, abstractmethod
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from scripts.stacks import dotenv, places, ports
from scripts.stacks.console import Progress

APPS = ("backend", "worker", "beat")


class Stack(ABC):
    """One stack by its name; several may run side by side, each on an HTTP port of its own."""

    mode: str

    def __init__(self, name: str) -> None:
        self.name = name
        self.state = places.state_of(name)
        self.values = dotenv.load(places.ROOT)
        self.http_port = self._http_port()

    @property
    def url(self) -> str:
        return f"http://localhost:{self.http_port}"

    @abstractmethod
    def up(self, progress: Progress, *, reload: bool = False) -> bool:
        """Make every service healthy; true when it was so before."""

    @abstractmethod
    def down(self, *, wipe: bool = False) -> None:
        """Stop every service; wipe takes the data too."""

    @abstractmethod
    def status(self) -> dict[str, str]:
        """Tell the state of each service: healthy, unhealthy, stopped and the like."""

    @abstractmethod
    def logs(self, services: list[str], *, count: int, follow: bool) -> None:
        """Print the logs of the services, or of all."""

    @abstractmethod
    def manage(self, *words: str, quiet: bool = False) -> int:
        """Run a command of manage.py in the environment of the backend; its exit code."""

    @abstractmethod
    def psql(self, *words: str) -> int:
        """Run psql on the database of the stack; its exit code."""

    @abstractmethod
    def query(self, statement: str) -> str:
        """Answer of PostgreSQL to one statement, unadorned; empty when it fails."""

    @abstractmethod
    def stop(self, service: str) -> None:
        """Stop one service as an operator would."""

    @abstractmethod
    def start(self, service: str) -> None:
        """Start one service."""

    @abstractmethod
    def kill(self, service: str) -> None:
        """End one service by SIGKILL; it stays down."""

    def _http_port(self) -> int:
        # A port that was asked for by name holds for the later verbs on the same stack.
        file = self.state / "ports.json"
        asked = os.environ.get("HTTP_PORT")
        known = ports.recall(file)
        if asked and known.get("http") != int(asked):
            file.write_text(json.dumps({**known, "http": int(asked)}, indent=2) + "\n")
        return int(asked or known.get("http") or self.values.get("HTTP_PORT") or 8080)


def answers(port: int, path: str, *, status: int = 200) -> bool:
    """Tell whether a GET is answered with the status."""
    connection = HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", path, headers={"Host": "localhost"})
        return connection.getresponse().status == status
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def unhealthy(service: str, end_of_log: str) -> str:
    """Say what to do about a service that does not become healthy."""
    return (
        f"{service} does not become healthy. The end of its log:\n{end_of_log or '(empty)'}\n\n"
        f"More: make logs SERVICE={service}. When the cause is gone: make up."
    )


def log_file(state: Path, service: str) -> Path:
    """Name the log file of a service."""
    return state / "logs" / f"{service}.log"
