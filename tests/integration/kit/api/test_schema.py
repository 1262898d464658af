import re
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import settings
from django.test import override_settings
from rest_framework.test import APIClient

from apps.organizations import rules
from apps.organizations.models import Membership, Organization
from apps.users.rules import new_token
from kit import clock, errors, ids
from tests.architecture.api import operations
from tests.cast import assemble
from tests.clients import assert_refused, bearing, client_of, client_of_key
from tests.factories.idempotency import IdempotencyKeyFactory
from tests.factories.users import SessionFactory, UserFactory
from tests.memory import unchanged
from tests.operations import GOOD, Call, good, staff
from tests.provoked import OUTAGES, faults

JSON = "application/json"
UUIDS = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
CATALOGUE = {refusal.code: refusal.status for refusal in errors.catalogue()}


def with_foreign_ids(call: Call) -> Any:
    # Outside of organizations a well-formed id is refused by a code of its own.
    foreign = str(ids.new_id()) if "{organization_id}" in call.operation.path else "nonsense"
    call.path = UUIDS.sub(foreign, call.path)
    return call.send()


def over_quota(call: Call) -> Any:
    with override_settings(QUOTAS={**settings.QUOTAS, "default": (1, 60), "anonymous": (1, 60)}):
        call.client.get("/api/v1/organizations")
        return call.send()


def without_a_role(call: Call) -> Any:
    with patch.dict(rules.PERMISSIONS, {role: frozenset[rules.Permission]() for role in rules.Role}):
        return call.send()


def with_keys_alone(call: Call) -> Any:
    # No role of today may give keys without all that a key can carry.
    with patch.dict(rules.PERMISSIONS, {rules.Role.OWNER: frozenset({rules.Permission.MANAGE_KEYS})}):
        return call.send()


def as_nobody(call: Call) -> Any:
    call.client = APIClient()
    return call.send()


def by_a_key(call: Call) -> None:
    call.client = client_of_key(Membership.objects.get(user__email="alice@slipway.test"))


def suspended(call: Call) -> None:
    Organization.objects.update(suspended_at=clock.now())
    by_a_key(call)


def closing(call: Call) -> None:
    Organization.objects.update(deletion_scheduled_at=clock.now())
    by_a_key(call)


def by_staff_in_the_callers_name(call: Call) -> None:
    token = new_token()
    SessionFactory.create(user=call.caller, impersonator=staff(), token=token)
    call.client = bearing(token)


def by_no_staff(call: Call) -> None:
    call.client = client_of(UserFactory.create())


def under_a_key_in_use(call: Call) -> Any:
    with patch("apps.idempotency.services.CLAIM", "SELECT 1 WHERE false"):
        return call.saying(idempotency_key="running").send()


# What has to be so before an operation answers with the error. A key is let into no organization that is closed.
SITUATIONS: dict[str, Callable[[Call], None]] = {
    "api_key_not_accepted": by_a_key,
    "not_while_impersonating": by_staff_in_the_callers_name,
    "organization_closing": closing,
    "organization_suspended": suspended,
    "staff_only": by_no_staff,
}
# How any operation is made to answer with each error that it shares with others.
PROVOCATIONS: dict[str, Callable[[Call], Any]] = {
    "bad_request": lambda call: call.saying(host="evil.test").send(),
    "idempotency_key_in_use": under_a_key_in_use,
    "idempotency_key_malformed": lambda call: call.saying(idempotency_key="a b").send(),
    "idempotency_key_required": lambda call: call.carelessly().send(),
    "idempotency_key_reused": lambda call: call.saying(idempotency_key="taken").send(),
    "invalid": lambda call: call.send(data={"limit": "0"} if call.operation.method == "get" else []),
    "invalid_cursor": lambda call: call.send(data={"cursor": "made up"}),
    "malformed_json": lambda call: call.send(data="{", content_type=JSON),
    "not_acceptable": lambda call: call.saying(accept="text/html").send(),
    "not_authenticated": as_nobody,
    "not_found": with_foreign_ids,
    "payload_too_large": lambda call: call.saying(idempotency_key="k").send(data="x" * 1048577, content_type=JSON),
    "permission_denied": without_a_role,
    "precondition_failed": lambda call: call.saying(if_match='"x"').send(),
    "precondition_required": lambda call: call.carelessly().saying(idempotency_key="k").send(),
    "scope_not_yours": with_keys_alone,
    "too_many_requests": over_quota,
    "unsupported_media_type": lambda call: call.send(data="a", content_type="text/plain"),
}
SHARED = PROVOCATIONS.keys() | SITUATIONS.keys()
CASES = [(operation.id, code) for operation in operations() for code in sorted(operation.codes & SHARED)]


def test_every_operation_has_a_request_that_goes_well() -> None:
    assert set(GOOD) == {operation.id for operation in operations()}


@pytest.mark.parametrize("name", GOOD)
def test_it_goes_well(name: str) -> None:
    assert str(good(name, assemble()).send().status_code) == good_status(name)


def good_status(name: str) -> str:
    return next(operation.success[0] for operation in operations() if operation.id == name)


@pytest.mark.parametrize(("name", "code"), CASES)
def test_an_operation_gives_the_errors_that_it_declares_and_writes_nothing(name: str, code: str) -> None:
    cast = assemble()
    call = good(name, cast)
    where = cast.acme.id if "{organization_id}" in call.operation.path else None
    if call.caller:
        IdempotencyKeyFactory.create(caller_id=call.caller.id, organization_id=where, key="taken")
    if code in SITUATIONS:
        SITUATIONS[code](call)
    with unchanged():
        answer = PROVOCATIONS.get(code, Call.send)(call)
    assert_refused(answer, CATALOGUE[code], code)


def test_what_differs_between_document_and_tests_is_found() -> None:
    told = {("read_me", "not_found"), ("read_me", "invalid"), ("read_me", "unavailable")}
    provoked = {("read_me", "invalid"), ("read_me", "conflict")}
    assert faults(provoked, told, is_whole=True) == [
        "read_me answered conflict, which it does not declare",
        "read_me declares not_found, which no integration test provokes",
    ]
    assert len(faults(provoked, told, is_whole=False)) == 1
    assert "unavailable" in OUTAGES
