"""Which stack is meant? STACK and MODE of the environment, or what the machine can do."""

from __future__ import annotations

import os

from scripts.stacks.compose import Compose, is_available
from scripts.stacks.embedded import Embedded
from scripts.stacks.program import StackError
from scripts.stacks.stack import Stack


def stack() -> Stack:
    """Return the stack of this command: Compose where an engine answers, else embedded."""
    name = os.environ.get("STACK") or "slipway"
    mode = os.environ.get("MODE") or ("compose" if is_available() else "embedded")
    if mode not in ("compose", "embedded"):
        raise StackError(f"MODE is {mode}, but may be compose or embedded.")
    return Compose(name) if mode == "compose" else Embedded(name)


def words(name: str) -> list[str]:
    """Split a variable such as SERVICE=worker ARGS='…' into words."""
    return os.environ.get(name, "").split()
