"""Runs a uv that works, with the words given."""

from __future__ import annotations

import os
import sys

from scripts.stacks import console, uv


@console.verb
def main() -> None:
    found = uv.find()
    os.environ["UV_PYTHON"] = uv.python_for(found)
    os.execv(found, ["uv", *sys.argv[1:]])


if __name__ == "__main__":
    main()
