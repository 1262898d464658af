"""Who comes in with this token, and what may they do in this organization at the moment?"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import CharField, DateTimeField, F, Q, QuerySet, UUIDField

from apps.organizations import rules
from apps.organizations.errors import OrganizationClosing, OrganizationSuspended
from apps.organizations.models import ApiKey, Membership
from apps.users import selectors as users
from kit import errors, tokens
from kit.actor import Actor, Key, Person
from kit.statements import Parameter, Row, Statement

MEMBERSHIP = ("role", "organization__suspended_at", "organization__deletion_scheduled_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearer:
    """Who holds a session's token, when they were last seen, and who they are in the organization that was asked for.

    `actor` is None when none was asked for, or when they do not belong to it.
    """

    person: Person
    last_seen_at: datetime
    actor: Actor | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveKey:
    """An API key that opens its organization at the moment, as the door needs it."""

    id: UUID
    organization_id: UUID
    creator_id: UUID
    creator_role: str
    scopes: list[str]
    last_used_at: datetime | None
    closed_by: type[errors.Refusal] | None
    """Why the organization is closed to keys, when it is."""

    def actor(self) -> Actor:
        """Return the key as an actor: its scopes, capped by what its creator may do now.

        :raises OrganizationSuspended: when the organization is suspended.
        :raises OrganizationClosing: when it will be deleted.
        """
        if self.closed_by:
            raise self.closed_by
        return Actor(
            by=Key(id=self.id, creator_id=self.creator_id),
            organization_id=self.organization_id,
            role=self.creator_role,
            permissions=rules.key_permissions(rules.Role(self.creator_role), self.scopes),
        )


def get_bearer(*, token: str, organization_id: UUID | None, at: datetime) -> Bearer | None:
    """Return who holds the session's `token`, None when it opens no session.

    One query finds them with their membership. Only for those who will be refused, a second tells why.
    """
    given = {"token_hash": tokens.token_hash(token), "at": at}
    found = _members.rows(**given, organization_id=organization_id) if organization_id else []
    found = found or _holders.rows(**given)
    if not found:
        return None
    session_id, user_id, last_seen_at, impersonator_id, is_staff, *membership = found[0]
    person = Person(user_id=user_id, session_id=session_id, is_staff=is_staff, impersonator_id=impersonator_id)
    actor = None
    if organization_id and membership:
        role, *closing = membership
        actor = _actor(person, organization_id, role, closed_by=_closed_by(*closing))
    return Bearer(person=person, last_seen_at=last_seen_at, actor=actor)


def get_actor(*, person: Person, organization_id: UUID) -> Actor:
    """Return the person as an actor, with what their role in the organization allows at the moment.

    :raises NotFound: when they do not belong to it; whether it exists is not told.
    """
    memberships = Membership.objects.values_list(*MEMBERSHIP)
    try:
        # Not `first()`: it orders by id, and to find one row PostgreSQL would walk all members in that order.
        role, *closing = memberships.get(user_id=person.user_id, organization_id=organization_id)
    except Membership.DoesNotExist:
        raise errors.NotFound from None
    return _actor(person, organization_id, role, closed_by=_closed_by(*closing))


def get_live_key(*, token: str, at: datetime) -> LiveKey | None:
    """Return the unexpired API key of this token, whose creator is still a member with an open account; else None."""
    found = _keys.rows(token_hash=tokens.token_hash(token), at=at)
    if not found:
        return None
    key_id, organization_id, creator_id, role, scopes, last_used_at, *closing = found[0]
    return LiveKey(
        id=key_id,
        organization_id=organization_id,
        creator_id=creator_id,
        creator_role=role,
        scopes=scopes,
        last_used_at=last_used_at,
        closed_by=_closed_by(*closing),
    )


def _actor(person: Person, organization_id: UUID, role: str, *, closed_by: type[errors.Refusal] | None) -> Actor:
    granted = rules.PERMISSIONS[rules.Role(role)]
    withheld = _withheld(granted, closed_by=closed_by, is_impersonated=person.impersonator_id is not None)
    permissions = granted - withheld.keys()
    return Actor(by=person, organization_id=organization_id, role=role, permissions=permissions, withheld=withheld)


def _closed_by(suspended_at: datetime | None, deletion_scheduled_at: datetime | None) -> type[errors.Refusal] | None:
    if suspended_at:
        return OrganizationSuspended
    return OrganizationClosing if deletion_scheduled_at else None


def _withheld(
    granted: frozenset[rules.Permission], *, closed_by: type[errors.Refusal] | None, is_impersonated: bool
) -> dict[str, type[errors.Refusal]]:
    withheld: dict[str, type[errors.Refusal]] = {}
    if closed_by:
        # Whoever deletes an organization may also restore it, but one that is suspended is for staff to decide.
        kept = {rules.Permission.DELETE_ORGANIZATION} if closed_by is OrganizationClosing else set()
        withheld |= dict.fromkeys(granted - rules.READING - kept, closed_by)
    if is_impersonated:
        withheld |= dict.fromkeys(granted & rules.IN_PERSON, errors.NotWhileImpersonating)
    return withheld


def _list_holders(*columns: str, **conditions: Parameter) -> QuerySet[Any, Row]:
    live = users.list_live_sessions(
        token_hash=Parameter("token_hash", CharField()), at=Parameter("at", DateTimeField())
    ).filter(**conditions)
    return live.values_list("id", "user_id", "last_seen_at", "impersonator_id", "user__is_staff", *columns)


def _list_members() -> QuerySet[Any, Row]:
    # The condition joins the membership, from which the columns are read.
    here = {"user__memberships__organization_id": Parameter("organization_id", UUIDField())}
    return _list_holders(*(f"user__memberships__{column}" for column in MEMBERSHIP), **here)


def _list_live_keys() -> QuerySet[Any, Row]:
    at = Parameter("at", DateTimeField())
    # The last condition joins the creator's membership, from which the role is read.
    live = ApiKey.objects.filter(
        Q(expires_at=None) | Q(expires_at__gt=at),
        token_hash=Parameter("token_hash", CharField()),
        created_by__is_active=True,
        created_by__memberships__organization_id=F("organization_id"),
    )
    return live.values_list(
        "id",
        "organization_id",
        "created_by_id",
        "created_by__memberships__role",
        "scopes",
        "last_used_at",
        "organization__suspended_at",
        "organization__deletion_scheduled_at",
    )


# Whoever calls anything comes by here: not even Django's building of the query is worth its time again.
_holders = Statement(_list_holders)
_members = Statement(_list_members)
_keys = Statement(_list_live_keys)
