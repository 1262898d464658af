"""Who calls the API, and what are they answered?"""

from rest_framework.test import APIClient

from apps.users import rules
from apps.users.models import User
from tests.factories.users import SessionFactory


def client_of(user: User) -> APIClient:
    """Return a client that carries the token of a fresh session of `user`."""
    token = rules.new_token()
    SessionFactory.create(user=user, token=token)
    return bearing(token)


def bearing(token: str) -> APIClient:
    """Return a client that carries `token`."""
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client
