"""Who acts? Built once at the door, so that authorization in a service costs no query."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from kit import errors


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who signed in, for what concerns nobody but themselves."""

    is_authenticated: ClassVar[bool] = True  # Django REST Framework asks its `request.user`

    user_id: UUID
    session_id: UUID

    @property
    def caller_id(self) -> UUID:
        """Whose requests these are: what is kept for a caller is kept under this id."""
        return self.user_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor(Person):
    """A person in their role in one organization: whatever an actor reads or writes belongs to that organization."""

    organization_id: UUID
    role: str
    permissions: frozenset[str]

    def require(self, permission: str) -> None:
        """Return when the actor's role grants `permission`.

        :raises PermissionDenied: when it does not.
        """
        if permission not in self.permissions:
            raise errors.PermissionDenied(f"Your role does not grant “{permission}” in this organization.")
