"""Which organizations are there for this person, and who belongs to them?"""

from uuid import UUID

from django.db.models import QuerySet

from apps.organizations import rules
from apps.organizations.errors import MemberNotFound
from apps.organizations.models import Membership, Organization
from kit import errors
from kit.actor import Actor, Person


def get_actor(*, person: Person, organization_id: UUID) -> Actor:
    """Return the person as an actor, with what their role in the organization allows.

    :raises NotFound: when they do not belong to it; whether it exists is not told.
    """
    roles = Membership.objects.values_list("role", flat=True)
    try:
        # Not `first()`: it orders by id, and to find one row PostgreSQL would walk all members in that order.
        role = rules.Role(roles.get(user_id=person.user_id, organization_id=organization_id))
    except Membership.DoesNotExist:
        raise errors.NotFound from None
    return Actor(
        user_id=person.user_id,
        session_id=person.session_id,
        organization_id=organization_id,
        role=role,
        permissions=rules.PERMISSIONS[role],
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


def get_first_organization_id(*, name: str) -> UUID:
    """Return the id of the oldest organization of this name.

    :raises NotFound: when there is none.
    """
    organization = Organization.objects.filter(name=name).order_by("id").first()
    if organization is None:
        raise errors.NotFound
    return organization.id
