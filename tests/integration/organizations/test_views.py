import itertools

import pytest
from rest_framework.test import APIClient

from apps.organizations.models import Membership, Organization
from apps.organizations.rules import Role
from apps.users.models import User
from kit import ids
from tests.cast import Cast, assemble
from tests.clients import assert_refused, client_of, without_its_request
from tests.factories.organizations import MembershipFactory
from tests.factories.users import UserFactory
from tests.memory import unchanged

ORGANIZATIONS = "/api/v1/organizations"
MANAGED_BY = {
    Role.OWNER: {Role.ADMIN, Role.BILLING, Role.MEMBER, Role.VIEWER},
    Role.ADMIN: {Role.BILLING, Role.MEMBER, Role.VIEWER},
}
"""Whom each role may change and remove, and which roles it may hand out. The others: nobody."""

OPERATIONS = [
    ("get", ""),
    ("patch", ""),
    ("get", "/members"),
    ("get", "/members/{member}"),
    ("patch", "/members/{member}"),
    ("delete", "/members/{member}"),
]
operations = pytest.mark.parametrize(("method", "path"), OPERATIONS)
roles = pytest.mark.parametrize("role", Role)


def address(organization: Organization, path: str = "", *, member: object = "") -> str:
    return f"{ORGANIZATIONS}/{organization.id}{path}".format(member=member)


def joined(organization: Organization, role: Role) -> Membership:
    return MembershipFactory.create(organization=organization, role=role)


def membership_of(user: User) -> Membership:
    return Membership.objects.get(user=user)


def refusal_for(actor: Role, *touched: Role) -> str:
    """Return the code by which `actor` is kept from touching members of these roles, or an empty string."""
    if actor not in MANAGED_BY:
        return "permission_denied"
    return "" if MANAGED_BY[actor].issuperset(touched) else "role_not_below_yours"


def test_who_creates_an_organization_owns_it() -> None:
    user = UserFactory.create()
    response = client_of(user).post(ORGANIZATIONS, {"name": " Acme "})
    assert response.status_code == 201
    expected = {"id", "name", "suspended_at", "deletion_scheduled_at", "created_at", "updated_at"}
    assert set(response.json()) == expected
    membership = membership_of(user)
    assert (str(membership.organization_id), membership.role) == (response.json()["id"], Role.OWNER)
    assert response.json()["name"] == membership.organization.name == "Acme"


def test_i_see_my_own_organizations_alone() -> None:
    cast = assemble()
    assert [row["name"] for row in client_of(cast.bob).get(ORGANIZATIONS).json()["data"]] == ["Acme"]
    assert [row["name"] for row in client_of(cast.charlie).get(ORGANIZATIONS).json()["data"]] == ["Charters"]
    assert client_of(UserFactory.create()).get(ORGANIZATIONS).json()["data"] == []


@roles
def test_every_role_reads_the_organization_and_its_members(role: Role) -> None:
    cast = assemble()
    reader = client_of(joined(cast.acme, role).user)
    bob = membership_of(cast.bob)
    assert reader.get(address(cast.acme)).json()["name"] == "Acme"
    row = reader.get(address(cast.acme, "/members/{member}", member=bob.id)).json()
    assert row["user"] == {"id": str(cast.bob.id), "email": cast.bob.email, "name": "Bob"}
    assert row["organization"] == {"id": str(cast.acme.id), "name": "Acme"}
    assert row in reader.get(address(cast.acme, "/members")).json()["data"]


@roles
def test_owner_and_admin_rename_the_organization(role: Role) -> None:
    cast = assemble()
    client = client_of(joined(cast.acme, role).user)
    if role in MANAGED_BY:
        assert client.patch(address(cast.acme), {"name": "Acme Ltd"}).json()["name"] == "Acme Ltd"
        cast.acme.refresh_from_db()
        assert cast.acme.name == "Acme Ltd"
    else:
        with unchanged():
            assert_refused(client.patch(address(cast.acme), {"name": "X"}), 403, "permission_denied")


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, []),
        ({"name": ""}, ["name"]),
        ({"name": "\u2003"}, ["name"]),
        ({"name": "x" * 201}, ["name"]),
        ({"name": "a\0b"}, ["name"]),
        ({"name": True}, ["name"]),
        ({"name": None}, ["name"]),
        ({"name": "X", "id": str(ids.new_id())}, ["id"]),
        ({"name": "X", "created_at": "2020-01-01T00:00:00Z", "memberships": []}, ["created_at", "memberships"]),
        (["name"], [""]),
    ],
)
def test_a_wrong_body_writes_nothing(body: object, fields: list[str]) -> None:
    cast = assemble()
    alice = client_of(cast.alice)
    creating = ["name"] if body == {} else fields
    with unchanged():
        assert_refused(alice.patch(address(cast.acme), body), 400, "invalid", fields=fields)
        assert_refused(alice.post(ORGANIZATIONS, body), 400, "invalid", fields=creating)


@pytest.mark.parametrize(("actor", "target", "new"), list(itertools.product(Role, Role, Role)))
def test_a_role_is_changed_by_those_above_it_alone(actor: Role, target: Role, new: Role) -> None:
    cast = assemble()
    client, member = client_of(joined(cast.acme, actor).user), joined(cast.acme, target)
    path = address(cast.acme, "/members/{member}", member=member.id)
    if code := refusal_for(actor, target, new):
        with unchanged():
            assert_refused(client.patch(path, {"role": new}), 403, code)
    else:
        assert client.patch(path, {"role": new}).json()["role"] == new
        member.refresh_from_db()
        assert member.role == new


