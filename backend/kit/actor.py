"""Who acts? Built once at the door, so that authorization in a service costs no query."""

from dataclasses import dataclass, field
from typing import ClassVar
from uuid import UUID

from kit import errors


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person who acts, and in which organization and role, if any."""

    is_authenticated: ClassVar[bool] = True  # Django REST Framework asks its `request.user`

    user_id: UUID
    session_id: UUID
    organization_id: UUID | None = None
    role: str | None = None
    permissions: frozenset[str] = field(default=frozenset())

    def require(self, permission: str) -> None:
        """Return when the actor's role grants `permission`.

        :raises PermissionDenied: when it does not.
        """
        if permission not in self.permissions:
            raise errors.PermissionDenied(f"Your role does not grant “{permission}” in this organization.")
