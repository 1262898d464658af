"""Whose turn is it? Changes to one organization take turns, and none is made to one that is closed to changes."""

from uuid import UUID

from apps.organizations import rules
from apps.organizations.errors import OrganizationClosing, OrganizationSuspended, RoleNotBelowYours
from apps.organizations.models import Organization
from kit import errors
from kit.actor import Actor


def take_turn(*, actor: Actor) -> Organization:
    """Return the actor's organization, locked until the transaction ends.

    Without turns two owners could leave at the same moment. The state is asked again, since it may have changed after
    the actor came in.

    :raises OrganizationSuspended: when it is suspended.
    :raises OrganizationClosing: when it will be deleted.
    :raises NotFound: when it was removed meanwhile.
    """
    organization = lock_organization(organization_id=actor.organization_id)
    if organization is None:
        raise errors.NotFound
    if organization.suspended_at:
        raise OrganizationSuspended
    if organization.deletion_scheduled_at:
        raise OrganizationClosing
    return organization


def lock_organization(*, organization_id: UUID) -> Organization | None:
    """Return the organization, locked until the transaction ends, in whatever state it is; None when there is none."""
    # No key: rows that refer to it may be written meanwhile.
    return Organization.objects.select_for_update(no_key=True).filter(id=organization_id).first()


def require_above(*, actor: Actor, roles: list[str]) -> None:
    """Return when every role stands below the actor's.

    :raises RoleNotBelowYours: when one does not.
    """
    if not all(rules.is_below(role, actor.role) for role in roles):
        raise RoleNotBelowYours
