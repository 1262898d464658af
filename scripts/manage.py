"""Runs a command of manage.py inside the stack: python3 -m scripts.manage seed --volume 1000."""

from __future__ import annotations

import sys

from scripts.stacks import choose, console


@console.verb
def main() -> None:
    sys.exit(choose.stack().manage(*sys.argv[1:]))


if __name__ == "__main__":
    main()
