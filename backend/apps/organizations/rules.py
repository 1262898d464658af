"""Who may do what in an organization, in plain Python."""

from enum import StrEnum

from apps.audit import rules as audit


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
    READ_AUDIT = audit.READ_AUDIT


_MANAGERS = frozenset(
    {
        Permission.READ_ORGANIZATION,
        Permission.MANAGE_ORGANIZATION,
        Permission.MANAGE_MEMBERS,
        Permission.READ_AUDIT,
    }
)
_READERS = frozenset({Permission.READ_ORGANIZATION})

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OWNER: _MANAGERS,
    Role.ADMIN: _MANAGERS,
    Role.BILLING: _READERS,
    Role.MEMBER: _READERS,
    Role.VIEWER: _READERS,
}

_RANKS = {role: rank for rank, role in enumerate(Role)}


def is_below(role: str, other: str) -> bool:
    """Tell whether `role` stands below `other`: nobody manages their peers or hands out their own rank."""
    return _RANKS[Role(role)] < _RANKS[Role(other)]
