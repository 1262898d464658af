"""Integration tests have real stores; what they write to PostgreSQL is rolled back."""

from collections.abc import Iterator

import pytest

from tests.followed import followed


@pytest.fixture(autouse=True)
def _database(db: None) -> None:
    """Give every test of this folder the database, so that none has to ask."""


@pytest.fixture(autouse=True, scope="session")
def _followed() -> Iterator[None]:
    """Have every service that writes leave a trace in the audit log."""
    with followed():
        yield
