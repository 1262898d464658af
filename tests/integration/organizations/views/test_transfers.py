from datetime import timedelta

import pytest

from apps.organizations.models import Membership, OwnershipTransfer
from apps.organizations.rules import Role
from kit import clock, ids
from tests.cast import Cast, assemble, membership_of
from tests.clients import assert_refused, bearing, client_of, client_of_staff
from tests.factories.organizations import MembershipFactory, OwnershipTransferFactory
from tests.memory import unchanged


def transfer(cast: Cast, step: str = "") -> str:
    return f"/api/v1/organizations/{cast.acme.id}/ownership-transfer{step}"


def offered(cast: Cast) -> None:
    response = client_of(cast.alice).post(transfer(cast), {"membership_id": str(membership_of(cast.bob).id)})
    assert response.status_code == 201


def roles(cast: Cast) -> tuple[str, str]:
    return membership_of(cast.alice).role, membership_of(cast.bob).role


def test_nothing_changes_until_the_member_accepts_then_the_roles_swap() -> None:
    cast = assemble()
    offered(cast)
    bob = client_of(cast.bob)
    shown = bob.get(transfer(cast)).json()
    assert (shown["offered_by"]["email"], shown["offered_to"]["email"]) == (cast.alice.email, cast.bob.email)
    assert roles(cast) == (Role.OWNER, Role.MEMBER)
    assert bob.post(transfer(cast, "/accept")).json()["role"] == Role.OWNER
    assert roles(cast) == (Role.ADMIN, Role.OWNER)
    assert_refused(bob.get(transfer(cast)), 404, "ownership_transfer_not_found")


def test_the_member_declines_and_all_stays_as_it_was() -> None:
    cast = assemble()
    offered(cast)
    assert client_of(cast.bob).post(transfer(cast, "/decline")).status_code == 204
    assert roles(cast) == (Role.OWNER, Role.MEMBER)
    assert not OwnershipTransfer.objects.exists()


def test_the_owner_withdraws_and_the_member_can_accept_no_longer() -> None:
    cast = assemble()
    offered(cast)
    alice, bob = client_of(cast.alice), client_of(cast.bob)
    assert alice.delete(transfer(cast)).status_code == 204
    with unchanged():
        for answer in (
            bob.post(transfer(cast, "/accept")),
            bob.post(transfer(cast, "/decline")),
            alice.delete(transfer(cast)),
        ):
            assert_refused(answer, 404, "ownership_transfer_not_found")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OWNER])
def test_only_an_owner_offers_and_withdraws(role: Role) -> None:
    cast = assemble()
    offered(cast)
    client = client_of(MembershipFactory.create(organization=cast.acme, role=role).user)
    body = {"membership_id": str(membership_of(cast.bob).id)}
    with unchanged():
        assert_refused(client.post(transfer(cast), body), 403, "permission_denied")
        assert_refused(client.delete(transfer(cast)), 403, "permission_denied")
        assert_refused(client.post(transfer(cast, "/accept")), 403, "not_offered_to_you")
        assert_refused(client.post(transfer(cast, "/decline")), 403, "not_offered_to_you")
    assert client.get(transfer(cast)).status_code == 200


def test_who_offers_does_not_accept_for_the_other() -> None:
    cast = assemble()
    offered(cast)
    alice = client_of(cast.alice)
    with unchanged():
        assert_refused(alice.post(transfer(cast, "/accept")), 403, "not_offered_to_you")


def test_one_offer_at_a_time() -> None:
    cast = assemble()
    offered(cast)
    alice = client_of(cast.alice)
    with unchanged():
        body = {"membership_id": str(membership_of(cast.bob).id)}
        assert_refused(alice.post(transfer(cast), body), 409, "ownership_transfer_going_on")


@pytest.mark.parametrize("who", ["alice", "charlie", "nobody"])
def test_it_is_offered_to_members_who_are_no_owners(who: str) -> None:
    cast = assemble()
    alice = client_of(cast.alice)
    found = membership_of(getattr(cast, who)).id if who != "nobody" else ids.new_id()
    with unchanged():
        answer = alice.post(transfer(cast), {"membership_id": str(found)})
    assert answer.json()["code"] == ("already_owner" if who == "alice" else "member_not_found")


@pytest.mark.parametrize("body", [{}, {"membership_id": "x"}, {"membership_id": None}, {"membership_id": []}])
def test_a_wrong_offer_is_refused(body: dict[str, object]) -> None:
    cast = assemble()
    alice = client_of(cast.alice)
    with unchanged():
        assert_refused(alice.post(transfer(cast), body), 400, "invalid", fields=["membership_id"])


def test_an_offer_expires_after_seven_days_and_makes_room() -> None:
    cast = assemble()
    at = clock.now()
    with clock.fixed(at):
        offered(cast)
    with clock.fixed(at + timedelta(days=7)):
        bob = client_of(cast.bob)
        with unchanged():
            assert_refused(bob.post(transfer(cast, "/accept")), 404, "ownership_transfer_not_found")
        offered(cast)
        assert bob.post(transfer(cast, "/accept")).status_code == 200


@pytest.mark.parametrize("leaver", ["offers", "is offered"])
def test_an_offer_ends_with_the_membership_of_either(leaver: str) -> None:
    cast = assemble()
    MembershipFactory.create(organization=cast.acme, role=Role.OWNER)
    offered(cast)
    person = cast.alice if leaver == "offers" else cast.bob
    members = f"/api/v1/organizations/{cast.acme.id}/members"
    assert client_of(person).delete(f"{members}/{membership_of(person).id}").status_code == 204
    assert not OwnershipTransfer.objects.exists()
    assert Membership.objects.filter(organization=cast.acme, role=Role.OWNER).exists()


def test_an_offer_of_who_is_no_owner_any_more_makes_nobody_owner() -> None:
    cast = assemble()
    offered(cast)
    Membership.objects.filter(user=cast.alice).update(role=Role.ADMIN)
    bob = client_of(cast.bob)
    with unchanged():
        assert_refused(bob.post(transfer(cast, "/accept")), 404, "ownership_transfer_not_found")


def test_staff_take_no_ownership_in_somebodys_name() -> None:
    cast = assemble()
    offered(cast)
    staff = client_of_staff()
    as_alice, as_bob = (
        bearing(staff.post(f"/api/v1/admin/users/{user.id}/impersonation", {"reason": "Ticket"}).json()["token"])
        for user in (cast.alice, cast.bob)
    )
    with unchanged():
        for step in ("/accept", "/decline"):
            assert_refused(as_bob.post(transfer(cast, step)), 403, "not_while_impersonating")
        assert_refused(as_alice.delete(transfer(cast)), 403, "not_while_impersonating")


def test_an_offer_says_who_and_to_whom() -> None:
    offer = OwnershipTransferFactory.create()
    assert str(offer) == f"{offer.offered_by_id} to {offer.offered_to_id}"
