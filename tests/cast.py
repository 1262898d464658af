"""The people of most tests: Alice owns Acme, Bob is a member of it, Charlie must see nothing of it."""

from dataclasses import dataclass

from apps.organizations.models import Membership, Organization
from apps.organizations.rules import Role
from apps.users.models import User
from tests.factories.organizations import MembershipFactory, OrganizationFactory
from tests.factories.users import UserFactory


@dataclass(frozen=True)
class Cast:
    alice: User
    bob: User
    charlie: User
    acme: Organization
    charters: Organization


def assemble() -> Cast:
    """Write the cast to the database."""
    alice, bob, charlie = (
        UserFactory.create(email=f"{name}@slipway.test", name=name.capitalize()) for name in ("alice", "bob", "charlie")
    )
    acme, charters = OrganizationFactory.create(name="Acme"), OrganizationFactory.create(name="Charters")
    MembershipFactory.create(user=alice, organization=acme, role=Role.OWNER)
    MembershipFactory.create(user=bob, organization=acme, role=Role.MEMBER)
    MembershipFactory.create(user=charlie, organization=charters, role=Role.OWNER)
    return Cast(alice, bob, charlie, acme, charters)


def membership_of(user: User) -> Membership:
    """Return the one membership of `user`."""
    return Membership.objects.get(user=user)
