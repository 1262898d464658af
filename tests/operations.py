"""A request for each operation that goes well, and so can be made to go wrong in one way at a time."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self
from uuid import UUID

from rest_framework.test import APIClient

from apps.organizations.models import Organization
from apps.organizations.rules import DELETION_GRACE
from apps.users.models import User
from apps.users.services import hash_password
from kit import clock
from tests.architecture.api import Operation, operation
from tests.cast import Cast, membership_of
from tests.clients import SignedInClient, client_of
from tests.factories.organizations import ApiKeyFactory, InvitationFactory, OwnershipTransferFactory
from tests.factories.users import SessionFactory, UserFactory

PASSWORD = "correct horse"
CREDENTIALS = {"email": "alice@slipway.test", "password": PASSWORD}
INVITED = "sli_given_to_charlie"
DANA = "sli_given_to_dana"

type Body = Callable[[Cast], object] | object

# Who calls each operation, and with what. A new operation needs its line here, its ids in `IDS`, and in `BEFORE` what
# has to be so for it to go well.
GOOD: dict[str, tuple[str, Body]] = {
    "accept_invitation": ("charlie", {"token": INVITED}),
    "accept_ownership": ("bob", None),
    "change_role": ("alice", {"role": "admin"}),
    "create_api_key": ("alice", {"name": "Nightly export", "scopes": ["organization:read"]}),
    "create_invitation": ("alice", {"email": "eve@slipway.test", "role": "member"}),
    "create_organization": ("alice", {"name": "Barges"}),
    "decline_invitation": ("", {"token": INVITED}),
    "decline_ownership": ("bob", None),
    "end_impersonation": ("staff", None),
    "impersonate_user": ("staff", {"reason": "Ticket 4711"}),
    "join_as_new": ("", {"token": DANA, "name": "Dana Deck", "password": "anchors-aweigh-now"}),
    "list_all_organizations": ("staff", None),
    "list_api_keys": ("alice", None),
    "list_audit_entries": ("alice", None),
    "list_impersonations": ("staff", None),
    "list_invitations": ("alice", None),
    "list_members": ("alice", None),
    "list_organizations": ("alice", None),
    "list_sessions": ("alice", None),
    "list_users": ("staff", None),
    "offer_ownership": ("alice", lambda cast: {"membership_id": str(membership_of(cast.bob).id)}),
    "read_api_key": ("alice", None),
    "read_invitation": ("alice", None),
    "read_me": ("alice", None),
    "read_member": ("alice", None),
    "read_organization": ("alice", None),
    "read_ownership_transfer": ("alice", None),
    "reinstate_organization": ("staff", None),
    "remove_member": ("alice", None),
    "resend_invitation": ("alice", None),
    "restore_organization": ("alice", None),
    "revoke_api_key": ("alice", None),
    "revoke_invitation": ("alice", None),
    "revoke_session": ("alice", None),
    "rotate_api_key": ("alice", {"overlap_seconds": 60}),
    "schedule_deletion": ("alice", None),
    "sign_in": ("", CREDENTIALS),
    "sign_out": ("alice", None),
    "suspend_organization": ("staff", {"suspension_reason": "Ticket 4711"}),
    "update_me": ("alice", {"name": "Al"}),
    "update_organization": ("alice", {"name": "Acme Ltd"}),
    "withdraw_ownership": ("alice", None),
}

IDS: dict[str, Callable[[Cast], UUID]] = {
    "invitation_id": lambda cast: InvitationFactory.create(organization=cast.acme).id,
    "key_id": lambda cast: ApiKeyFactory.create(membership=membership_of(cast.alice)).id,
    "membership_id": lambda cast: membership_of(cast.bob).id,
    "organization_id": lambda cast: cast.acme.id,
    "session_id": lambda cast: SessionFactory.create(user=cast.alice, impersonator=staff()).id,
    "tenant_id": lambda cast: cast.acme.id,
    "user_id": lambda cast: cast.bob.id,
}


def staff() -> User:
    return User.objects.filter(is_staff=True).first() or UserFactory.create(is_staff=True)


def give_password(cast: Cast) -> None:
    cast.alice.password = hash_password(password=PASSWORD)
    cast.alice.save()


def invite_charlie(cast: Cast) -> None:
    InvitationFactory.create(organization=cast.acme, email=cast.charlie.email, token=INVITED)


def invite_dana(cast: Cast) -> None:
    InvitationFactory.create(organization=cast.acme, email="dana@slipway.test", token=DANA)


def offer_bob(cast: Cast) -> None:
    OwnershipTransferFactory.create(organization=cast.acme, offered_by=cast.alice, offered_to=cast.bob)


def suspend(cast: Cast) -> None:
    Organization.objects.filter(id=cast.acme.id).update(suspended_at=clock.now(), suspension_reason="Ticket 4711")


def close(cast: Cast) -> None:
    Organization.objects.filter(id=cast.acme.id).update(deletion_scheduled_at=clock.now() + DELETION_GRACE)


BEFORE: dict[str, Callable[[Cast], None]] = {
    "accept_invitation": invite_charlie,
    "accept_ownership": offer_bob,
    "decline_invitation": invite_charlie,
    "decline_ownership": offer_bob,
    "join_as_new": invite_dana,
    "read_ownership_transfer": offer_bob,
    "reinstate_organization": suspend,
    "restore_organization": close,
    "sign_in": give_password,
    "withdraw_ownership": offer_bob,
}


@dataclass
class Call:
    """A request that can be sent more than once."""

    client: APIClient
    operation: Operation
    path: str
    body: object
    headers: dict[str, str] = field(default_factory=dict)
    caller: User | None = None

    def saying(self, **headers: str) -> Self:
        """Add headers: `if_match='*'`."""
        self.headers |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self

    def carelessly(self) -> Self:
        """Leave out what a good client sends by itself."""
        if isinstance(self.client, SignedInClient):
            self.client.careless = True
        return self

    # Any: the stubs give each client's answer a type of its own.
    def send(self, **given: Any) -> Any:
        sent = {"format": "json", **given}
        if "data" not in sent and self.body is not None:
            sent["data"] = self.body
        if "content_type" in sent:
            del sent["format"]
        return getattr(self.client, self.operation.method)(self.path, headers=self.headers, **sent)


def good(name: str, cast: Cast) -> Call:
    """Return a request to the operation that goes well."""
    who, given = GOOD[name]
    if name in BEFORE:
        BEFORE[name](cast)
    caller = None if not who else staff() if who == "staff" else getattr(cast, who)
    client = client_of(caller) if caller else APIClient()
    client.raise_request_exception = False
    path = operation(name).path
    ids = {each: IDS[each](cast) for each in re.findall(r"{(\w+)}", path)}
    body = given(cast) if callable(given) else given
    return Call(client, operation(name), path.format(**ids), body, caller=caller)
