"""Work that is sent to the worker is done."""

import httpx

from tests.stack.drivers import Driver
from tests.stack.patience import seconds_until

SEND = "from apps.users.tasks import delete_expired_sessions; delete_expired_sessions.delay()"


def test_the_worker_deletes_a_session_that_has_expired(stack: Driver, client: httpx.Client) -> None:
    credentials = {"email": "charlie@slipway.test", "password": "sail-away-demo"}
    session = client.post("/api/v1/sessions", json=credentials).json()["session"]["id"]
    one = f"FROM users_session WHERE id = '{session}'"
    stack.query(f"UPDATE users_session SET expires_at = created_at WHERE id = '{session}'")
    assert stack.query(f"SELECT count(*) {one}") == "1"
    assert stack.manage("shell", "-c", SEND, quiet=True) == 0
    seconds_until(lambda: stack.query(f"SELECT count(*) {one}") == "0", at_most=10)
