"""Unit tests reach neither a socket nor the database, whatever they ask for."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent
DATABASE = {"db", "transactional_db", "live_server", "django_db_setup"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        asks = item.get_closest_marker("django_db") or DATABASE & set(getattr(item, "fixturenames", ()))
        if asks and item.path.is_relative_to(HERE):
            raise pytest.UsageError(f"{item.nodeid} asks for the database: it belongs in tests/integration.")


@pytest.fixture(autouse=True)
def _no_sockets(socket_disabled: None) -> None:
    """Refuse every socket; pytest-django refuses the database to all that do not ask for it."""
