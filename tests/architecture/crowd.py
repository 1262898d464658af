"""Tables as full as they will be one day: a list's plan on an empty table proves nothing."""

import re
from datetime import timedelta
from uuid import UUID

from django.db import connection

from apps.audit.models import Entry
from apps.organizations.models import ApiKey, Invitation, Membership, Organization
from apps.organizations.rules import Role
from apps.seeds import rules, selectors, services
from apps.users.models import Session, User
from kit import ids
from tests.architecture.sources import ROOT
from tests.factories.audit import EntryFactory
from tests.factories.organizations import (
    ApiKeyFactory,
    InvitationFactory,
    MembershipFactory,
    OrganizationFactory,
)
from tests.factories.users import SessionFactory

MEMBERS = 2000
SHARE = 40  # one of so many rows of each list is the newest member's
CONFIGURATION = (ROOT / "services" / "postgres" / "postgresql.conf").read_text()
PLANNING = re.findall(r"^(random_page_cost|effective_cache_size) = (\S+)", CONFIGURATION, re.MULTILINE)


def gather() -> User:
    """Fill every table through seeds and in bulk, and return the newest member, who is the hardest to find."""
    services.seed_demo()
    services.seed_volume(members=MEMBERS, on_progress=lambda _done: None)
    crowd = list(User.objects.order_by("id"))
    newest = crowd[-1]
    owners = [newest if number % SHARE == 0 else person for number, person in enumerate(crowd)]
    organizations = Organization.objects.bulk_create(OrganizationFactory.build_batch(len(crowd)))
    # As in life, the members of one organization came between those of others.
    Membership.objects.bulk_create(
        MembershipFactory.build(id=_id_of_its_time(number), user=owner, organization=organization, role=Role.OWNER)
        for number, (owner, organization) in enumerate(zip(owners, organizations, strict=True))
    )
    Entry.objects.bulk_create(entries(organizations))
    acme_id = selectors.get_acme_id()
    # Whoever sees all of Acme's lists is at least one of its admins.
    Membership.objects.filter(user=newest, organization_id=acme_id).update(role=Role.ADMIN)
    shares = [
        acme_id if owner == newest else organization.id
        for owner, organization in zip(owners, organizations, strict=True)
    ]
    Session.objects.bulk_create(
        SessionFactory.build(user=owner, impersonator=crowd[number - 1] if number % SHARE == 1 else None)
        for number, owner in enumerate(owners)
    )
    Invitation.objects.bulk_create(
        InvitationFactory.build(organization=None, organization_id=share, invited_by=newest) for share in shares
    )
    ApiKey.objects.bulk_create(
        ApiKeyFactory.build(membership=None, organization=None, organization_id=share, created_by=newest)
        for share in shares
    )
    # Who leafs through tables is one of the staff.
    User.objects.filter(id=newest.id).update(is_staff=True)
    plan_as_in_production()
    return newest


def _id_of_its_time(number: int) -> UUID:
    return ids.derived_id("elsewhere", number, rules.ANCHOR + timedelta(seconds=number))


def entries(organizations: list[Organization]) -> list[Entry]:
    """Return facts of every organization, and as many of the newest member's first one; some of these are rare."""
    rare, often = EntryFactory.build(action="member.removed"), EntryFactory.build()
    facts = []
    for number, organization in enumerate(organizations * 2):
        at = rules.ANCHOR + timedelta(seconds=number)
        like = rare if number % SHARE == 0 else often
        fact = EntryFactory.build(
            id=ids.id_at(at), created_at=at, action=like.action, actor_id=like.actor_id, target_id=like.target_id
        )
        fact.chain_id = organization.id if number < len(organizations) else organizations[0].id
        facts.append(fact)
    return facts


def few() -> User:
    """Write the demo cast alone, and return Alice."""
    services.seed_demo()
    return User.objects.get(email=rules.ALICE.email)


def plan_as_in_production() -> None:
    with connection.cursor() as cursor:
        # Raw SQL: plans are as good as the statistics, and as the settings that our PostgreSQL is started with.
        cursor.execute("ANALYZE")
        for name, value in PLANNING:
            cursor.execute("SELECT set_config(%s, %s, true)", [name, value])


def acme() -> dict[str, object]:
    return {"organization_id": selectors.get_acme_id()}


def audited() -> dict[str, object]:
    """Return the organization with the longest audit log."""
    return {"organization_id": Entry.objects.latest("sequence").chain_id}


def rare_facts() -> dict[str, str]:
    """Return a value for each filter of the audit log that few of its entries have."""
    facts = Entry.objects.filter(chain_id=Entry.objects.latest("sequence").chain_id).order_by("created_at")
    rare, last = facts.filter(action="member.removed")[0], facts.reverse()[0]
    return {
        "action": rare.action,
        "actor_id": str(rare.actor_id),
        "target_id": str(rare.target_id),
        "since": (last.created_at - timedelta(seconds=SHARE)).isoformat(),
        "until": facts[SHARE].created_at.isoformat(),
    }
