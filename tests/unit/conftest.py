"""Unit tests reach neither a socket nor the database, whatever they are marked with."""

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(__file__.removesuffix("/conftest.py")) and item.get_closest_marker("django_db"):
            raise pytest.UsageError(f"{item.nodeid} asks for the database: it belongs in tests/integration.")


@pytest.fixture(autouse=True)
def _no_sockets(socket_disabled: None) -> None:
    """Refuse every socket; pytest-django refuses the database to all that are not marked."""
