import pytest
from django.test import override_settings
from rest_framework.test import APIClient

from apps.users.services import hash_password
from tests.factories.users import UserFactory
from tests.logs import recorded
from tests.outages import without_redis

SESSIONS = "/api/v1/sessions"
CREDENTIALS = {"email": "alice@slipway.test", "password": "correct horse"}


def address_seen(header: str) -> str:
    UserFactory.create(email=CREDENTIALS["email"], password=hash_password(password=CREDENTIALS["password"]))
    response = APIClient().post(SESSIONS, CREDENTIALS, headers={header: "203.0.113.9"}, REMOTE_ADDR="198.51.100.1")
    return str(response.json()["session"]["ip"])


def test_without_redis_people_still_sign_in_and_the_log_says_why() -> None:
    UserFactory.create(email=CREDENTIALS["email"], password=hash_password(password=CREDENTIALS["password"]))
    with without_redis(), recorded() as lines:
        answers = {APIClient().post(SESSIONS, CREDENTIALS).status_code for _ in range(12)}
    assert answers == {201}
    assert {line["event"] for line in lines()} == {"quotas.open", "request.finished"}


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded"])
def test_without_a_proxy_nobody_chooses_their_own_address(header: str) -> None:
    assert address_seen(header) == "198.51.100.1"


def test_behind_the_proxy_its_word_counts() -> None:
    with override_settings(BEHIND_PROXY=True):
        assert address_seen("X-Forwarded-For") == "203.0.113.9"
