"""How do PostgreSQL and Redis come up under a supervisor, and what is their environment?"""

from __future__ import annotations

import time
from collections.abc import Callable

from scripts.stacks import dotenv, places, ports, postgres, redis, strays
from scripts.stacks.program import Program, StackError
from scripts.stacks.supervisor import Supervisor

NAMES = ("postgres", "redis")


class Stores:
    """The two stores of one embedded stack; a throwaway pair trades durability for speed."""

    def __init__(self, stack: str, *, throwaway: bool = False) -> None:
        self.state = places.state_of(stack)
        self.throwaway = throwaway
        self.values = dotenv.load(places.ROOT)
        self.chosen = ports.remember(self.state / "ports.json", ("postgres", "redis", "supervisor"))

    def environment(self) -> dict[str, str]:
        """List the variables by which a process finds the stores."""
        return {
            "POSTGRES_HOST": "127.0.0.1",
            "POSTGRES_PORT": str(self.chosen["postgres"]),
            "POSTGRES_DB": self.values.get("POSTGRES_DB", "slipway"),
            "POSTGRES_USER": self.values.get("POSTGRES_USER", "slipway"),
            "POSTGRES_PASSWORD": self.values["POSTGRES_PASSWORD"],
            "REDIS_HOST": "127.0.0.1",
            "REDIS_PORT": str(self.chosen["redis"]),
            "REDIS_PASSWORD": self.values["REDIS_PASSWORD"],
        }

    def programs(self) -> list[Program]:
        """Describe both servers."""
        database = postgres.program(
            places.VENV, self.state / "postgres", self.chosen["postgres"], throwaway=self.throwaway
        )
        return [database, redis.program(places.VENV, self.state / "redis")]

    def supervisor(self, environment: dict[str, str]) -> Supervisor:
        """Name the supervisor, running or not."""
        return Supervisor(venv=places.VENV, state=self.state, port=self.chosen["supervisor"], environment=environment)

    def clear(self) -> None:
        """End what an earlier supervisor left behind, and give up ports lost to others."""
        strays.end(strays.find(self.state), seconds=0)
        (self.state / "postgres" / "postmaster.pid").unlink(missing_ok=True)
        ports.forget_taken(self.state / "ports.json")
        self.chosen = ports.remember(self.state / "ports.json", tuple(self.chosen))

    def prepare(self) -> None:
        """Write what both servers need before they can start."""
        environment = self.environment()
        postgres.prepare(places.VENV, self.state / "postgres", environment)
        redis.prepare(
            self.state / "redis", self.chosen["redis"], environment["REDIS_PASSWORD"], throwaway=self.throwaway
        )

    def checks(self) -> dict[str, Callable[[], bool]]:
        """Give for each server the question whether it is healthy."""
        return {
            "postgres": lambda: postgres.is_ready(places.VENV, self.chosen["postgres"]),
            "redis": lambda: redis.is_ready(self.chosen["redis"], self.values["REDIS_PASSWORD"]),
        }


def wait(checks: dict[str, Callable[[], bool]], *, seconds: float, tell: Callable[[str], None] | None = None) -> None:
    """Ask until every check said yes, telling each name as it does.

    :raises Unhealthy: at the deadline, with the names still missing.
    """
    deadline = time.monotonic() + seconds
    missing = dict(checks)
    while missing:
        for name in [name for name, healthy in missing.items() if healthy()]:
            if tell:
                tell(name)
            del missing[name]
        if missing and time.monotonic() > deadline:
            raise Unhealthy(list(missing))
        time.sleep(0.02 if missing else 0)


class Unhealthy(StackError):
    def __init__(self, names: list[str]) -> None:
        super().__init__(f"Not healthy in time: {', '.join(names)}.")
        self.names = names
