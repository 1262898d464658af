"""Which processes belong to a stack, its supervisor dead or alive? (Linux: it reads /proc.)"""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

# These write their titles over their environment, so the mark cannot be read there.
MUTE = {"postgres", "redis-server", "valkey-server", "nginx"}


def find(state: Path, program: str = "") -> list[int]:
    """List the processes of the stack whose state this is, or of one program of it."""
    marks = {f"SLIPWAY_STATE={state}".encode()}
    if program:
        marks.add(f"SLIPWAY_PROGRAM={program}".encode())
    pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    folder = state / program
    return [pid for pid in pids if pid != os.getpid() and _belongs(Path(f"/proc/{pid}"), marks, folder)]


def end(pids: list[int], seconds: float) -> None:
    """Wait until the processes are gone, and kill those that are not in time."""
    deadline = time.monotonic() + seconds
    while any(alive(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.02)
    for pid in filter(alive, pids):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    while any(alive(pid) for pid in pids):
        time.sleep(0.02)


def alive(pid: int) -> bool:
    """Tell whether the process runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (OSError, IndexError):
        return False


def _belongs(process: Path, marks: set[bytes], folder: Path) -> bool:
    with suppress(OSError):
        if marks <= set((process / "environ").read_bytes().split(b"\0")):
            return True
        if (process / "comm").read_text().strip() in MUTE:
            cwd = (process / "cwd").readlink()
            return folder == cwd or folder in cwd.parents
    return False
