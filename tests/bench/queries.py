"""How many statements does a request of each kind take? Prints them as JSON, asked within the process itself."""

import functools
import json
import os
import secrets
from collections.abc import Callable
from typing import Any

import django
from django.test.utils import CaptureQueriesContext

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()

from django.db import connection  # noqa: E402  # it reads the settings
from django.test import Client  # noqa: E402  # so here


def main() -> None:
    fresh = functools.partial(secrets.token_hex, 16)
    asked = json.loads(os.environ["ASKED"])
    client = Client(headers={"authorization": asked["ours"], "host": "127.0.0.1"})
    kinds: dict[str, Callable[[], Any]] = {  # Any: the stubs give the answer of a test a type of its own
        "list": lambda: client.get(asked["members"]),
        "detail": lambda: client.get(f"{asked['members']}/{asked['member']}"),
        "create": lambda: client.post(
            "/api/v1/organizations",
            {"name": "Bench"},
            "application/json",
            headers={"idempotency-key": fresh()},
        ),
    }
    found = {}
    for kind, ask in kinds.items():
        with CaptureQueriesContext(connection) as queries:
            response = ask()
        assert response.status_code in {200, 201}, response.content
        found[kind] = len(queries)
    print(json.dumps(found))  # noqa: T201  # its answer


if __name__ == "__main__":
    main()
