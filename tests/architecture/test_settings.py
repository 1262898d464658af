"""The settings that the platform relies on."""

import importlib
from typing import Any

import pytest
from django.conf import settings
from django.db import connections

from config.settings import env

# Any: settings are of every type.
PROMISED: dict[str, Any] = {
    "USE_TZ": True,
    "TIME_ZONE": "UTC",
    "CELERY_TIMEZONE": "UTC",
    "DEBUG": False,
    "AUTH_USER_MODEL": "users.User",
    "PASSWORD_HASHERS": ["django.contrib.auth.hashers.Argon2PasswordHasher"],
    "CELERY_TASK_ACKS_LATE": True,
    "CELERY_TASK_REJECT_ON_WORKER_LOST": True,
}
THEMES = ("api", "auth", "celery", "django", "logging", "stores")
SECRETS = dict.fromkeys(("SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD"), "a secret of their own")


# Any: a setting's value.
def written(name: str) -> Any:
    """Return a setting as the platform has it, before a test may change it."""
    values = [vars(importlib.import_module(f"config.settings.{theme}")).get(name) for theme in THEMES]
    return next((value for value in values if value is not None), None)


@pytest.mark.parametrize("name", PROMISED)
def test_a_setting_is_as_promised(name: str) -> None:
    assert written(name) == PROMISED[name]


def test_no_database_is_anything_but_postgresql() -> None:
    engines = {
        database["ENGINE"] for found in (written("DATABASES"), settings.DATABASES) for database in found.values()
    }
    assert engines == {"kit.postgresql"}
    assert {each.vendor for each in connections.all()} == {"postgresql"}


def test_no_request_is_one_transaction() -> None:
    assert not any(database.get("ATOMIC_REQUESTS") for database in written("DATABASES").values())


@pytest.mark.parametrize("place", ["staging", "production"])
@pytest.mark.parametrize("forgotten", SECRETS)
def test_nowhere_but_locally_is_there_a_default_secret(place: str, forgotten: str) -> None:
    given = {name: value for name, value in SECRETS.items() if name != forgotten}
    with pytest.raises(env.Misconfigured, match=forgotten):
        env.read({"DEPLOY_ENV": place, **given})


@pytest.mark.parametrize("place", ["staging", "production"])
def test_with_secrets_of_their_own_they_start(place: str) -> None:
    assert env.read({"DEPLOY_ENV": place, **SECRETS}).deploy_env == place
