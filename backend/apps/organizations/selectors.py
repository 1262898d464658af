"""Which organizations are there for this person, and who belongs to them?"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import CharField, DateTimeField, FilteredRelation, Q, QuerySet, UUIDField

from apps.organizations import rules
from apps.organizations.errors import MemberNotFound
from apps.organizations.models import Membership, Organization
from apps.users import selectors as users
from apps.users.rules import token_hash
from kit import errors
from kit.actor import Actor, Person
from kit.statements import Parameter, Row, Statement


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who holds a token, when they were last seen, and who they are in the organization that was asked for."""

    person: Person
    last_seen_at: datetime
    actor: Actor | None


def get_bearer(*, token: str, organization_id: UUID | None, at: datetime) -> Bearer | None:
    """Return who holds `token`, by one query; None when it opens no session."""
    given = {"token_hash": token_hash(token), "at": at}
    if organization_id is None:
        found = _holders.rows(**given)
    else:
        found = _holders_with_role.rows(**given, organization_id=organization_id)
    if not found:
        return None
    session_id, user_id, last_seen_at, *roles = found[0]
    person = Person(user_id=user_id, session_id=session_id)
    role = roles[0] if roles else None
    actor = _actor(person, organization_id, role) if organization_id and role else None
    return Bearer(person, last_seen_at, actor)


def get_actor(*, person: Person, organization_id: UUID) -> Actor:
    """Return the person as an actor, with what their role in the organization allows.

    :raises NotFound: when they do not belong to it; whether it exists is not told.
    """
    roles = Membership.objects.values_list("role", flat=True)
    try:
        # Not `first()`: it orders by id, and to find one row PostgreSQL would walk all members in that order.
        return _actor(person, organization_id, roles.get(user_id=person.user_id, organization_id=organization_id))
    except Membership.DoesNotExist:
        raise errors.NotFound from None


def list_organizations(*, person: Person) -> QuerySet[Organization]:
    """Return the organizations that the person belongs to."""
    return Organization.objects.filter(memberships__user_id=person.user_id)


def get_organization(*, actor: Actor) -> Organization:
    """Return the organization that the actor acts in.

    :raises PermissionDenied: when the role does not allow to read it.
    """
    actor.require(rules.Permission.READ_ORGANIZATION)
    return Organization.objects.get(id=actor.organization_id)


def list_members(*, actor: Actor) -> QuerySet[Membership]:
    """Return the memberships of the actor's organization, each with its user and organization.

    :raises PermissionDenied: when the role does not allow to read them.
    """
    actor.require(rules.Permission.READ_ORGANIZATION)
    return Membership.objects.filter(organization_id=actor.organization_id).select_related("user", "organization")


def get_member(*, actor: Actor, membership_id: UUID) -> Membership:
    """Return one membership of the actor's organization.

    :raises MemberNotFound: when the organization has no such member.
    :raises PermissionDenied: when the role does not allow to read it.
    """
    membership = list_members(actor=actor).filter(id=membership_id).first()
    if membership is None:
        raise MemberNotFound
    return membership


def get_first_organization_id(*, name: str) -> UUID:
    """Return the id of the oldest organization of this name.

    :raises NotFound: when there is none.
    """
    organization = Organization.objects.filter(name=name).order_by("id").first()
    if organization is None:
        raise errors.NotFound
    return organization.id


def _actor(person: Person, organization_id: UUID, role: str) -> Actor:
    return Actor(
        user_id=person.user_id,
        session_id=person.session_id,
        organization_id=organization_id,
        role=role,
        permissions=rules.PERMISSIONS[rules.Role(role)],
    )


def _list_holders(*columns: str) -> QuerySet[Any, Row]:
    live = users.list_live_sessions(
        token_hash=Parameter("token_hash", CharField()), at=Parameter("at", DateTimeField())
    )
    here = Q(user__memberships__organization_id=Parameter("organization_id", UUIDField()))
    membership = FilteredRelation("user__memberships", condition=here)
    return live.annotate(membership=membership).values_list("id", "user_id", "last_seen_at", *columns)


# Whoever calls anything comes by here: not even Django's building of the query is worth its time again.
_holders = Statement(_list_holders)
_holders_with_role = Statement(lambda: _list_holders("membership__role"))
