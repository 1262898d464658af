import threading
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction

from apps.organizations import rules, selectors, services
from apps.organizations.errors import LastOwnerCannotLeave, MemberNotFound
from apps.organizations.models import Membership
from apps.organizations.rules import Role
from kit import errors, ids
from kit.actor import Actor, Person
from tests.cast import assemble
from tests.factories.organizations import MembershipFactory, OrganizationFactory
from tests.factories.users import UserFactory
from tests.memory import everything, unchanged
from tests.trails import actions, faults

ACTIONS: dict[str, Callable[[Actor, Membership], object]] = {
    "rename": lambda actor, _member: services.update_organization(actor=actor, name="X"),
    "change a role": lambda actor, member: services.change_role(actor=actor, membership_id=member.id, role=Role.VIEWER),
    "remove": lambda actor, member: services.remove_member(actor=actor, membership_id=member.id),
    "read": lambda actor, _member: selectors.get_organization(actor=actor),
    "list members": lambda actor, _member: selectors.list_members(actor=actor),
    "read a member": lambda actor, member: selectors.get_member(actor=actor, membership_id=member.id),
}


def acting(membership: Membership) -> Actor:
    person = Person(user_id=membership.user_id, session_id=ids.new_id())
    return selectors.get_actor(person=person, organization_id=membership.organization_id)


@pytest.mark.parametrize("action", ACTIONS)
def test_a_service_asks_for_permission_itself(action: str) -> None:
    target = MembershipFactory.create(role=Role.VIEWER)
    nobody = Actor(
        by=Person(user_id=ids.new_id(), session_id=ids.new_id()),
        organization_id=target.organization_id,
        role=Role.OWNER,
        permissions=frozenset(),
    )
    with unchanged(), pytest.raises(errors.PermissionDenied):
        ACTIONS[action](nobody, target)


@pytest.mark.parametrize("action", ["change a role", "remove", "read a member"])
def test_an_actor_reaches_no_member_of_another_organization(action: str) -> None:
    cast = assemble()
    charlie = acting(Membership.objects.get(user=cast.charlie))
    bob = Membership.objects.get(user=cast.bob)
    with unchanged(), pytest.raises(MemberNotFound):
        ACTIONS[action](charlie, bob)


@pytest.mark.parametrize("role", Role)
def test_an_actor_has_what_the_role_grants_in_that_organization(role: Role) -> None:
    membership = MembershipFactory.create(role=role)
    actor = acting(membership)
    assert (actor.role, actor.permissions) == (role, rules.PERMISSIONS[role])
    with pytest.raises(errors.NotFound):
        selectors.get_actor(person=actor.require_in_person(), organization_id=OrganizationFactory.create().id)


def test_whatever_happens_to_an_organization_is_in_its_log() -> None:
    cast = assemble()
    alice = acting(Membership.objects.get(user=cast.alice))
    dora, emil = UserFactory.create_batch(2)
    made = services.create_organization(name="New", owner_id=cast.alice.id, by=alice)
    assert actions(made.id) == ["organization.created"]
    for person in (dora, emil):
        joined = services.add_member(organization_id=cast.acme.id, user_id=person.id, role=Role.MEMBER, by=alice)
    services.change_role(actor=alice, membership_id=joined.id, role=Role.ADMIN)
    services.remove_member(actor=alice, membership_id=joined.id)
    dora_there = acting(Membership.objects.get(user=dora))
    services.remove_member(actor=dora_there, membership_id=Membership.objects.get(user=dora).id)
    services.update_organization(actor=alice, name="Acme Ltd")
    assert actions(cast.acme.id) == [
        "member.added", "member.added", "member.role_changed", "member.removed", "member.left", "organization.renamed",
    ]  # fmt: skip
    assert faults() == []


@pytest.mark.django_db(transaction=True)
def test_an_organization_whose_owner_is_unknown_is_not_made() -> None:
    with unchanged(), pytest.raises(IntegrityError):
        services.create_organization(name="Acme", owner_id=ids.new_id())


def test_nobody_is_a_member_twice() -> None:
    membership = MembershipFactory.create()
    with unchanged(), pytest.raises(IntegrityError, match="organizations_membership_unique"), transaction.atomic():
        services.add_member(organization_id=membership.organization_id, user_id=membership.user_id, role=Role.ADMIN)


def test_the_database_itself_refuses_a_role_that_nobody_knows() -> None:
    with pytest.raises(IntegrityError, match="organizations_membership_role"), transaction.atomic():
        MembershipFactory.create(role="emperor")


def test_a_change_tells_when_it_was_made_and_leaves_the_rest() -> None:
    cast = assemble()
    alice = acting(Membership.objects.get(user=cast.alice))
    before = everything()
    services.update_organization(actor=alice, name="Acme Ltd")
    told = {label: rows for label, rows in everything().items() if not label.startswith("audit.")}
    changed = [row for label, rows in told.items() for row in rows if row not in before[label]]
    assert [(row["name"], row["created_at"]) for row in changed] == [("Acme Ltd", cast.acme.created_at)]
    assert str(changed[0]["updated_at"]) > str(cast.acme.updated_at)


def test_organizations_and_memberships_say_what_they_are() -> None:
    cast = assemble()
    assert str(cast.acme) == "Acme"
    assert str(Membership.objects.get(user=cast.bob)) == f"member {cast.bob.id} of {cast.acme.id}"


def leave(membership: Membership, outcomes: list[str], start: Callable[[], object]) -> threading.Thread:
    """Let a member leave in a thread of their own, once `start` returns."""

    def run() -> None:
        try:
            actor = acting(membership)
            start()
            services.remove_member(actor=actor, membership_id=membership.id)
            outcomes.append("left")
        except LastOwnerCannotLeave:
            outcomes.append("stayed")
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def two_owners() -> list[Membership]:
    return MembershipFactory.create_batch(2, organization=OrganizationFactory.create(), role=Role.OWNER)


@pytest.mark.django_db(transaction=True)
def test_when_both_owners_leave_at_the_same_moment_one_stays() -> None:
    outcomes: list[str] = []
    start = threading.Barrier(2)
    for thread in [leave(owner, outcomes, start.wait) for owner in two_owners()]:
        thread.join()
    assert sorted(outcomes) == ["left", "stayed"]
    assert Membership.objects.get().role == Role.OWNER


@pytest.mark.django_db(transaction=True)
def test_while_one_owner_is_leaving_the_other_waits_and_then_stays() -> None:
    first, second = two_owners()
    outcomes: list[str] = []
    with transaction.atomic():
        services.remove_member(actor=acting(first), membership_id=first.id)
        waiting = leave(second, outcomes, lambda: None)
        waiting.join(timeout=0.5)
        assert outcomes == []
    waiting.join()
    assert outcomes == ["stayed"]
    assert Membership.objects.get() == second
