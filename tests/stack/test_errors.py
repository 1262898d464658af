"""Every error has one shape, whoever answers, and its request id is in the logs."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import httpx
import pytest

from tests.stack.drivers import Driver
from tests.stack.problems import assert_logged, assert_problem

type Bearer = Callable[[str], dict[str, str]]
JSON = {"Content-Type": "application/json"}
SESSIONS, ME, ORGANIZATIONS = "/api/v1/sessions", "/api/v1/users/me", "/api/v1/organizations"


class Case(NamedTuple):
    status: int
    code: str
    method: str
    path: str
    # Any: keyword arguments of httpx.
    request: dict[str, Any] = {}
    who: str = ""


CASES = [
    Case(400, "malformed_json", "POST", SESSIONS, {"content": "{", "headers": JSON}),
    Case(400, "invalid", "POST", SESSIONS, {"json": {"email": "nobody"}}),
    Case(400, "bad_request", "GET", ME, {"headers": {"Host": "evil.example"}}),
    Case(401, "not_authenticated", "GET", ME),
    Case(404, "not_found", "GET", "/api/v1/nowhere?a=query"),
    Case(404, "not_found", "GET", "/nowhere"),
    Case(404, "not_found", "GET", f"{ORGANIZATIONS}/{uuid.UUID(int=7)}", who="alice"),
    Case(405, "method_not_allowed", "DELETE", ORGANIZATIONS, who="alice"),
    Case(406, "not_acceptable", "GET", ME, {"headers": {"Accept": "text/csv"}}, who="alice"),
    Case(413, "payload_too_large", "POST", SESSIONS, {"content": b" " * (1024 * 1024 + 1), "headers": JSON}),
    Case(414, "uri_too_long", "GET", f"/api/v1/{'a' * 9000}"),
    Case(415, "unsupported_media_type", "POST", SESSIONS, {"content": "a", "headers": {"Content-Type": "text/plain"}}),
]


def name_of(case: Case) -> str:
    return f"{case.status}-{case.code}-{case.path[:30]}"


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_a_refusal_has_our_shape(case: Case, door: httpx.Client, stack: Driver, bearer: Bearer) -> None:
    headers = {**(bearer(case.who) if case.who else {}), **case.request.get("headers", {})}
    answer = door.request(case.method, case.path, **{**case.request, "headers": headers})
    assert_problem(answer, case.status, case.code, stack)
    assert "?" not in answer.json()["instance"]


def acme(door: httpx.Client, bearer: Bearer) -> str:
    organizations = door.get(ORGANIZATIONS, headers=bearer("bob")).json()["data"]
    return f"{ORGANIZATIONS}/{organizations[0]['id']}"


def test_403_when_bob_renames_alices_organization(door: httpx.Client, stack: Driver, bearer: Bearer) -> None:
    answer = door.patch(acme(door, bearer), json={"name": "Bob's"}, headers=bearer("bob"))
    assert_problem(answer, 403, "permission_denied", stack)


def test_409_when_the_last_owner_leaves(door: httpx.Client, stack: Driver, bearer: Bearer) -> None:
    members = f"{acme(door, bearer)}/members"
    rows = door.get(members, headers=bearer("alice")).json()["data"]
    owner = next(row["id"] for row in rows if row["role"] == "owner")
    answer = door.delete(f"{members}/{owner}", headers=bearer("alice"))
    assert_problem(answer, 409, "last_owner_cannot_leave", stack)


def test_429_when_a_password_is_guessed_too_often(door: httpx.Client, stack: Driver) -> None:
    guess = {"email": f"{uuid.uuid4().hex}@slipway.test", "password": "wrong"}
    answers = [door.post(SESSIONS, json=guess) for _ in range(11)]
    assert_problem(answers[-1], 429, "too_many_requests", stack)
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 60


@contextmanager
def renamed(stack: Driver, table: str) -> Iterator[None]:
    stack.query(f"ALTER TABLE {table} RENAME TO {table}_hidden")
    try:
        yield
    finally:
        stack.query(f"ALTER TABLE {table}_hidden RENAME TO {table}")


def test_500_when_a_table_is_missing_and_nothing_of_it_leaks(door: httpx.Client, stack: Driver, bearer: Bearer) -> None:
    headers = bearer("alice")
    with renamed(stack, "organizations_organization"):
        answer = door.get(ORGANIZATIONS, headers=headers)
    assert_problem(answer, 500, "internal_error", stack)
    assert "organizations_organization" not in answer.text
    assert door.get(ORGANIZATIONS, headers=headers).status_code == 200


def test_a_good_request_id_is_kept_and_a_bad_one_replaced(door: httpx.Client, stack: Driver) -> None:
    good = uuid.uuid4().hex
    assert door.get("/api/v1/users/me", headers={"X-Request-Id": good}).headers["X-Request-Id"] == good
    assert_logged(good, stack)
    for bad in ("short", "a" * 65, "with space", 'quote"d-quote', "semi;colon"):
        answer = door.get("/api/v1/users/me", headers={"X-Request-Id": bad})
        assert answer.headers["X-Request-Id"] != bad
        assert answer.headers["X-Request-Id"] == answer.json()["request_id"]


def test_the_name_of_the_inside_is_refused_outside(client: httpx.Client, stack: Driver) -> None:
    if not stack.has_nginx:
        pytest.skip("this machine has no nginx, and only nginx tells inside from outside")
    assert_problem(client.get("/livez", headers={"Host": "backend"}), 400, "bad_request", stack)
