"""A store goes away: nothing listens where it is looked for."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import override_settings


def closed_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def without_redis() -> Iterator[None]:
    gone = {**settings.CACHES["default"], "LOCATION": f"redis://127.0.0.1:{closed_port()}/1"}
    with override_settings(CACHES={"default": gone}):
        yield


def without_postgres[Answer](ask: Callable[[], Answer]) -> Answer:
    """Return what `ask` answers in a thread whose connection to the database cannot be made."""
    answers: list[Answer] = []

    def run() -> None:
        try:
            answers.append(ask())
        finally:
            connection.close()

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(connections.settings["default"], "PORT", closed_port())
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
    return answers[0]
