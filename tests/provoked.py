"""Does the API document tell the truth about errors? What integration tests provoke is what it says, no more, no less.

Every (operation, code) that a test sees has to be declared; and at the end of a whole run every declared one was seen.
"""

import os
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import orjson
import pytest
from django.http import HttpRequest, HttpResponse

from tests.architecture import api

type Seen = tuple[str, str]

# Only an outage or a mistake of ours gives these: tests of the kit and of the stack provoke them once, for all alike.
OUTAGES = {"bad_gateway", "gateway_timeout", "internal_error", "unavailable"}

TESTS = Path(__file__).parent

seen: set[Seen] = set()
found: list[str] = []


class Recorder:
    """Middleware that notes each error of an operation."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_problem = response.get("Content-Type") == "application/problem+json"
        if is_problem and os.environ.get("PYTEST_CURRENT_TEST", "").startswith("tests/integration/"):
            operation = _operation_at(request.path, str(request.method).lower())
            code = orjson.loads(response.content)["code"]
            if operation and code != "method_not_allowed":
                seen.add((operation, code))
        return response


@cache
def _templates() -> list[tuple[re.Pattern[str], str, str]]:
    # Those without a parameter first: `/sessions/current` is no session's id.
    ordered = sorted(api.operations(), key=lambda operation: operation.path.count("{"))
    return [
        (re.compile(re.sub(r"\{\w+\}", "[^/]+", operation.path)), operation.method, operation.id)
        for operation in ordered
    ]


def _operation_at(path: str, method: str) -> str:
    at_address = [(told, name) for address, told, name in _templates() if address.fullmatch(path)]
    return next((name for told, name in at_address if told == method), "")


def declared() -> set[Seen]:
    return {(operation.id, code) for operation in api.operations() for code in operation.codes}


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["provoked"] = sorted(seen)
    elif seen and session.exitstatus == 0:
        found.extend(faults(seen, declared(), is_whole=_is_whole(session.config)))
        if found:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    for operation, code in getattr(node, "workeroutput", {}).get("provoked", ()):
        seen.add((operation, code))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for fault in found:
        terminalreporter.write_line(f"FAILED the API document: {fault}", red=True)


def _is_whole(config: pytest.Config) -> bool:
    """Tell whether all integration tests ran, and no part of them was chosen."""
    wholes = {TESTS, TESTS / "integration"}
    is_chosen = config.option.keyword or config.option.markexpr or config.option.lf
    return not is_chosen and bool(wholes & {Path(argument).resolve() for argument in config.args})


def faults(provoked: set[Seen], told: set[Seen], *, is_whole: bool) -> list[str]:
    """Return how the document differs from what was provoked, a sentence each."""
    untold = [f"{operation} answered {code}, which it does not declare" for operation, code in sorted(provoked - told)]
    missing = sorted(each for each in told - provoked if each[1] not in OUTAGES) if is_whole else []
    return untold + [f"{operation} declares {code}, which no integration test provokes" for operation, code in missing]
