"""Integration tests have real stores; what they write to PostgreSQL is rolled back."""

import pytest


@pytest.fixture(autouse=True)
def _database(db: None) -> None:
    """Give every test of this folder the database, so that none has to ask."""
