"""What is a program of the embedded stack? A command under supervisord, named like its Compose service."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Program:
    name: str
    command: tuple[str, ...]
    directory: Path
    environment: dict[str, str] = field(default_factory=dict)
    stop_signal: str = "TERM"
    stop_seconds: int = 20


class StackError(Exception):
    """Something the reader of the message can put right; the message says how."""
