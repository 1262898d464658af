"""What can happen to an organization and its members?"""

from uuid import UUID

from django.db.models import Q

from apps.audit import services as audit
from apps.audit.rules import Scope, difference
from apps.organizations import rules, selectors
from apps.organizations.errors import LastOwnerCannotLeave
from apps.organizations.models import Membership, Organization, OwnershipTransfer
from apps.organizations.services import turns
from kit import transactions
from kit.actor import Actor, Person
from kit.expectations import Expectation, anything


@transactions.atomic
def create_organization(*, name: str, owner_id: UUID, by: Actor | Person | None = None) -> Organization:
    """Create an organization with its first member, the owner. `by` is None where the platform itself does it."""
    organization = Organization.objects.create(name=name)
    Membership.objects.create(organization=organization, user_id=owner_id, role=rules.Role.OWNER)
    made = difference({}, {"name": name, "owner_id": owner_id})
    audit.record(
        scope=Scope.organization(organization.id),
        by=by,
        action="organization.created",
        target=organization,
        changes=made,
    )
    return organization


@transactions.atomic
def update_organization(*, actor: Actor, name: str, expect: Expectation = anything) -> Organization:
    """Rename the actor's organization.

    :raises PermissionDenied: when the role does not allow it.
    :raises PreconditionFailed: when it is not as expected.
    """
    actor.require(rules.Permission.MANAGE_ORGANIZATION)
    organization = turns.take_turn(actor=actor)
    expect(organization)
    changes = difference({"name": organization.name}, {"name": name})
    organization.name = name
    organization.save(update_fields=["name"])
    audit.record(
        scope=Scope.organization(organization.id),
        by=actor,
        action="organization.renamed",
        target=organization,
        changes=changes,
    )
    return organization


@transactions.atomic
def add_member(
    *, organization_id: UUID, user_id: UUID, role: rules.Role, by: Actor | Person | None = None
) -> Membership:
    """Make a person a member. For callers that have the person's consent: it asks for no permission.

    :raises IntegrityError: when they are one already.
    """
    membership = Membership.objects.create(organization_id=organization_id, user_id=user_id, role=role)
    made = difference({}, {"user_id": user_id, "role": role})
    audit.record(
        scope=Scope.organization(organization_id), by=by, action="member.added", target=membership, changes=made
    )
    return membership


@transactions.atomic
def change_role(*, actor: Actor, membership_id: UUID, role: rules.Role, expect: Expectation = anything) -> Membership:
    """Give a member another role.

    :raises PermissionDenied: when the actor's role does not allow it.
    :raises MemberNotFound: when the organization has no such member.
    :raises RoleNotBelowYours: when the member's present or new role does not stand below the actor's.
    :raises PreconditionFailed: when the member is not as expected.
    """
    actor.require(rules.Permission.MANAGE_MEMBERS)
    turns.take_turn(actor=actor)
    membership = selectors.get_member(actor=actor, membership_id=membership_id)
    turns.require_above(actor=actor, roles=[membership.role, role])
    expect(membership)
    changes = difference({"role": membership.role}, {"role": role})
    membership.role = role
    membership.save(update_fields=["role"])
    audit.record(
        scope=Scope.organization(actor.organization_id),
        by=actor,
        action="member.role_changed",
        target=membership,
        changes=changes,
    )
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
    turns.take_turn(actor=actor)
    membership = selectors.get_member(actor=actor, membership_id=membership_id)
    leaves = membership.user_id == actor.user_id
    if not leaves:
        actor.require(rules.Permission.MANAGE_MEMBERS)
        turns.require_above(actor=actor, roles=[membership.role])
        expect(membership)
    elif membership.role == rules.Role.OWNER and not _has_other_owner(membership):
        raise LastOwnerCannotLeave
    # Who goes takes along the ownership that they offered, or were offered.
    touched = Q(offered_by_id=membership.user_id) | Q(offered_to_id=membership.user_id)
    OwnershipTransfer.objects.filter(touched, organization_id=membership.organization_id).delete()
    was = {"user_id": (membership.user_id, None), "role": (membership.role, None)}
    audit.record(
        scope=Scope.organization(actor.organization_id),
        by=actor,
        action="member.left" if leaves else "member.removed",
        target=membership,
        changes=was,
    )
    membership.delete()


def _has_other_owner(membership: Membership) -> bool:
    owners = Membership.objects.filter(organization_id=membership.organization_id, role=rules.Role.OWNER)
    return owners.exclude(id=membership.id).exists()
