"""Who acts? Built once at the door, so that authorization in a service costs no query."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar
from uuid import UUID

from kit import errors


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who signed in, for what concerns nobody but themselves."""

    is_authenticated: ClassVar[bool] = True  # Django REST Framework asks its `request.user`

    user_id: UUID
    session_id: UUID
    is_staff: bool = False
    impersonator_id: UUID | None = None
    """Who of the staff really acts, in the name of `user_id`."""

    @property
    def identity(self) -> tuple[str, UUID]:
        """What acts, and which: as the audit log tells it."""
        return "user", self.user_id

    @property
    def caller_id(self) -> UUID:
        """Whose requests these are: what is kept for a caller is kept under this id."""
        # Staff hear nothing of what the person asked, nor the other way round.
        return self.session_id if self.impersonator_id else self.user_id

    def require_in_person(self) -> None:
        """Return when it is the person themselves who acts.

        :raises NotWhileImpersonating: when staff act in their name.
        """
        if self.impersonator_id:
            raise errors.NotWhileImpersonating

    def require_staff(self) -> None:
        """Return when the person is staff of the platform, and acts as themselves.

        :raises StaffOnly: when not.
        """
        if not self.is_staff or self.impersonator_id:
            raise errors.StaffOnly


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """An API key, and who created it: it never may more than they may at the moment."""

    id: UUID
    creator_id: UUID

    @property
    def identity(self) -> tuple[str, UUID]:
        """What acts, and which: as the audit log tells it."""
        return "api_key", self.id

    @property
    def caller_id(self) -> UUID:
        """Whose requests these are: the key's own, not its creator's."""
        return self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person in their role, or an API key, in one organization: what it reads or writes belongs to that one."""

    is_authenticated: ClassVar[bool] = True

    by: Person | Key
    organization_id: UUID
    role: str
    """The person's own; of a key, its creator's: nobody above it is in reach."""
    permissions: frozenset[str]
    withheld: Mapping[str, type[errors.Refusal]] = field(default_factory=dict)
    """What the role grants but the moment does not, and why not."""

    @property
    def person(self) -> Person | None:
        """Who acts, None when it is a key."""
        return self.by if isinstance(self.by, Person) else None

    @property
    def user_id(self) -> UUID | None:
        """The id of the person who acts, None when it is a key."""
        return self.person.user_id if self.person else None

    @property
    def impersonator_id(self) -> UUID | None:
        """The id of the staff who really act in the person's name, if so."""
        return self.person.impersonator_id if self.person else None

    @property
    def identity(self) -> tuple[str, UUID]:
        """What acts, and which: as the audit log tells it."""
        return self.by.identity

    @property
    def caller_id(self) -> UUID:
        """Whose requests these are: what is kept for a caller is kept under this id."""
        return self.by.caller_id

    def require(self, permission: str) -> None:
        """Return when the actor has `permission`.

        :raises PermissionDenied: when neither role nor scopes grant it.
        :raises Refusal: the reason why it is withheld, when they do.
        """
        if permission in self.withheld:
            raise self.withheld[permission]
        if permission not in self.permissions:
            holder = "Your role" if self.person else "This API key"
            raise errors.PermissionDenied(f"{holder} does not grant “{permission}” in this organization.")

    def require_in_person(self) -> Person:
        """Return the person who acts, when it is they themselves.

        :raises ApiKeyNotAccepted: when it is a key.
        :raises NotWhileImpersonating: when staff act in their name.
        """
        if self.person is None:
            raise errors.ApiKeyNotAccepted
        self.person.require_in_person()
        return self.person
