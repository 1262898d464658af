"""Everything lies where one looks for it: apps have known rooms, and tests mirror their sources."""

from pathlib import Path

import pytest
from django.conf import settings

from tests.architecture.sources import APPS, BACKEND, ROOT, SKIPPED

TESTS = ROOT / "tests"
ROOMS = {
    "admin", "apps", "authentication", "errors", "flows", "handlers", "management", "migrations", "models", "rules",
    "selectors", "serializers", "services", "tasks", "urls", "views", "__init__", "__pycache__",
}  # fmt: skip
FLOORS = {"apps", "clients", "config", "kit"}
PARTS = {"architecture", "bench", "factories", "fakes", "integration", "stack", "unit"}


@pytest.mark.parametrize("app", APPS)
def test_an_app_has_only_the_rooms_that_all_apps_have(app: str) -> None:
    assert {entry.stem for entry in (BACKEND / "apps" / app).iterdir()} <= ROOMS


def test_every_folder_of_apps_is_an_installed_app() -> None:
    folders = {entry.name for entry in (BACKEND / "apps").iterdir() if entry.is_dir()} - {"__pycache__"}
    assert {f"apps.{folder}" for folder in folders} == {app for app in settings.INSTALLED_APPS if "apps." in app}


def test_the_backend_has_its_floors_and_nothing_beside() -> None:
    packages = {folder.name for folder in BACKEND.iterdir() if any(folder.glob("*.py"))}
    assert packages - SKIPPED <= FLOORS


def test_tests_have_their_parts_and_nothing_beside() -> None:
    assert {folder.name for folder in TESTS.iterdir() if folder.is_dir()} - SKIPPED <= PARTS


def source_of(test: Path) -> Path:
    """Return the module that the file of tests mirrors: below backend/apps, backend, or the root."""
    below = test.relative_to(TESTS).parts[1:]
    start = BACKEND / "apps" if below[0] in APPS else BACKEND if (BACKEND / below[0]).is_dir() else ROOT
    if len(below) == 1:
        start = BACKEND
    return start.joinpath(*below[:-1], below[-1].removeprefix("test_"))


MIRRORS = [path for kind in ("unit", "integration") for path in sorted((TESTS / kind).rglob("test_*.py"))]


@pytest.mark.parametrize("test", MIRRORS, ids=lambda path: str(path.relative_to(TESTS)))
def test_a_file_of_tests_mirrors_a_source(test: Path) -> None:
    source = source_of(test)
    assert source.is_file() or (source.with_suffix("") / "__init__.py").is_file()


def test_files_beside_the_mirrors_are_no_tests() -> None:
    kinds = (path for kind in ("unit", "integration") for path in (TESTS / kind).rglob("*.py"))
    assert {path.name for path in kinds if not path.name.startswith("test_")} <= {"__init__.py", "conftest.py"}


def test_a_test_without_a_source_is_found() -> None:
    assert not source_of(TESTS / "unit" / "users" / "test_nothing.py").exists()
    assert source_of(TESTS / "unit" / "users" / "test_rules.py").exists()


def test_factories_are_named_like_their_apps() -> None:
    assert {path.stem for path in (TESTS / "factories").glob("*.py")} - {"__init__"} <= set(APPS)


def test_there_are_no_fixture_files() -> None:
    fixtures = [
        path for folder in (BACKEND / "apps", TESTS) for path in folder.rglob("*") if path.parent.name == "fixtures"
    ]
    assert fixtures == []
