"""How large is everything? `python -m tests.architecture.sizes` prints the report that the test asserts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tests.architecture.source_rules import view_methods
from tests.architecture.sources import ROOT, Function, Source, length, sources

CODE = ("backend", "scripts", "services")

# The most lines that a file of another kind may have, by pattern from the root of the house.
FILES = {
    "compose*.yaml": 200,
    "Makefile": 80,
    "**/Dockerfile": 60,
    "nginx/*.conf": 120,
    "nginx/templates/*": 120,
    "scripts/*.py": 80,
    ".ci/*": 80,
}
ROOMS_OF_300 = {"services", "selectors", "views"}


@dataclass(frozen=True)
class Limit:
    """What is usual, what is rare, and what there never is. None where only the most is bounded."""

    median: int | None
    p95: int | None
    most: int


@dataclass(frozen=True)
class Measured:
    thing: str
    sizes: dict[str, int]
    limit: Limit

    @property
    def breaches(self) -> list[str]:
        largest = [
            f"{where} has {size}, at most {self.limit.most}"
            for where, size in self.sizes.items()
            if size > self.limit.most
        ]
        usual = [
            f"{self.thing}: {name} is {self.at(share)}, at most {bound}"
            for name, share, bound in (("the median", 0.5, self.limit.median), ("p95", 0.95, self.limit.p95))
            if bound is not None and self.at(share) > bound
        ]
        return largest + usual

    def at(self, share: float) -> int:
        """Return the size that this share of all does not exceed."""
        ordered = sorted(self.sizes.values())
        return ordered[round(share * (len(ordered) - 1))] if ordered else 0

    def __str__(self) -> str:
        where, most = max(self.sizes.items(), key=lambda item: item[1], default=("", 0))
        return f"{self.thing:28} {len(self.sizes):5} {self.at(0.5):7} {self.at(0.95):5} {most:5}  {where}"


def measure() -> list[Measured]:
    code, tests = sources(*CODE), sources("tests")
    functions = {at: node for source in code for at, node in _functions(source)}
    rooms = [source for source in code if source.room in ROOMS_OF_300]
    bodies = {at: length(f) - 1 for source in tests for at, f in _functions(source) if f.name.startswith("test_")}
    return [
        Measured("lines of a source file", _lines(code), Limit(80, 250, 400)),
        Measured("lines of a room of decisions", _lines(rooms), Limit(None, None, 300)),
        Measured("lines of a file of tests", _lines(tests), Limit(None, None, 400)),
        Measured("lines of a function", {at: length(node) for at, node in functions.items()}, Limit(8, 30, 60)),
        Measured("arguments", {at: _arguments(node) for at, node in functions.items()}, Limit(3, 5, 6)),
        Measured("lines of a view method", _doors(code, "views"), Limit(None, None, 15)),
        Measured("lines of a task or handler", _doors(code, "tasks", "handlers"), Limit(None, None, 12)),
        Measured("lines of a test", bodies, Limit(10, 30, 60)),
        *(Measured(pattern, _lines_of_files(pattern), Limit(None, None, most)) for pattern, most in FILES.items()),
    ]


def _lines(files: Iterable[Source]) -> dict[str, int]:
    return {source.path: len(source.lines) for source in files}


def _lines_of_files(pattern: str) -> dict[str, int]:
    files = (path for path in ROOT.glob(pattern) if path.is_file() and ".venv" not in path.parts)
    return {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in files}


def _functions(source: Source) -> Iterator[tuple[str, Function]]:
    return ((f"{source.at(node)} {node.name}", node) for node in source.functions())


def _doors(code: list[Source], *rooms: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for source in (source for source in code if source.room in rooms):
        doors = set(view_methods(source)) if source.room == "views" else set(source.functions())
        found |= {at: length(node) for at, node in _functions(source) if node in doors}
    return found


def _arguments(node: Function) -> int:
    arguments = node.args
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return sum(argument.arg not in {"self", "cls"} for argument in named)


if __name__ == "__main__":
    print(f"{'':28} count  median   p95  most")  # noqa: T201  # the report is what it is for
    for measured in measure():
        print(measured)  # noqa: T201  # so here
