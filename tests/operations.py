"""A request for each operation that goes well, and so can be made to go wrong in one way at a time."""

from dataclasses import dataclass, field
from typing import Any, Self

from rest_framework.test import APIClient

from apps.organizations.models import Membership
from apps.users.services import hash_password
from tests.architecture.api import Operation, operation
from tests.cast import Cast
from tests.clients import SignedInClient, client_of
from tests.factories.users import SessionFactory

PASSWORD = "correct horse"
CREDENTIALS = {"email": "alice@slipway.test", "password": PASSWORD}

# Who calls each operation, and with what. A new operation needs its line here, and its ids in `ids_of`.
GOOD: dict[str, tuple[str, object]] = {
    "change_role": ("alice", {"role": "admin"}),
    "create_organization": ("alice", {"name": "Barges"}),
    "list_members": ("alice", None),
    "list_organizations": ("alice", None),
    "list_sessions": ("alice", None),
    "read_me": ("alice", None),
    "read_member": ("alice", None),
    "read_organization": ("alice", None),
    "remove_member": ("alice", None),
    "revoke_session": ("alice", None),
    "sign_in": ("", CREDENTIALS),
    "sign_out": ("alice", None),
    "update_me": ("alice", {"name": "Al"}),
    "update_organization": ("alice", {"name": "Acme Ltd"}),
}


@dataclass
class Call:
    """A request that can be sent more than once."""

    client: APIClient
    operation: Operation
    path: str
    body: object
    headers: dict[str, str] = field(default_factory=dict)

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


def ids_of(cast: Cast) -> dict[str, object]:
    """Return what may stand in a path."""
    return {
        "organization_id": cast.acme.id,
        "membership_id": Membership.objects.get(user=cast.bob).id,
        "session_id": SessionFactory.create(user=cast.alice).id,
    }


def good(name: str, cast: Cast) -> Call:
    """Return a request to the operation that goes well."""
    who, body = GOOD[name]
    if not who:
        cast.alice.password = hash_password(password=PASSWORD)
        cast.alice.save()
    client = client_of(getattr(cast, who)) if who else APIClient()
    client.raise_request_exception = False
    return Call(client, operation(name), operation(name).path.format(**ids_of(cast)), body)
