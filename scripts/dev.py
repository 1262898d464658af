"""Brings the stack up so that web and worker reload when the code changes."""

from __future__ import annotations

from scripts.stacks import choose, console
from scripts.up import bring_up


@console.verb
def main() -> None:
    bring_up(choose.stack(), reload=True)


if __name__ == "__main__":
    main()
