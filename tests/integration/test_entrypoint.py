import os
import socket

import entrypoint
import pytest


@pytest.fixture
def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def with_(**changes: object) -> dict[str, str]:
    return {**os.environ, **{name: str(value) for name, value in changes.items()}}


def test_stores_that_answer_are_waited_for_no_longer() -> None:
    entrypoint.check_postgresql({**os.environ, "POSTGRES_DB": "postgres"})
    entrypoint.check_redis(os.environ)


def test_a_store_that_is_not_there_may_come(free_port: int) -> None:
    with pytest.raises(entrypoint.NotYet, match=rf"PostgreSQL does not answer at 127\.0\.0\.1:{free_port}"):
        entrypoint.check_postgresql(with_(POSTGRES_HOST="127.0.0.1", POSTGRES_PORT=free_port))
    with pytest.raises(entrypoint.NotYet, match=rf"Redis does not answer at 127\.0\.0\.1:{free_port}"):
        entrypoint.check_redis(with_(REDIS_HOST="127.0.0.1", REDIS_PORT=free_port))


def test_a_wrong_password_is_refused_at_once() -> None:
    with pytest.raises(entrypoint.Refused, match="password authentication failed"):
        entrypoint.check_postgresql(with_(POSTGRES_PASSWORD="wrong"))
    with pytest.raises(entrypoint.Refused, match="refuses the password"):
        entrypoint.check_redis(with_(REDIS_PASSWORD="wrong"))


def test_an_unknown_database_is_refused_at_once() -> None:
    with pytest.raises(entrypoint.Refused, match='database "nowhere" does not exist'):
        entrypoint.check_postgresql(with_(POSTGRES_DB="nowhere"))