@roles
def test_nobody_changes_their_own_role(role: Role) -> None:
    cast = assemble()
    member = joined(cast.acme, role)
    client = client_of(member.user)
    path = address(cast.acme, "/members/{member}", member=member.id)
    with unchanged():
        for new in Role:
            assert client.patch(path, {"role": new}).status_code == 403


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, []),
        ({"role": "emperor"}, ["role"]),
        ({"role": "OWNER"}, ["role"]),
        ({"role": None}, ["role"]),
        ({"role": ["viewer"]}, ["role"]),
        ({"role": "viewer", "user": str(ids.new_id())}, ["user"]),
        ({"role": "viewer", "organization": str(ids.new_id())}, ["organization"]),
        ({"role": "viewer", "user_id": str(ids.new_id())}, ["user_id"]),
    ],
)
def test_a_wrong_change_of_a_member_writes_nothing(body: object, fields: list[str]) -> None:
    cast = assemble()
    alice = client_of(cast.alice)
    path = address(cast.acme, "/members/{member}", member=membership_of(cast.bob).id)
    with unchanged():
        assert_refused(alice.patch(path, body), 400, "invalid", fields=fields)


@pytest.mark.parametrize(("actor", "target"), list(itertools.product(Role, Role)))
def test_a_member_is_removed_by_those_above_them_alone(actor: Role, target: Role) -> None:
    cast = assemble()
    client, member = client_of(joined(cast.acme, actor).user), joined(cast.acme, target)
    path = address(cast.acme, "/members/{member}", member=member.id)
    if code := refusal_for(actor, target):
        with unchanged():
            assert_refused(client.delete(path), 403, code)
    else:
        assert client.delete(path).status_code == 204
        assert not Membership.objects.filter(id=member.id).exists()
        assert_refused(client.delete(path), 404, "member_not_found")


@roles
def test_everybody_may_leave_while_an_owner_remains(role: Role) -> None:
    cast = assemble()
    member = joined(cast.acme, role)
    client = client_of(member.user)
    assert client.delete(address(cast.acme, "/members/{member}", member=member.id)).status_code == 204
    assert_refused(client.get(address(cast.acme)), 404, "not_found")
    assert client.get(ORGANIZATIONS).json()["data"] == []


def test_the_last_owner_cannot_leave() -> None:
    cast = assemble()
    alice, owner = client_of(cast.alice), membership_of(cast.alice)
    with unchanged():
        response = alice.delete(address(cast.acme, "/members/{member}", member=owner.id))
    assert_refused(response, 409, "last_owner_cannot_leave")


def test_a_removed_member_is_out_at_once() -> None:
    cast = assemble()
    alice, bob = client_of(cast.alice), client_of(cast.bob)
    assert bob.get(address(cast.acme)).status_code == 200
    alice.delete(address(cast.acme, "/members/{member}", member=membership_of(cast.bob).id))
    assert_refused(bob.get(address(cast.acme)), 404, "not_found")


def test_a_new_role_counts_at_once() -> None:
    cast = assemble()
    alice, bob = client_of(cast.alice), client_of(cast.bob)
    with unchanged():
        assert_refused(bob.patch(address(cast.acme), {"name": "X"}), 403, "permission_denied")
    path = address(cast.acme, "/members/{member}", member=membership_of(cast.bob).id)
    assert alice.patch(path, {"role": "admin"}).status_code == 200
    assert bob.patch(address(cast.acme), {"name": "X"}).status_code == 200


@operations
def test_an_outsider_cannot_tell_an_organization_from_none(method: str, path: str) -> None:
    cast = assemble()
    bob = membership_of(cast.bob)
    charlie = client_of(cast.charlie)
    nowhere = Organization(name="Nowhere")
    bodies = [{}, {"name": "Mine"}, {"role": "viewer"}, {"role": "nonsense"}]
    with unchanged():
        real = [getattr(charlie, method)(address(cast.acme, path, member=bob.id), body) for body in bodies]
        made_up = [getattr(charlie, method)(address(nowhere, path, member=ids.new_id()), body) for body in bodies]
    for answer in real:
        assert_refused(answer, 404, "not_found")
    assert [without_its_request(answer) for answer in real] == [without_its_request(answer) for answer in made_up]
    assert {frozenset(answer.headers) for answer in real} == {frozenset(answer.headers) for answer in made_up}


@pytest.mark.parametrize("method", ["get", "patch", "delete"])
def test_a_member_of_another_organization_is_as_unknown_as_none(method: str) -> None:
    cast = assemble()
    charlie = client_of(cast.charlie)
    body = {"role": "viewer"} if method == "patch" else None
    with unchanged():
        foreign, made_up = (
            getattr(charlie, method)(address(cast.charters, "/members/{member}", member=member), body)
            for member in (membership_of(cast.bob).id, ids.new_id())
        )
    assert_refused(foreign, 404, "member_not_found")
    assert without_its_request(foreign) == without_its_request(made_up)


@operations
def test_who_has_not_signed_in_learns_nothing(method: str, path: str) -> None:
    cast = assemble()
    bob = membership_of(cast.bob)
    with unchanged():
        real = getattr(APIClient(), method)(address(cast.acme, path, member=bob.id))
        made_up = getattr(APIClient(), method)(address(Organization(), path, member=ids.new_id()))
    assert_refused(real, 401, "not_authenticated")
    assert without_its_request(real) == without_its_request(made_up)


@pytest.mark.parametrize("where", ["x", "1", "0199f2d6-c3ea-7f50-9d71", "%00", "../admin", "0" * 5000])
def test_an_id_that_is_none_leads_nowhere(where: str) -> None:
    cast: Cast = assemble()
    assert_refused(client_of(cast.alice).get(f"{ORGANIZATIONS}/{where}"), 404, "not_found")
