"""Stops the stack; its data stays."""

from __future__ import annotations

from scripts.stacks import choose, console


@console.verb
def main() -> None:
    stack = choose.stack()
    progress = console.Progress()
    stack.down()
    print(f"Slipway, stack {stack.name} ({stack.mode}): down in {progress.seconds():.1f} s, the data stays.")


if __name__ == "__main__":
    main()
