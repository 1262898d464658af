"""Opens psql on the database of the stack."""

from __future__ import annotations

import sys

from scripts.stacks import choose, console


@console.verb
def main() -> None:
    sys.exit(choose.stack().psql(*sys.argv[1:]))


if __name__ == "__main__":
    main()
