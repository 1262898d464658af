"""Which organizations are there for this person, who belongs to them, and who else may come in?"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet

from apps.organizations import rules
from apps.organizations.errors import (
    ApiKeyNotFound,
    InvitationNotFound,
    MemberNotFound,
    OrganizationClosing,
    OrganizationSuspended,
    TransferNotFound,
)
from apps.organizations.models import ApiKey, Invitation, Membership, Organization, OwnershipTransfer
from kit import errors, tokens
from kit.actor import Actor, Key, Person


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


def get_actor(*, person: Person, organization_id: UUID) -> Actor:
    """Return the person as an actor, with what their role in the organization allows at the moment.

    :raises NotFound: when they do not belong to it; whether it exists is not told.
    """
    state = Membership.objects.values_list("role", "organization__suspended_at", "organization__deletion_scheduled_at")
    try:
        # Not `first()`: it orders by id, and to find one row PostgreSQL would walk all members in that order.
        role, suspended_at, deletion_at = state.get(user_id=person.user_id, organization_id=organization_id)
    except Membership.DoesNotExist:
        raise errors.NotFound from None
    return _actor(person, organization_id, role, closed_by=_closed_by(suspended_at, deletion_at))


def get_live_key(*, token: str, at: datetime) -> LiveKey | None:
    """Return the unexpired API key of this token, whose creator is still a member with an open account; else None."""
    # The last condition joins the creator's membership, from which the role is read.
    live = ApiKey.objects.filter(
        Q(expires_at=None) | Q(expires_at__gt=at),
        token_hash=tokens.token_hash(token),
        created_by__is_active=True,
        created_by__memberships__organization_id=F("organization_id"),
    )
    try:
        found = live.values_list(
            "id",
            "organization_id",
            "created_by_id",
            "created_by__memberships__role",
            "scopes",
            "last_used_at",
            "organization__suspended_at",
            "organization__deletion_scheduled_at",
        ).get()
    except ApiKey.DoesNotExist:
        return None
    return LiveKey(
        id=found[0],
        organization_id=found[1],
        creator_id=found[2],
        creator_role=found[3],
        scopes=found[4],
        last_used_at=found[5],
        closed_by=_closed_by(*found[6:]),
    )


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


def list_api_keys(*, actor: Actor) -> QuerySet[ApiKey]:
    """Return the API keys of the actor's organization, each with who created it.

    :raises PermissionDenied: when the role does not allow to read them.
    """
    actor.require(rules.Permission.MANAGE_KEYS)
    return ApiKey.objects.filter(organization_id=actor.organization_id).select_related("created_by")


def get_api_key(*, actor: Actor, key_id: UUID) -> ApiKey:
    """Return one API key of the actor's organization.

    :raises ApiKeyNotFound: when the organization has no such key.
    :raises PermissionDenied: when the role does not allow to read it.
    """
    key = list_api_keys(actor=actor).filter(id=key_id).first()
    if key is None:
        raise ApiKeyNotFound
    return key


def list_invitations(*, actor: Actor) -> QuerySet[Invitation]:
    """Return the invitations of the actor's organization, expired ones too, each with who invited.

    :raises PermissionDenied: when the role does not allow to read them.
    """
    actor.require(rules.Permission.MANAGE_MEMBERS)
    return Invitation.objects.filter(organization_id=actor.organization_id).select_related("invited_by")


def get_invitation(*, actor: Actor, invitation_id: UUID) -> Invitation:
    """Return one invitation of the actor's organization.

    :raises InvitationNotFound: when the organization has no such invitation.
    :raises PermissionDenied: when the role does not allow to read it.
    """
    invitation = list_invitations(actor=actor).filter(id=invitation_id).first()
    if invitation is None:
        raise InvitationNotFound
    return invitation


def get_open_invitation(*, token: str, at: datetime) -> Invitation:
    """Return the invitation that the token opens.

    :raises InvitationNotFound: when it opens none: made up, used, revoked, or expired.
    """
    try:
        return Invitation.objects.get(token_hash=tokens.token_hash(token), expires_at__gt=at)
    except Invitation.DoesNotExist:
        raise InvitationNotFound from None


def get_ownership_transfer(*, actor: Actor, at: datetime) -> OwnershipTransfer:
    """Return the offer of the ownership of the actor's organization that is open, with both people.

    :raises TransferNotFound: when there is none.
    :raises PermissionDenied: when the role does not allow to read it.
    """
    actor.require(rules.Permission.READ_ORGANIZATION)
    offers = OwnershipTransfer.objects.select_related("offered_by", "offered_to")
    try:
        return offers.get(organization_id=actor.organization_id, expires_at__gt=at)
    except OwnershipTransfer.DoesNotExist:
        raise TransferNotFound from None


def list_all_organizations(*, person: Person) -> QuerySet[Organization]:
    """Return every organization, for staff.

    :raises StaffOnly: when the person is none of the staff.
    """
    person.require_staff()
    return Organization.objects.all()


def get_first_organization_id(*, name: str) -> UUID:
    """Return the id of the oldest organization of this name.

    :raises NotFound: when there is none.
    """
    organization = Organization.objects.filter(name=name).order_by("id").first()
    if organization is None:
        raise errors.NotFound
    return organization.id


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
