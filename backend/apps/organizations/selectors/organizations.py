"""Which organizations are there for this person, who belongs to them, and who else may come in?"""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from apps.organizations import rules
from apps.organizations.errors import InvitationNotFound, MemberNotFound, TransferNotFound
from apps.organizations.models import ApiKey, Invitation, Membership, Organization, OwnershipTransfer
from kit import errors, tokens
from kit.actor import Actor, Person


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
