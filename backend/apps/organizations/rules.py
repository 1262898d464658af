"""Who may do what in an organization, in plain Python."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from apps.audit import rules as audit

KEY_PREFIX = "slp_live_"  # how the door and secret scanners recognize one
INVITATION_PREFIX = "sli_"
HINT_LENGTH = 4
KEY_SEEN_EVERY = timedelta(minutes=5)
INVITATION_LIFETIME = timedelta(days=7)
TRANSFER_LIFETIME = timedelta(days=7)
DELETION_GRACE = timedelta(days=30)
KEPT_AFTER_EXPIRY = timedelta(days=30)
DEFAULT_OVERLAP = timedelta(days=1)
MAX_OVERLAP = timedelta(days=7)


class Role(StrEnum):
    """From the least to the most: each stands above those before it."""

    VIEWER = "viewer"
    MEMBER = "member"
    BILLING = "billing"
    ADMIN = "admin"
    OWNER = "owner"


class Permission(StrEnum):
    READ_ORGANIZATION = "organization:read"
    MANAGE_ORGANIZATION = "organization:manage"
    MANAGE_MEMBERS = "members:manage"
    MANAGE_KEYS = "keys:manage"
    TRANSFER_OWNERSHIP = "ownership:transfer"
    DELETE_ORGANIZATION = "organization:delete"
    READ_AUDIT = audit.READ_AUDIT


READING = frozenset({Permission.READ_ORGANIZATION, Permission.READ_AUDIT})
"""What stays allowed while an organization is closed to changes."""

IN_PERSON = frozenset({Permission.MANAGE_KEYS, Permission.TRANSFER_OWNERSHIP, Permission.DELETE_ORGANIZATION})
"""What is granted to people themselves alone: no key carries it, and staff in their name do not have it."""

SCOPES = [permission for permission in Permission if permission not in IN_PERSON]
"""What an API key can carry."""

_READERS = frozenset({Permission.READ_ORGANIZATION})
_MANAGERS = READING | {Permission.MANAGE_ORGANIZATION, Permission.MANAGE_MEMBERS, Permission.MANAGE_KEYS}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OWNER: _MANAGERS | {Permission.TRANSFER_OWNERSHIP, Permission.DELETE_ORGANIZATION},
    Role.ADMIN: _MANAGERS,
    Role.BILLING: _READERS,
    Role.MEMBER: _READERS,
    Role.VIEWER: _READERS,
}

_RANKS = {role: rank for rank, role in enumerate(Role)}


def is_below(role: str, other: str) -> bool:
    """Tell whether `role` stands below `other`: nobody manages their peers or hands out their own rank."""
    return _RANKS[Role(role)] < _RANKS[Role(other)]


def is_use_due(last_used_at: datetime | None, at: datetime) -> bool:
    """Tell whether the last use that was noted is old enough to be worth a write."""
    return last_used_at is None or at - last_used_at >= KEY_SEEN_EVERY


def successor_expires_at(created_at: datetime, expires_at: datetime | None, at: datetime) -> datetime | None:
    """Return when a key ends that takes at `at` the place of another: it lives as long as that one was meant to."""
    return None if expires_at is None else at + (expires_at - created_at)


def retires_at(expires_at: datetime | None, at: datetime, overlap: timedelta) -> datetime:
    """Return when a key ends whose successor was made at `at`: after the overlap, but no later than it would have."""
    end = at + overlap
    return end if expires_at is None else min(end, expires_at)


def key_permissions(role: Role, scopes: Iterable[str]) -> frozenset[str]:
    """Return what a key may do: what it was given, as far as its creator may do it in the present role."""
    return frozenset(scopes) & (PERMISSIONS[role] - IN_PERSON)
