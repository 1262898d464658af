"""Every operation keeps the doors: what a key, a closed organization and a stranger to the staff are answered."""

import re

import pytest
from rest_framework.test import APIClient

from apps.organizations.models import Organization
from kit import clock, ids
from tests.architecture.api import Operation, operations
from tests.cast import assemble, membership_of
from tests.clients import assert_refused, client_of, client_of_key
from tests.memory import unchanged

pytestmark = pytest.mark.django_db

GUARDED = [operation for operation in operations() if operation.told.get("security")]
OF_AN_ORGANIZATION = [operation for operation in GUARDED if "{organization_id}" in operation.path]
OF_PEOPLE = [operation for operation in GUARDED if "{organization_id}" not in operation.path]
OF_STAFF = [operation for operation in GUARDED if operation.path.startswith("/api/v1/admin/")]
CHANGES = [operation for operation in OF_AN_ORGANIZATION if operation.method != "get"]
OF_ONE_WHO_LEAVES = {"restore_organization", "schedule_deletion"}
"""What an owner may do with an organization that will be deleted, and is answered by its own refusals."""


def named(operation: Operation) -> str:
    return operation.id


def ask(client: APIClient, operation: Operation, organization_id: object = "") -> object:
    path = operation.path.replace("{organization_id}", str(organization_id))
    body = next((example["value"] for content in operation.bodies() for example in content["examples"].values()), None)
    sent = body if "requestBody" in operation.told else None
    return getattr(client, operation.method)(re.sub(r"{\w+}", str(ids.new_id()), path), sent)


@pytest.mark.parametrize("operation", OF_PEOPLE, ids=named)
def test_a_key_is_not_accepted_where_people_are_meant(operation: Operation) -> None:
    key = client_of_key(membership_of(assemble().alice))
    with unchanged():
        assert_refused(ask(key, operation), 403, "api_key_not_accepted")
    assert "api_key_not_accepted" in operation.codes


@pytest.mark.parametrize("operation", OF_AN_ORGANIZATION, ids=named)
@pytest.mark.parametrize(
    ("state", "code"),
    [("suspended_at", "organization_suspended"), ("deletion_scheduled_at", "organization_closing")],
)
def test_a_key_to_a_closed_organization_is_told_why(operation: Operation, state: str, code: str) -> None:
    cast = assemble()
    key = client_of_key(membership_of(cast.alice))
    Organization.objects.filter(id=cast.acme.id).update(**{state: clock.now()})
    with unchanged():
        assert_refused(ask(key, operation, cast.acme.id), 403, code)
    assert code in operation.codes


@pytest.mark.parametrize("operation", OF_AN_ORGANIZATION, ids=named)
def test_a_key_finds_no_other_organization(operation: Operation) -> None:
    cast = assemble()
    key = client_of_key(membership_of(cast.alice))
    with unchanged():
        for place in (cast.charters.id, ids.new_id()):
            assert_refused(ask(key, operation, place), 404, "not_found")


@pytest.mark.parametrize("operation", CHANGES, ids=named)
@pytest.mark.parametrize(
    ("state", "code"),
    [("suspended_at", "organization_suspended"), ("deletion_scheduled_at", "organization_closing")],
)
def test_even_its_owner_changes_nothing_in_a_closed_organization(operation: Operation, state: str, code: str) -> None:
    cast = assemble()
    alice = client_of(cast.alice)
    Organization.objects.filter(id=cast.acme.id).update(**{state: clock.now()})
    if state == "suspended_at" or operation.id not in OF_ONE_WHO_LEAVES:
        with unchanged():
            assert_refused(ask(alice, operation, cast.acme.id), 403, code)


@pytest.mark.parametrize("operation", OF_STAFF, ids=named)
def test_whoever_is_no_staff_is_told_so(operation: Operation) -> None:
    alice = client_of(assemble().alice)
    with unchanged():
        assert_refused(ask(alice, operation), 403, "staff_only")
    assert "staff_only" in operation.codes
