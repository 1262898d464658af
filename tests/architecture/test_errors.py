"""Every error has one shape, is in the catalogue, and is documented where it can happen."""

import re
from typing import Any, NamedTuple
from unittest.mock import Mock

import pytest
from django.db import InterfaceError, OperationalError
from rest_framework.test import APIClient

from apps.organizations import selectors
from apps.organizations.models import Membership
from kit import errors
from tests.architecture.api import operation, validator
from tests.cast import Cast, assemble
from tests.clients import bearing, client_of

REQUEST_ID = "one-shape-of-errors"
SESSIONS, ME, ACME = "/api/v1/sessions", "/api/v1/users/me", "/api/v1/organizations/{acme}"
GUESS = {"email": "alice@slipway.test", "password": "wrong"}
TEXT = "text/plain"
PROBLEM = {"$ref": "#/components/schemas/Problem"}


class Case(NamedTuple):
    """A request and what it is refused with. In a path, `{acme}` and `{alice}` stand for an id."""

    status: int
    code: str
    operation: str
    """Which has to document it; none where the address or the method has no operation."""
    method: str
    path: str
    who: str = ""
    # Any: keyword arguments of the client.
    sent: dict[str, Any] = {}

    def __str__(self) -> str:
        return f"{self.status} {self.code} {self.method} {self.path}"


CASES = [
    Case(400, "malformed_json", "sign_in", "POST", SESSIONS, sent={"data": "{", "content_type": "application/json"}),
    Case(400, "invalid", "sign_in", "POST", SESSIONS, sent={"data": {"email": "nobody"}}),
    Case(400, "invalid", "update_me", "PATCH", ME, "alice", {"data": {"is_staff": True}}),
    Case(400, "invalid_cursor", "list_sessions", "GET", SESSIONS, "alice", {"data": {"cursor": "made up"}}),
    Case(400, "bad_request", "read_me", "GET", ME, sent={"headers": {"host": "evil.example"}}),
    Case(401, "not_authenticated", "read_me", "GET", ME),
    Case(401, "not_authenticated", "list_organizations", "GET", "/api/v1/organizations", "sls_unknown"),
    Case(401, "invalid_credentials", "sign_in", "POST", SESSIONS, sent={"data": GUESS}),
    Case(403, "permission_denied", "update_organization", "PATCH", ACME, "bob", {"data": {"name": "Mine"}}),
    Case(400, "invalid", "list_audit_entries", "GET", ACME + "/audit", "alice", {"data": {"since": "now"}}),
    Case(403, "permission_denied", "list_audit_entries", "GET", ACME + "/audit", "bob"),
    Case(403, "permission_denied", "", "POST", "/admin/login/", sent={"data": "a=b", "content_type": TEXT}),
    Case(404, "not_found", "", "GET", "/nowhere"),
    Case(404, "not_found", "", "GET", "/api/v1/nowhere", "alice"),
    Case(404, "not_found", "read_organization", "GET", ACME, "charlie"),
    Case(405, "method_not_allowed", "", "DELETE", ME, "alice"),
    Case(406, "not_acceptable", "read_me", "GET", ME, "alice", {"headers": {"accept": "text/html"}}),
    Case(409, "last_owner_cannot_leave", "remove_member", "DELETE", ACME + "/members/{alice}", "alice"),
    Case(413, "payload_too_large", "sign_in", "POST", SESSIONS, sent={"data": {"email": "a" * 1024 * 1024}}),
    Case(415, "unsupported_media_type", "sign_in", "POST", SESSIONS, sent={"data": "a", "content_type": TEXT}),
]


@pytest.fixture
def cast(db: None) -> Cast:  # noqa: ARG001  # a fixture may need another's work alone
    return assemble()


def caller(cast: Cast, who: str) -> APIClient:
    client = client_of(getattr(cast, who)) if hasattr(cast, who) else bearing(who) if who else APIClient()
    client.raise_request_exception = False
    client.handler.enforce_csrf_checks = True
    return client


# Any, here and below: the stubs give each client's answer a type of its own.
def answer_to(case: Case, cast: Cast) -> Any:
    membership = Membership.objects.get(user=cast.alice)
    path = case.path.format(acme=cast.acme.id, alice=membership.id)
    headers = {"x-request-id": REQUEST_ID, **case.sent.get("headers", {})}
    send = getattr(caller(cast, case.who), case.method.lower())
    return send(path, **{**case.sent, "headers": headers})


def assert_problem(answer: Any, case: Case) -> None:
    """Check what is promised of every error, and that the document promises this one."""
    assert answer.status_code == case.status
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["code"], problem["status"]) == (case.code, case.status)
    assert list(validator(PROBLEM).iter_errors(problem)) == []
    assert problem["type"] == f"/api/errors#{case.code}"
    assert problem["instance"] == answer.wsgi_request.path
    assert problem["request_id"] == answer.headers["X-Request-Id"] == REQUEST_ID
    assert not case.operation or case.code in operation(case.operation).codes


@pytest.mark.parametrize("case", CASES, ids=str)
def test_an_error_has_the_one_shape(cast: Cast, case: Case) -> None:
    assert_problem(answer_to(case, cast), case)


def test_a_guess_too_many_is_a_429_that_says_how_long_to_wait(cast: Cast) -> None:
    guess = Case(429, "too_many_requests", "sign_in", "POST", SESSIONS, sent={"data": GUESS})
    answer = [answer_to(guess, cast) for _ in range(11)][-1]
    assert_problem(answer, guess)
    assert 0 < int(answer.headers["Retry-After"]) <= 60


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (RuntimeError("secret detail"), 500, "internal_error"),
        (OperationalError("secret detail"), 503, "unavailable"),
        (InterfaceError("secret detail"), 503, "unavailable"),
    ],
    ids=repr,
)
def test_a_fault_of_ours_has_the_one_shape_and_tells_nothing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, fault: Exception, status: int, code: str
) -> None:
    monkeypatch.setattr(selectors, "list_organizations", Mock(side_effect=fault))
    case = Case(status, code, "list_organizations", "GET", "/api/v1/organizations", "alice")
    answer = answer_to(case, cast)
    assert_problem(answer, case)
    assert "secret" not in answer.text
    assert answer.headers.get("Retry-After") == ("2" if status == 503 else None)


@pytest.mark.parametrize("headers", [{"x-request-id": "short"}, {"x-request-id": 'with"quotes"'}, {}])
def test_a_request_without_a_good_id_gets_one(headers: dict[str, str]) -> None:
    answer = APIClient().get("/api/v1/users/me", headers=headers)
    assert len(answer.json()["request_id"]) == 32
    assert answer.json()["request_id"] == answer.headers["X-Request-Id"]


def test_the_errors_of_the_framework_are_all_provoked() -> None:
    provoked = {case.status for case in CASES} | {429, 500, 503}
    assert provoked == {400, 401, 403, 404, 405, 406, 409, 413, 415, 429, 500, 503}


def test_every_error_has_its_place_in_the_catalogue() -> None:
    shown = set(re.findall(r'id="(\w+)"', APIClient().get("/api/errors").text))
    assert shown == {refusal.code for refusal in errors.catalogue()}
