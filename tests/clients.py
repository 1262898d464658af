"""Who calls the API, and what may they be answered?"""

from typing import Any

from rest_framework.test import APIClient

from apps.organizations.models import Membership
from apps.organizations.rules import KEY_PREFIX, SCOPES
from apps.users import rules
from apps.users.models import User
from kit import ids, tokens
from tests.factories.organizations import ApiKeyFactory
from tests.factories.users import SessionFactory, UserFactory

PROBLEM = {"type", "title", "status", "code", "detail", "instance", "request_id", "errors"}


ANY_VERSION = {"HTTP_IF_MATCH": "*"}


class SignedInClient(APIClient):
    """Sends what a good client does with each change, unless a test says otherwise: a fresh key, and any version."""

    careless = False
    token = ""

    # Any: the environment of a request.
    def request(self, **given: Any) -> Any:
        good = {"POST": {"HTTP_IDEMPOTENCY_KEY": ids.new_id().hex}, "PATCH": ANY_VERSION, "DELETE": ANY_VERSION}
        return super().request(**{**({} if self.careless else good.get(given["REQUEST_METHOD"], {})), **given})


def client_of(user: User) -> SignedInClient:
    """Return a client that carries the token of a fresh session of `user`."""
    token = rules.new_token()
    SessionFactory.create(user=user, token=token)
    return bearing(token)


def bearing(token: str) -> SignedInClient:
    """Return a client that carries `token`."""
    client = SignedInClient()
    client.token = token
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


# Any: the stubs give each client's answer a type of its own.
def assert_refused(response: Any, status: int, code: str, *, fields: list[str] | None = None) -> None:
    """Assert that the answer is the problem document of `code`, naming exactly `fields` where they are given."""
    document = response.json()
    assert (response.status_code, document["code"]) == (status, code)
    assert response["Content-Type"] == "application/problem+json"
    assert set(document) == PROBLEM
    assert document["request_id"] == response["X-Request-Id"]
    assert fields is None or [error["field"] for error in document["errors"]] == fields


def without_its_request(response: Any) -> dict[str, object]:
    """Return the problem document less what differs from request to request."""
    return {name: value for name, value in response.json().items() if name not in {"request_id", "instance"}}


def client_of_key(membership: Membership, *scopes: str) -> APIClient:
    """Return a client that carries the token of a fresh API key of this member, with `scopes` or else all there are."""
    token = tokens.new_token(KEY_PREFIX)
    ApiKeyFactory.create(membership=membership, token=token, scopes=scopes or SCOPES)
    return bearing(token)


def client_of_staff() -> APIClient:
    """Return a client of somebody of the platform's staff."""
    return client_of(UserFactory.create(is_staff=True))
