"""No service writes without a trace: its source says so, and the watch over every call of it bites."""

import ast
from collections.abc import Callable, Iterator

import pytest

from apps.users.services import note_sighting
from kit import clock, ids
from tests.architecture.sources import Function, Source, backend, dotted
from tests.followed import UNRECORDED, WATCHED, followed_service

WRITES = {"save", "create", "bulk_create", "update", "bulk_update", "delete", "get_or_create", "update_or_create"}
RECORDS = {"audit.record", "audit.forget"}
# The log itself; answers kept for a retry, which are no deeds; and seeds, which compose services, but for a crowd by
# COPY that nobody's deed made.
BESIDE = {"audit", "idempotency", "seeds"}


def decisions() -> list[Source]:
    return [source for source in backend() if source.room == "services" and source.app not in BESIDE]


def module_of(source: Source) -> str:
    return source.path.removeprefix("backend/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def untraced(source: Source) -> Iterator[str]:
    """Yield the public functions that write, themselves or through private ones of the file, and do not record."""
    functions = {node.name: node for node in source.tree.body if isinstance(node, ast.FunctionDef)}
    for name, function in functions.items():
        called = list(calls(function, functions, set()))
        writes = any(isinstance(call, ast.Attribute) and call.attr in WRITES for call in called)
        if writes and not name.startswith("_") and not any(dotted(call) in RECORDS for call in called):
            yield f"{module_of(source)}.{name}"


def calls(function: Function, functions: dict[str, ast.FunctionDef], seen: set[str]) -> Iterator[ast.expr]:
    seen.add(function.name)
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            yield node.func
            name = dotted(node.func)
            if name in functions and name not in seen:
                yield from calls(functions[name], functions, seen)


def test_every_service_that_writes_records_it_or_says_why_not() -> None:
    assert {name for source in decisions() for name in untraced(source)} == set(UNRECORDED)


def test_every_room_of_services_is_watched() -> None:
    rooms = {".".join(module_of(source).split(".")[:3]) for source in decisions()}
    assert rooms == set(WATCHED)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("def remove(*, x):\n    x.delete()", ["apps.x.services.remove"]),
        ("def remove(*, x):\n    _gone(x)\n\ndef _gone(x):\n    x.delete()", ["apps.x.services.remove"]),
        ("def remove(*, x):\n    x.delete()\n    _told(x)\n\ndef _told(x):\n    audit.record(target=x)", []),
        ("def read(*, x):\n    return x.get()", []),
    ],
)
def test_a_write_without_a_trace_is_found(text: str, found: list[str]) -> None:
    assert list(untraced(Source("backend/apps/x/services.py", text))) == found


@pytest.mark.django_db
def test_the_watch_over_every_call_bites() -> None:
    watched: Callable[..., None] = followed_service(note_sighting, "apps.users.services.note_sighting")
    with pytest.raises(AssertionError, match="wrote and did not record it"):
        watched(session_id=ids.new_id(), at=clock.now())
