from collections.abc import Iterator
from typing import cast

import pytest
from django.db import connection

from kit.postgresql.base import DatabaseWrapper


@pytest.fixture
def second() -> Iterator[DatabaseWrapper]:
    """Open a connection beside the test's own, which it may lose."""
    second = cast("DatabaseWrapper", connection.copy("second"))
    second.connect()
    yield second
    second.close()


def process_of(wrapper: DatabaseWrapper) -> int:
    return int(wrapper.connection.info.backend_pid)


def test_a_quiet_connection_is_usable_without_a_question(
    second: DatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(second.connection, "cursor", None)
    assert second.is_usable()


def test_a_connection_that_postgresql_ended_is_not_usable(second: DatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        # Waits until it is gone.
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [process_of(second)])
    assert not second.is_usable()


def test_a_connection_with_other_news_is_usable(second: DatabaseWrapper) -> None:
    with second.cursor() as cursor, connection.cursor() as other:
        cursor.execute("LISTEN news")
        other.execute("SELECT pg_reload_conf()")
    assert second.is_usable()


def test_a_closed_connection_is_not_usable(second: DatabaseWrapper) -> None:
    second.connection.close()
    assert not second.is_usable()
    second.close()
    assert not second.is_usable()


def test_a_kept_connection_that_ended_is_replaced_before_the_next_query(second: DatabaseWrapper) -> None:
    first = process_of(second)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [first])
    second.close_if_unusable_or_obsolete()  # as when a request begins
    with second.preparing_cursor() as cursor:
        cursor.execute("SELECT %s::int", [7])
        assert cursor.fetchone() == (7,)
    assert process_of(second) != first


def test_a_statement_is_prepared_once_it_was_asked_often(second: DatabaseWrapper) -> None:
    for number in range(7):
        with second.preparing_cursor() as cursor:
            cursor.execute("SELECT %s::int + 1", [number])
    with second.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s", ["SELECT $1::int + 1"])
        assert cursor.fetchone() == (1,)
