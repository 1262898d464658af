"""What does the environment of the stack say? `.env`, made from `.env.example` when missing."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from scripts.stacks.program import StackError

SECRETS = ("SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD")


def load(root: Path) -> dict[str, str]:
    """Read `.env`; a variable of the same name in the environment wins.

    :raises StackError: when a secret is empty, or given twice.
    """
    create(root)
    # A file from before a variable was there lacks it: the example has its value.
    written = {**parse((root / ".env.example").read_text()), **parse((root / ".env").read_text())}
    values = {name: os.environ.get(name, value) for name, value in written.items()}
    return {**values, **{name: _secret(name, values) for name in SECRETS}}


def create(root: Path) -> None:
    """Write `.env` with fresh secrets unless there is one."""
    if (root / ".env").exists():
        return
    lines = (root / ".env.example").read_text().splitlines()
    filled = "\n".join(line + secrets.token_urlsafe(36) if line in EMPTY else line for line in lines)
    draft = root / f".env.{os.getpid()}"
    draft.touch(mode=0o600)
    draft.write_text(filled + "\n")
    try:
        # A link fails when another `make` was faster: its secrets are in use by then.
        os.link(draft, root / ".env")
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _secret(name: str, values: dict[str, str]) -> str:
    value, file = values.get(name), values.pop(f"{name}_FILE", "")
    if value and file:
        raise StackError(f"Both {name} and {name}_FILE are set: keep one of them.")
    found = Path(file).read_text().strip() if file else value
    if not found:
        raise StackError(f"{name} is empty in .env. Give it a long random value, or remove .env to have one made.")
    return found


def parse(text: str) -> dict[str, str]:
    """Read NAME=value lines as Compose does, as far as `.env.example` goes."""
    pairs = (line.split("=", 1) for line in text.splitlines() if "=" in line and not line.lstrip().startswith("#"))
    return {name.strip(): value.strip().strip("\"'") for name, value in pairs}


EMPTY = {f"{name}=" for name in SECRETS}
