"""What can happen to an organization and its members?"""

from uuid import UUID

from apps.organizations import rules, selectors
from apps.organizations.errors import LastOwnerCannotLeave, RoleNotBelowYours
from apps.organizations.models import Membership, Organization
from kit import transactions
from kit.actor import Actor
from kit.expectations import Expectation, anything


@transactions.atomic
def create_organization(*, name: str, owner_id: UUID) -> Organization:
    """Create an organization with its first member, the owner."""
    organization = Organization.objects.create(name=name)
    add_member(organization_id=organization.id, user_id=owner_id, role=rules.Role.OWNER)
    return organization


@transactions.atomic
def update_organization(*, actor: Actor, name: str, expect: Expectation = anything) -> Organization:
    """Rename the actor's organization.

    :raises PermissionDenied: when the role does not allow it.
    :raises PreconditionFailed: when it is not as expected.
    """
    actor.require(rules.Permission.MANAGE_ORGANIZATION)
    organization = _locked_organization(actor)
    expect(organization)
    organization.name = name
    organization.save(update_fields=["name"])
    return organization


@transactions.atomic
def add_member(*, organization_id: UUID, user_id: UUID, role: rules.Role) -> Membership:
    """Make a person a member. For callers that have the person's consent: it asks for no permission.

    :raises IntegrityError: when they are one already.
    """
    return Membership.objects.create(organization_id=organization_id, user_id=user_id, role=role)


@transactions.atomic
def change_role(*, actor: Actor, membership_id: UUID, role: rules.Role, expect: Expectation = anything) -> Membership:
    """Give a member another role.

    :raises PermissionDenied: when the actor's role does not allow it.
    :raises MemberNotFound: when the organization has no such member.
    :raises RoleNotBelowYours: when the member's present or new role does not stand below the actor's.
    :raises PreconditionFailed: when the member is not as expected.
    """
    actor.require(rules.Permission.MANAGE_MEMBERS)
    _locked_organization(actor)
    membership = selectors.get_member(actor=actor, membership_id=membership_id)
    _require_above(actor, membership.role, role)
    expect(membership)
    membership.role = role
    membership.save(update_fields=["role"])
    return membership


@transactions.atomic
def remove_member(*, actor: Actor, membership_id: UUID, expect: Expectation = anything) -> None:
    """Remove a member. Everybody may leave; others are removed by those above them.

    :raises PermissionDenied: when the actor's role does not allow it.
    :raises MemberNotFound: when the organization has no such member.
    :raises RoleNotBelowYours: when the member's role does not stand below the actor's.
    :raises LastOwnerCannotLeave: when no owner would remain.
    :raises PreconditionFailed: when another member, who is to be removed, is not as expected.
    """
    _locked_organization(actor)
    membership = selectors.get_member(actor=actor, membership_id=membership_id)
    if membership.user_id != actor.user_id:
        actor.require(rules.Permission.MANAGE_MEMBERS)
        _require_above(actor, membership.role)
        expect(membership)
    elif membership.role == rules.Role.OWNER and not _has_other_owner(membership):
        raise LastOwnerCannotLeave
    membership.delete()


def _locked_organization(actor: Actor) -> Organization:
    # Changes to one organization's members take turns, else two owners could leave at the same moment.
    return Organization.objects.select_for_update().get(id=actor.organization_id)


def _require_above(actor: Actor, *roles: str) -> None:
    if not all(rules.is_below(role, actor.role) for role in roles):
        raise RoleNotBelowYours


def _has_other_owner(membership: Membership) -> bool:
    owners = Membership.objects.filter(organization_id=membership.organization_id, role=rules.Role.OWNER)
    return owners.exclude(id=membership.id).exists()
