"""How do the tests reach a stack from outside, whichever way it runs?"""

import os
import signal
import subprocess
from abc import abstractmethod

from scripts.stacks import places, strays
from scripts.stacks.compose import Compose
from scripts.stacks.embedded import Embedded
from scripts.stacks.stack import Stack, log_file

type Done = subprocess.CompletedProcess[str]


class Driver(Stack):
    """A stack with what only tests want of it."""

    @property
    @abstractmethod
    def backend_url(self) -> str:
        """The address of gunicorn itself."""

    @property
    @abstractmethod
    def has_nginx(self) -> bool:
        """Without it the address of the stack is that of gunicorn."""

    @abstractmethod
    def log_of(self, service: str) -> str:
        """All that the service has logged."""

    @abstractmethod
    def run_role(self, role: str, **environment: str) -> Done:
        """Run a role of the entrypoint to its end beside the stack, with another environment."""

    @abstractmethod
    def kill_everything(self) -> None:
        """As if the machine's power had failed."""

    def restart(self, service: str) -> None:
        self.stop(service)
        self.start(service)

    def make(self, verb: str) -> Done:
        """Type `make <verb>` as a developer would."""
        environment = {**os.environ, "STACK": self.name, "MODE": self.mode, "HTTP_PORT": str(self.http_port)}
        return run(["make", "--no-print-directory", verb], environment)


class EmbeddedStack(Embedded, Driver):
    @property
    def backend_url(self) -> str:
        return f"http://127.0.0.1:{self.backend_port}"

    @property
    def has_nginx(self) -> bool:
        return self.nginx is not None

    def log_of(self, service: str) -> str:
        return log_file(self.state, service).read_text(errors="replace")

    def run_role(self, role: str, **environment: str) -> Done:
        python = str(places.VENV / "bin" / "python")
        return run([python, "entrypoint.py", role], {**self.environment(), **environment}, cwd=str(places.BACKEND))

    def kill_everything(self) -> None:
        for pid in strays.find(self.state):
            os.kill(pid, signal.SIGKILL)


class ComposeStack(Compose, Driver):
    has_nginx = True

    @property
    def backend_url(self) -> str:
        networks = "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}"
        address = self._docker("inspect", "--format", networks, *self._ids("backend")).stdout.split()[0]
        return f"http://{address}:8000"

    def log_of(self, service: str) -> str:
        done = self._docker("logs", *self._ids(service))
        return done.stdout + done.stderr

    def run_role(self, role: str, **environment: str) -> Done:
        changed = [word for name, value in environment.items() for word in ("--env", f"{name}={value}")]
        words = ["run", "--rm", "--no-deps", "-T", *changed, "backend", role]
        return run([*self.project, *words], self.environment)

    def kill_everything(self) -> None:
        self._docker("kill", *self._ids())

    def _ids(self, service: str = "") -> list[str]:
        labels = [f"project={self.name}", *([f"service={service}"] if service else [])]
        filters = [word for label in labels for word in ("--filter", f"label=com.docker.compose.{label}")]
        return self._docker("ps", "--quiet", *filters).stdout.split()

    def _docker(self, *words: str) -> Done:
        return run(["docker", *words], {**os.environ})


def run(command: list[str], environment: dict[str, str], cwd: str = str(places.ROOT)) -> Done:
    """Run a command to its end, its output as text."""
    return subprocess.run(
        command, env=environment, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )


def driver(mode: str, name: str) -> Driver:
    """Return the stack of this name, by Compose or embedded."""
    return ComposeStack(name) if mode == "compose" else EmbeddedStack(name)
