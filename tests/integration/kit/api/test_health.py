import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from kit.api import health
from tests.clients import assert_refused
from tests.outages import without_postgres, without_redis


def test_what_serves_is_ready_and_names_each_part() -> None:
    response = Client().get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "checks": {"postgres": "ok", "redis": "ok", "migrations": "ok"}}


def test_without_redis_it_is_not_ready_and_says_so() -> None:
    with without_redis():
        response = Client().get("/readyz")
    assert_refused(response, 503, "unavailable", fields=["redis"])
    assert response["Retry-After"] == "2"


def test_without_postgres_it_is_not_ready_and_says_so() -> None:
    response = without_postgres(lambda: Client().get("/readyz"))
    assert_refused(response, 503, "unavailable")
    assert response.json()["errors"][0]["field"] == "postgres"
    assert response["Retry-After"] == "2"


def test_while_a_migration_is_pending_it_is_not_ready_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_migrated", False)
    (latest,) = MigrationLoader(connection).graph.leaf_nodes("organizations")
    MigrationRecorder(connection).record_unapplied(*latest)
    assert_refused(Client().get("/readyz"), 503, "unavailable", fields=["migrations"])
    MigrationRecorder(connection).record_applied(*latest)
    assert Client().get("/readyz").status_code == 200


def test_it_is_alive_whatever_is_away() -> None:
    with without_redis():
        response = without_postgres(lambda: Client().get("/livez"))
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_what_is_down_is_told_without_a_password() -> None:
    response = without_postgres(lambda: Client().get("/readyz"))
    assert str(connection.settings_dict["PASSWORD"]) not in response.content.decode()
