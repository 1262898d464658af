"""Work that is sent to the worker is done."""

import httpx

from tests.stack.drivers import Driver
from tests.stack.patience import seconds_until

SEND = "from apps.users.tasks import delete_expired_sessions; delete_expired_sessions.delay()"


def test_the_worker_deletes_a_session_that_has_expired(stack: Driver, client: httpx.Client) -> None:
    credentials = {"email": "charlie@slipway.test", "password": "sail-away-demo"}
    session = client.post("/api/v1/sessions", json=credentials).json()["session"]["id"]
    expired = f"UPDATE users_session SET expires_at = created_at WHERE id = '{session}' RETURNING id"  # noqa: S608  # an id that the API gave
    assert stack.query(expired) == session
    assert stack.manage("shell", "-c", SEND, quiet=True) == 0
    left = "SELECT count(*) FROM users_session WHERE expires_at = created_at"
    seconds_until(lambda: stack.query(left) == "0", at_most=10)
