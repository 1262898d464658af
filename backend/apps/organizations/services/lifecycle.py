"""How does an organization end? Staff suspend and reinstate it; owners delete it, and may restore it for a while."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from apps.audit import services as audit
from apps.audit.rules import PLATFORM, Scope, difference
from apps.organizations import rules
from apps.organizations.errors import (
    AlreadySuspended,
    DeletionAlreadyScheduled,
    DeletionNotScheduled,
    NotSuspended,
    OrganizationNotFound,
    OrganizationSuspended,
)
from apps.organizations.models import Organization
from apps.organizations.services import turns
from kit import errors, transactions
from kit.actor import Actor, Person


@transactions.atomic
def schedule_deletion(*, actor: Actor, at: datetime) -> Organization:
    """Close the actor's organization to changes, and have it removed when its grace is over.

    :raises PermissionDenied: when the role does not allow it.
    :raises OrganizationSuspended: when it is suspended.
    :raises DeletionAlreadyScheduled: when its deletion is scheduled already.
    """
    organization = _own(actor)
    if organization.deletion_scheduled_at:
        raise DeletionAlreadyScheduled
    changes = {"deletion_scheduled_at": at + rules.DELETION_GRACE}
    return _change(organization, actor, "organization.deletion_scheduled", changes)


@transactions.atomic
def restore_organization(*, actor: Actor) -> Organization:
    """Call the deletion off, as long as it has not come to pass.

    :raises PermissionDenied: when the role does not allow it.
    :raises OrganizationSuspended: when it is suspended.
    :raises DeletionNotScheduled: when no deletion is scheduled.
    """
    organization = _own(actor)
    if not organization.deletion_scheduled_at:
        raise DeletionNotScheduled
    return _change(organization, actor, "organization.restored", {"deletion_scheduled_at": None})


@transactions.atomic
def suspend_organization(*, person: Person, organization_id: UUID, reason: str, at: datetime) -> Organization:
    """Close an organization to changes and to API keys, for staff.

    :raises StaffOnly: when the person is none of the staff.
    :raises OrganizationNotFound: when there is none with this id.
    :raises AlreadySuspended: when it is suspended already.
    """
    organization = _any(person, organization_id)
    if organization.suspended_at:
        raise AlreadySuspended
    changes = {"suspended_at": at, "suspension_reason": reason}
    return _change(organization, person, "organization.suspended", changes)


@transactions.atomic
def reinstate_organization(*, person: Person, organization_id: UUID) -> Organization:
    """Open a suspended organization again, for staff.

    :raises StaffOnly: when the person is none of the staff.
    :raises OrganizationNotFound: when there is none with this id.
    :raises NotSuspended: when it is not suspended.
    """
    organization = _any(person, organization_id)
    if not organization.suspended_at:
        raise NotSuspended
    return _change(organization, person, "organization.reinstated", {"suspended_at": None, "suspension_reason": ""})


def remove_due_organizations(*, at: datetime) -> int:
    """Remove the organizations whose grace is over, each in a transaction of its own, and return how many there were.

    One that is suspended stays until staff decided: what it did may have to be looked into.
    """
    return sum(_remove(organization_id, at) for organization_id in list(_due(at).values_list("id", flat=True)))


def _due(at: datetime) -> QuerySet[Organization]:
    return Organization.objects.filter(deletion_scheduled_at__lte=at, suspended_at=None)


@transaction.atomic
def _remove(organization_id: UUID, at: datetime) -> bool:
    # Asked again under the lock: an owner may have restored it, or staff suspended it, meanwhile.
    organization = _due(at).select_for_update(no_key=True).filter(id=organization_id).first()
    if organization is not None:
        was = {"deletion_scheduled_at": (organization.deletion_scheduled_at, None)}
        organization.delete()
        audit.forget(scope=Scope.organization(organization_id))
        gone = Organization(id=organization_id)
        audit.record(scope=PLATFORM, by=None, action="organization.removed", target=gone, changes=was)
    return organization is not None


def _change(organization: Organization, by: Actor | Person, action: str, changes: Mapping[str, object]) -> Organization:
    changed = difference({name: getattr(organization, name) for name in changes}, changes)
    for name, value in changes.items():
        setattr(organization, name, value)
    organization.save(update_fields=changes)
    scope = Scope.organization(organization.id)
    audit.record(scope=scope, by=by, action=action, target=organization, changes=changed)
    return organization


def _own(actor: Actor) -> Organization:
    actor.require(rules.Permission.DELETE_ORGANIZATION)
    # Not `take_turn`: whoever restores an organization finds it closed.
    organization = turns.lock_organization(organization_id=actor.organization_id)
    if organization is None:
        raise errors.NotFound
    if organization.suspended_at:
        raise OrganizationSuspended
    return organization


def _any(person: Person, organization_id: UUID) -> Organization:
    person.require_staff()
    organization = turns.lock_organization(organization_id=organization_id)
    if organization is None:
        raise OrganizationNotFound
    return organization
