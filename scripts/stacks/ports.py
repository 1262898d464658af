"""Which ports does a stack use? Free ones, chosen once and remembered."""

from __future__ import annotations

import json
import socket
from pathlib import Path


def remember(path: Path, names: tuple[str, ...]) -> dict[str, int]:
    """Give each name the port noted in the file, or a free one, and note it."""
    known = recall(path)
    chosen = {name: known.get(name) or free() for name in names}
    if {**known, **chosen} != known:
        path.write_text(json.dumps({**known, **chosen}, indent=2) + "\n")
    return chosen


def recall(path: Path) -> dict[str, int]:
    """Read the ports noted in the file."""
    if not path.exists():
        return {}
    known: dict[str, int] = json.loads(path.read_text())
    return known


def forget_taken(path: Path) -> None:
    """Drop the noted ports on which somebody else listens by now."""
    known = recall(path)
    if known:
        path.write_text(json.dumps({name: port for name, port in known.items() if is_free(port)}, indent=2) + "\n")


def free() -> int:
    """Find a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def taken(port: int) -> str:
    """Say what to do about a port that belongs to somebody else."""
    other = free_above(port)
    return f"Port {port} is taken by another program. Choose another for this stack:\n  make up HTTP_PORT={other}"


def free_above(port: int) -> int:
    """Find the next port on which nobody listens."""
    return next(candidate for candidate in range(port + 1, 65536) if is_free(candidate))


def is_free(port: int) -> bool:
    """Tell whether a server could listen on the port."""
    with socket.socket() as probe:
        # Servers set it too; without it a port in TIME_WAIT would look taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
