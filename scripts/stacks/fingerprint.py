"""Has the code changed? One digest over the content of files."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

NOT_CODE = {
    ".venv",
    "__pycache__",
    "staticfiles",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".import_linter_cache",
}


def of(files: Iterable[Path]) -> str:
    """Digest the names and the content of the files."""
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(f"{file}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def files_below(folder: Path) -> Iterator[Path]:
    """List the files of a folder that are code or configuration."""
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in NOT_CODE]
        yield from (Path(parent, name) for name in names if not name.endswith(".pyc"))
