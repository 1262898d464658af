from datetime import datetime, timedelta

import pytest

from apps.organizations.rules import Role
from kit import clock
from tests.cast import Cast, assemble, membership_of
from tests.clients import assert_refused, bearing, client_of, client_of_key, client_of_staff
from tests.factories.organizations import MembershipFactory
from tests.memory import unchanged


def deletion(cast: Cast) -> str:
    return f"/api/v1/organizations/{cast.acme.id}/deletion"


def test_the_owner_deletes_an_organization_after_a_grace_of_thirty_days() -> None:
    cast = assemble()
    at = clock.now()
    with clock.fixed(at):
        answer = client_of(cast.alice).post(deletion(cast))
    assert answer.status_code == 201
    assert datetime.fromisoformat(answer.json()["deletion_scheduled_at"]) == at + timedelta(days=30)


def test_meanwhile_members_read_and_keys_are_refused() -> None:
    cast = assemble()
    alice, bob, key = client_of(cast.alice), client_of(cast.bob), client_of_key(membership_of(cast.alice))
    organization = f"/api/v1/organizations/{cast.acme.id}"
    alice.post(deletion(cast))
    assert bob.get(organization).status_code == 200
    with unchanged():
        for answer in (
            alice.patch(organization, {"name": "X"}),
            bob.delete(f"{organization}/members/{membership_of(cast.bob).id}"),
            key.get(organization),
        ):
            assert_refused(answer, 403, "organization_closing")
        assert_refused(alice.post(deletion(cast)), 409, "deletion_already_scheduled")


def test_the_owner_restores_it_and_all_works_as_before() -> None:
    cast = assemble()
    alice, key = client_of(cast.alice), client_of_key(membership_of(cast.alice))
    alice.post(deletion(cast))
    assert alice.delete(deletion(cast)).json()["deletion_scheduled_at"] is None
    assert key.patch(f"/api/v1/organizations/{cast.acme.id}", {"name": "X"}).status_code == 200
    with unchanged():
        assert_refused(alice.delete(deletion(cast)), 409, "deletion_not_scheduled")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OWNER])
def test_nobody_else_deletes_or_restores_it(role: Role) -> None:
    cast = assemble()
    client = client_of(MembershipFactory.create(organization=cast.acme, role=role).user)
    with unchanged():
        assert_refused(client.post(deletion(cast)), 403, "permission_denied")
        assert_refused(client.delete(deletion(cast)), 403, "permission_denied")


def test_staff_neither_delete_nor_make_keys_in_the_owners_name() -> None:
    cast = assemble()
    started = client_of_staff().post(f"/api/v1/admin/users/{cast.alice.id}/impersonation", {"reason": "Ticket"})
    as_alice = bearing(started.json()["token"])
    organization = f"/api/v1/organizations/{cast.acme.id}"
    with unchanged():
        for answer in (
            as_alice.post(deletion(cast)),
            as_alice.delete(deletion(cast)),
            as_alice.get(f"{organization}/api-keys"),
            as_alice.post(f"{organization}/api-keys", {"name": "Mine", "scopes": ["organization:read"]}),
        ):
            assert_refused(answer, 403, "not_while_impersonating")
    assert as_alice.patch(organization, {"name": "Acme Ltd"}).status_code == 200
