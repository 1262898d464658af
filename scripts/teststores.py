"""Brings up PostgreSQL and Redis for the tests, and prints the environment by which to find them."""

from __future__ import annotations

from scripts.stacks import places
from scripts.stacks.stores import NAMES, Stores, wait


def stores(stack: str = "test") -> dict[str, str]:
    """Make sure that both stores answer, and return POSTGRES_* and REDIS_*."""
    pair = Stores(stack, throwaway=True)
    with places.locked(pair.state):
        if not all(healthy() for healthy in pair.checks().values()):
            _start(pair)
    return pair.environment()


def _start(pair: Stores) -> None:
    pair.clear()
    pair.prepare()
    supervisor = pair.supervisor({"SECRET_KEY": pair.values["SECRET_KEY"]})
    supervisor.launch(pair.programs())
    for name in NAMES:
        supervisor.start(name)
    wait(pair.checks(), seconds=30)


if __name__ == "__main__":
    for name, value in stores().items():
        print(f"{name}={value}")
