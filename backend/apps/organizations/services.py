"""What can happen to an organization and its members?"""

from uuid import UUID

from django.db import transaction

from apps.audit import services as audit
from apps.audit.rules import Changes, Scope, difference
from apps.organizations import rules, selectors
from apps.organizations.errors import LastOwnerCannotLeave, RoleNotBelowYours
from apps.organizations.models import Membership, Organization
from kit.actor import Actor, Person


@transaction.atomic
def create_organization(*, name: str, owner_id: UUID, by: Person | None = None) -> Organization:
    """Create an organization with its first member, the owner. `by` is None where the platform itself does it."""
    organization = Organization.objects.create(name=name)
    Membership.objects.create(organization=organization, user_id=owner_id, role=rules.Role.OWNER)
    made = difference({}, {"name": name, "owner_id": owner_id})
    _record(organization.id, by, "organization.created", organization, made)
    return organization


@transaction.atomic
def update_organization(*, actor: Actor, name: str) -> Organization:
    """Rename the actor's organization.

    :raises PermissionDenied: when the role does not allow it.
    """
    actor.require(rules.Permission.MANAGE_ORGANIZATION)
    organization = _locked_organization(actor)
    changes = difference({"name": organization.name}, {"name": name})
    organization.name = name
    organization.save(update_fields=["name"])
    _record(organization.id, actor, "organization.renamed", organization, changes)
    return organization


@transaction.atomic
def add_member(*, organization_id: UUID, user_id: UUID, role: rules.Role, by: Person | None = None) -> Membership:
    """Make a person a member. For callers that have the person's consent: it asks for no permission.

    :raises IntegrityError: when they are one already.
    """
    membership = Membership.objects.create(organization_id=organization_id, user_id=user_id, role=role)
    made = difference({}, {"user_id": user_id, "role": role})
    _record(organization_id, by, "member.added", membership, made)
    return membership


@transaction.atomic
def change_role(*, actor: Actor, membership_id: UUID, role: rules.Role) -> Membership:
    """Give a member another role.

    :raises PermissionDenied: when the actor's role does not allow it.
    :raises MemberNotFound: when the organization has no such member.
    :raises RoleNotBelowYours: when the member's present or new role does not stand below the actor's.
    """
    actor.require(rules.Permission.MANAGE_MEMBERS)
    _locked_organization(actor)
    membership = selectors.get_member(actor=actor, membership_id=membership_id)
    _require_above(actor, membership.role, role)
    changes = difference({"role": membership.role}, {"role": role})
    membership.role = role
    membership.save(update_fields=["role"])
    _record(actor.organization_id, actor, "member.role_changed", membership, changes)
    return membership


@transaction.atomic
def remove_member(*, actor: Actor, membership_id: UUID) -> None:
    """Remove a member. Everybody may leave; others are removed by those above them.

    :raises PermissionDenied: when the actor's role does not allow it.
    :raises MemberNotFound: when the organization has no such member.
    :raises RoleNotBelowYours: when the member's role does not stand below the actor's.
    :raises LastOwnerCannotLeave: when no owner would remain.
    """
    _locked_organization(actor)
    membership = selectors.get_member(actor=actor, membership_id=membership_id)
    leaves = membership.user_id == actor.user_id
    if not leaves:
        actor.require(rules.Permission.MANAGE_MEMBERS)
        _require_above(actor, membership.role)
    elif membership.role == rules.Role.OWNER and not _has_other_owner(membership):
        raise LastOwnerCannotLeave
    was = {"user_id": (membership.user_id, None), "role": (membership.role, None)}
    _record(actor.organization_id, actor, "member.left" if leaves else "member.removed", membership, was)
    membership.delete()


def _record(
    organization_id: UUID, by: Person | None, action: str, target: Organization | Membership, changes: Changes
) -> None:
    audit.record(scope=Scope.organization(organization_id), by=by, action=action, target=target, changes=changes)


def _locked_organization(actor: Actor) -> Organization:
    # Changes to one organization's members take turns, else two owners could leave at the same moment.
    return Organization.objects.select_for_update(no_key=True).get(id=actor.organization_id)


def _require_above(actor: Actor, *roles: str) -> None:
    if not all(rules.is_below(role, actor.role) for role in roles):
        raise RoleNotBelowYours


def _has_other_owner(membership: Membership) -> bool:
    owners = Membership.objects.filter(organization_id=membership.organization_id, role=rules.Role.OWNER)
    return owners.exclude(id=membership.id).exists()
