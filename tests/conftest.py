"""What holds for every test: where the stores are, which settings count, and what may be skipped."""

import fcntl
import itertools
import os
from collections.abc import Generator
from pathlib import Path

import pytest
import structlog
from django.conf import settings
from django.db import connection
from pytest_django import DjangoDbBlocker

from kit import origin
from scripts.stacks import places
from scripts.teststores import stores

TESTS = Path(__file__).parent
SKIPS = ("this machine has no nginx",)
"""How the reasons begin of those skips that are expected somewhere; any other skip fails."""


def pytest_configure(config: pytest.Config) -> None:
    folders = {_folder(Path(argument.partition("::")[0])) for argument in config.args}
    # Workers of xdist inherit what their controller found; tests/stack brings up a stack of its own.
    if not hasattr(config, "workerinput") and folders != {"stack"}:
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        if folders - {"unit", "stack"}:
            os.environ.update(stores(), TEST_DATABASE=_free_database(config))
    if os.environ.get("DJANGO_SETTINGS_MODULE"):
        # Loaded here, pytest-django finds them and sets Django up.
        assert settings.DATABASES


def pytest_sessionstart(session: pytest.Session) -> None:
    if {_folder(Path(argument.partition("::")[0])) for argument in session.config.args} & {"integration", "all"}:
        # By name: it needs Django, which is set up by now.
        session.config.pluginmanager.import_plugin("tests.provoked")


def _folder(path: Path) -> str:
    below = path.resolve()
    return below.relative_to(TESTS).parts[0] if below != TESTS and below.is_relative_to(TESTS) else "all"


def _free_database(config: pytest.Config) -> str:
    """Return a name that no other run in this checkout uses, as long as this run lasts."""
    for number in itertools.count():
        lock = (places.state_of("test") / f"run-{number}.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
        else:
            config.add_cleanup(lock.close)
            return f"test_slipway_{number}"
    raise AssertionError


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:  # noqa: ARG001  # it goes first
    """Let Django empty the tables after tests that commit: it does so by TRUNCATE, which the audit log refuses."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for table in ("audit_chain", "audit_entry"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_truncate")


def pytest_runtest_setup() -> None:
    # Requests of an earlier test ran in this very thread.
    structlog.contextvars.clear_contextvars()
    origin.begin(ip="")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return _refuse_unexpected_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return _refuse_unexpected_skip((yield))


def _refuse_unexpected_skip[Report: (pytest.TestReport, pytest.CollectReport)](report: Report) -> Report:
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = str(report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr)
        if not reason.removeprefix("Skipped: ").startswith(SKIPS):
            report.outcome = "failed"
            report.longrepr = f"Unexpected skip: {reason}"
    return report
