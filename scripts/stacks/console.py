"""How do the verbs speak? Short lines with seconds, and errors that say what to do."""

from __future__ import annotations

import functools
import sys
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from scripts.stacks.program import StackError


class Progress:
    """Tells each step with the seconds since the beginning."""

    def __init__(self) -> None:
        self.began = time.monotonic()

    def seconds(self) -> float:
        return time.monotonic() - self.began

    def tell(self, name: str, state: str = "healthy") -> None:
        """Print one step."""
        print(f"  {name:<10} {state:<10} {self.seconds():5.1f} s", flush=True)


def verb(main: Callable[[], None]) -> Callable[[], None]:
    """Turn what the reader can put right into a sentence and exit code 1."""

    @functools.wraps(main)
    def run() -> None:
        try:
            main()
        except StackError as error:
            sys.exit(f"\n{error}")
        except KeyboardInterrupt:
            sys.exit(130)

    return run


def last_lines(path: Path, count: int = 20) -> str:
    """Read the end of a log file."""
    if not path.exists():
        return "(no log)"
    with path.open(errors="replace") as lines:
        return "".join(deque(lines, count)).rstrip()


def follow(paths: dict[str, Path], *, count: int, forever: bool) -> None:
    """Print the end of each log, and then what is added, behind the name of its service."""
    files = {name: path.open(errors="replace") for name, path in paths.items() if path.exists()}
    for name, file in files.items():
        for line in deque(file, count):
            print(f"{name:<8} | {line}", end="")
    while forever:
        for name, file in files.items():
            for line in file:
                print(f"{name:<8} | {line}", end="", flush=True)
        time.sleep(0.2)
