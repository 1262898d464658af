"""Wipes the data of the stack, then brings it up with a fresh demo cast."""

from __future__ import annotations

from scripts.stacks import choose, console
from scripts.up import bring_up


@console.verb
def main() -> None:
    stack = choose.stack()
    stack.down(wipe=True)
    bring_up(stack)


if __name__ == "__main__":
    main()
