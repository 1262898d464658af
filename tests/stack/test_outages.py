"""What a client notices when a part is away, and how soon all is well again. Each test puts back what it took."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

import httpx
import pytest

from scripts.stacks.console import Progress
from tests.stack.drivers import Driver
from tests.stack.patience import seconds_until
from tests.stack.problems import assert_problem

LIST = "/api/v1/organizations"


@contextmanager
def without(stack: Driver, service: str) -> Iterator[None]:
    stack.stop(service)
    try:
        yield
    finally:
        stack.start(service)
        stack.up(Progress())


def is_ready(stack: Driver) -> bool:
    return httpx.get(f"{stack.url}/readyz", timeout=3).status_code == 200


class Load:
    """Clients that list organizations without a pause, and remember when they were answered what."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        self.answers: list[tuple[float, int]] = []
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self._run) for _ in range(4)]

    def _run(self) -> None:
        while not self.over.is_set():
            status = self.client.get(LIST).status_code
            self.answers.append((time.monotonic(), status))

    def __enter__(self) -> Self:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join()


def test_postgresql_restarts_under_load_and_two_seconds_later_nothing_fails(stack: Driver, alice: httpx.Client) -> None:
    with Load(alice) as load:
        time.sleep(1)
        stack.restart("postgres")
        seconds_until(lambda: stack.query("SELECT 1") == "1", at_most=10)
        back = time.monotonic()
        time.sleep(5)
    late = [status for at, status in load.answers if at > back + 2]
    assert set(late) == {200}
    assert len(late) > 50
    assert {status for _, status in load.answers} <= {200, 503}


def test_while_postgresql_is_down_clients_hear_when_to_try_again(stack: Driver, alice: httpx.Client) -> None:
    with without(stack, "postgres"):
        answer = alice.get(LIST)
        assert_problem(answer, 503, "unavailable", stack)
        assert answer.elapsed.total_seconds() < 3
        assert alice.get("/livez").status_code == 200
        readiness = alice.get("/readyz")
        assert_problem(readiness, 503, "unavailable", stack)
        assert readiness.elapsed.total_seconds() < 2
        assert "postgres" in {error["field"] for error in readiness.json()["errors"]}
    seconds_until(lambda: is_ready(stack), at_most=5)


def test_while_redis_is_down_people_sign_in_and_read(stack: Driver, alice: httpx.Client) -> None:
    with without(stack, "redis"):
        credentials = {"email": "bob@slipway.test", "password": "sail-away-demo"}
        signed_in = alice.post("/api/v1/sessions", json=credentials)
        assert signed_in.status_code == 201
        assert signed_in.elapsed.total_seconds() < 3
        assert alice.get(LIST).status_code == 200
        assert_problem(alice.get("/readyz"), 503, "unavailable", stack)
    seconds_until(lambda: is_ready(stack), at_most=5)


def test_while_the_backend_is_down_nginx_answers_in_our_shape(stack: Driver, alice: httpx.Client) -> None:
    if not stack.has_nginx:
        pytest.skip("this machine has no nginx to answer in the backend's place")
    with without(stack, "backend"):
        answer = alice.get(f"{LIST}?limit=1")
        # For a second nginx may still know the address of a container that is gone, and wait there in vain.
        assert_problem(
            answer, *((504, "gateway_timeout") if answer.status_code == 504 else (502, "bad_gateway")), stack
        )
        assert answer.json()["instance"] == LIST
    seconds_until(lambda: is_ready(stack), at_most=5)


def test_a_killed_backend_is_back_after_make_up(stack: Driver) -> None:
    stack.kill("backend")
    assert stack.make("up").returncode == 0
    assert is_ready(stack)
