"""Does every service that writes leave a trace in the audit log? Asked of each call of each integration test."""

import functools
import importlib
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection

WATCHED = ("apps.organizations.services", "apps.users.services")
UNRECORDED = {
    "apps.users.services.note_sighting": "when a session was used last is no deed, and would be a row in five minutes",
    "apps.users.services.delete_expired_sessions": "what ended by itself is tidied away; its beginning is in the log",
    "apps.organizations.services.api_keys.note_use": "when a key was used last is no deed either",
    "apps.organizations.services.api_keys.delete_expired_api_keys": "what ended by itself is tidied away",
    "apps.organizations.services.invitations.delete_expired_invitations": "what ended by itself is tidied away",
}
"""The services that write without recording it, and why."""

WRITES = {"INSERT", "UPDATE", "DELETE", "WITH"}


@contextmanager
def followed() -> Iterator[None]:
    """Fail whoever calls a service that writes something and does not record it."""
    with pytest.MonkeyPatch.context() as patch:
        for name in WATCHED:
            module = importlib.import_module(name)
            for function, service in inspect.getmembers(module, inspect.isfunction):
                # Where the room is a folder, its callers take the functions from the package.
                path, is_own = f"{service.__module__}.{function}", f"{service.__module__}.".startswith(f"{name}.")
                if is_own and not function.startswith("_") and path not in UNRECORDED:
                    patch.setattr(module, function, followed_service(service, path))
        yield


# Any, below: a service takes and returns what it likes.
def followed_service(service: Callable[..., Any], path: str) -> Callable[..., Any]:
    @functools.wraps(service)
    def call(**given: Any) -> Any:
        written: list[str] = []

        def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
            if str(sql).split(maxsplit=1)[0] in WRITES:
                written.append(str(sql))
            return execute(sql, *rest)

        with connection.execute_wrapper(note):
            answer = service(**given)
        assert not written or any("INSERT INTO audit_entry" in sql for sql in written), (
            f"{path} wrote and did not record it: {written}"
        )
        return answer

    return call
