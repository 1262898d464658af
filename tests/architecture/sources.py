"""What is written where? Every source file of the house, parsed once."""

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
BACKEND = ROOT / "backend"
APPS = sorted(folder.name for folder in (BACKEND / "apps").iterdir() if (folder / "__init__.py").exists())
PACKAGES = sorted(folder.name for folder in BACKEND.iterdir() if (folder / "__init__.py").exists())
SKIPPED = {".venv", "__pycache__", "staticfiles", "migrations"}

type Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """A file: its path from the root of the house, its text, and what Python makes of it."""

    path: str
    text: str

    @functools.cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @functools.cached_property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @property
    def app(self) -> str:
        """The app it belongs to, or an empty string."""
        return self._parts[2] if self.path.startswith("backend/apps/") else ""

    @property
    def room(self) -> str:
        """What kind of file it is within its app: `services` for apps/billing/services/seats.py too."""
        return self._parts[3].removesuffix(".py") if self.app and len(self._parts) > 3 else ""

    @property
    def _parts(self) -> list[str]:
        return self.path.split("/")

    def nodes[N: ast.AST](self, *kinds: type[N]) -> Iterator[N]:
        return (node for node in ast.walk(self.tree) if isinstance(node, kinds))

    def functions(self) -> Iterator[Function]:
        return self.nodes(ast.FunctionDef, ast.AsyncFunctionDef)

    def methods(self) -> Iterator[tuple[ast.ClassDef, Function]]:
        for owner in self.nodes(ast.ClassDef):
            for member in owner.body:
                if isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef):
                    yield owner, member

    def at(self, node: ast.stmt | ast.expr) -> str:
        return f"{self.path}:{node.lineno}"


@functools.cache
def sources(*folders: str) -> list[Source]:
    """Return the Python files below `folders` of the root, without migrations and what tools made."""
    paths = (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))
    found = (path for path in paths if not SKIPPED & set(path.relative_to(ROOT).parts))
    return [Source(str(path.relative_to(ROOT)), path.read_text()) for path in found]


def backend() -> list[Source]:
    return sources("backend")


def dotted(node: ast.expr) -> str:
    """Return `a.b.c` of such an expression; what is not a name shows as nothing."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def length(node: Function | ast.ClassDef) -> int:
    """Return the lines of a function without its decorators and its docstring."""
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    has_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return lines - ((first.end_lineno or 0) - first.lineno + 1 if has_docstring else 0)
