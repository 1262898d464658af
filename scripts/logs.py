"""Prints the logs, and on a terminal goes on as they grow: make logs SERVICE=worker."""

from __future__ import annotations

import sys

from scripts.stacks import choose, console


@console.verb
def main() -> None:
    choose.stack().logs(choose.words("SERVICE"), count=50, follow=sys.stdout.isatty())


if __name__ == "__main__":
    main()
