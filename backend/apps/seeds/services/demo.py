"""Makes the demo cast, as the people themselves would: through services."""

from django.db import transaction

from apps.organizations import services as organizations
from apps.organizations.rules import Role
from apps.seeds import rules
from apps.users import selectors as user_selectors
from apps.users import services as users
from kit import clock, ids


def seed_demo() -> bool:
    """Make Alice, Bob, Charlie and their two organizations, unless they are there. Return whether it made them."""
    password_hash = users.hash_password(password=rules.PASSWORD, salt=rules.SALT)
    with clock.fixed(rules.ANCHOR), ids.derived_from("demo"), transaction.atomic():
        if user_selectors.is_known(email=rules.ALICE.email):
            return False
        alice, bob, charlie = (
            users.create_user(
                email=person.email, name=person.name, password_hash=password_hash, is_staff=person.is_staff
            )
            for person in rules.CAST
        )
        acme = organizations.create_organization(name=rules.ACME, owner_id=alice.id)
        organizations.add_member(organization_id=acme.id, user_id=bob.id, role=Role.MEMBER)
        organizations.create_organization(name=rules.CHARTERS, owner_id=charlie.id)
    return True
