"""Where does everything lie? The checkout, the backend, and one folder of state per stack."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BACKEND = ROOT / "backend"
VENV = BACKEND / ".venv"


def state_of(stack: str) -> Path:
    """Name the folder that holds all the state of a stack, and make it."""
    folder = ROOT / ".slipway" / stack
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def locked(folder: Path, name: str = "lock") -> Iterator[None]:
    """Keep a second `make` out until the first is done."""
    with (folder / name).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
