import re
import socket
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from unittest.mock import patch

import httpx
import pytest
from django.conf import settings
from django.test import override_settings
from redis import Redis
from rest_framework.test import APIClient

from apps.users.rules import new_token
from apps.users.services import hash_password
from kit import clock
from kit.api import quotas
from tests.cast import assemble
from tests.clients import assert_refused, bearing, client_of
from tests.factories.users import SessionFactory, UserFactory
from tests.logs import recorded
from tests.memory import unchanged
from tests.outages import without_redis
from tests.servers import both_serving

ME, SESSIONS = "/api/v1/users/me", "/api/v1/sessions"
CREDENTIALS = {"email": "alice@slipway.test", "password": "correct horse"}
# Items of RFC 9651: a string in quotes with whole numbers as parameters.
POLICY = re.compile(r'"([a-z_]+)";q=(\d+);w=(\d+)')
LIMIT = re.compile(r'"([a-z_]+)";r=(\d+);t=(\d+)')

few = override_settings(QUOTAS={**settings.QUOTAS, "default": (3, 60), "anonymous": (3, 60)})


def told(response: Any) -> dict[str, tuple[int, int, int, int]]:
    """Return for each quota: requests, seconds, remaining, seconds until it is whole."""
    policies = [POLICY.fullmatch(item) for item in response["RateLimit-Policy"].split(", ")]
    limits = [LIMIT.fullmatch(item) for item in response["RateLimit"].split(", ")]
    found = {}
    for policy, limit in zip(policies, limits, strict=True):
        assert policy
        assert limit
        assert policy[1] == limit[1]
        found[policy[1]] = (int(policy[2]), int(policy[3]), int(limit[2]), int(limit[3]))
    return found


def test_every_answer_tells_the_quota_and_what_is_left() -> None:
    client = client_of(UserFactory.create())
    requests, seconds = settings.QUOTAS["default"]
    assert [told(client.get(ME))["default"] for _ in range(3)] == [
        (requests, seconds, requests - used, seconds) for used in (1, 2, 3)
    ]
    assert told(client.patch(ME, {}))["default"][2] == requests - 4


@few
def test_beyond_the_quota_a_token_has_to_wait_and_nothing_is_done() -> None:
    client = client_of(UserFactory.create())
    assert {client.get(ME).status_code for _ in range(3)} == {200}
    with unchanged():
        refused = client.patch(ME, {"name": "Late"})
    assert_refused(refused, 429, "too_many_requests")
    quota = told(refused)["default"]
    assert quota[:3] == (3, 60, 0)
    assert 0 < int(refused["Retry-After"]) == quota[3] <= 60


@few
def test_each_token_has_a_quota_of_its_own() -> None:
    cast = assemble()
    clients = [client_of(cast.alice), client_of(cast.alice), client_of(cast.bob)]
    assert {client.get(ME).status_code for client in clients for _ in range(3)} == {200}
    assert {client.get(ME).status_code for client in clients} == {429}


@few
def test_a_token_spelled_otherwise_is_the_same_token() -> None:
    token = client_of(UserFactory.create()).token
    spelled = [f"Bearer {token}", f"bearer {token}", f"BEARER   {token}", f"Bearer \t{token} "]
    answers = [APIClient().get(ME, HTTP_AUTHORIZATION=header).status_code for header in spelled]
    assert answers == [200, 200, 200, 429]


@few
def test_whoever_has_no_good_token_counts_by_address() -> None:
    callers = [APIClient(), bearing("sls_made_up"), bearing("sls_another")]
    for caller in callers:
        assert_refused(caller.get(ME), 401, "not_authenticated")
    for caller in callers:
        assert_refused(caller.get(ME), 429, "too_many_requests")
    assert_refused(APIClient().get(ME, REMOTE_ADDR="203.0.113.9"), 401, "not_authenticated")
    assert client_of(UserFactory.create()).get(ME).status_code == 200


@few
def test_an_outsider_spends_their_own_quota() -> None:
    cast = assemble()
    charlie = client_of(cast.charlie)
    for _ in range(3):
        assert_refused(charlie.get(f"/api/v1/organizations/{cast.acme.id}"), 404, "not_found")
    assert_refused(charlie.get(ME), 429, "too_many_requests")


def test_a_sign_in_takes_from_two_quotas_or_from_none() -> None:
    for _ in range(10):
        last = APIClient().post(SESSIONS, CREDENTIALS)
    assert {name: quota[2] for name, quota in told(last).items()} == {"anonymous": 290, "sign_in": 0}
    refused = APIClient().post(SESSIONS, CREDENTIALS)
    assert_refused(refused, 429, "too_many_requests")
    assert told(refused)["anonymous"][2] == 290


def test_when_the_window_is_over_the_quota_is_whole_again() -> None:
    client = client_of(UserFactory.create())
    with override_settings(QUOTAS={**settings.QUOTAS, "default": (2, 1)}):
        assert [client.get(ME).status_code for _ in range(3)] == [200, 200, 429]
        time.sleep(1.05)
        assert [client.get(ME).status_code for _ in range(3)] == [200, 200, 429]


def test_without_redis_people_are_served_and_the_log_says_why_once() -> None:
    UserFactory.create(email=CREDENTIALS["email"], password=hash_password(password=CREDENTIALS["password"]))
    with without_redis(), recorded() as lines:
        answers = [APIClient().post(SESSIONS, CREDENTIALS) for _ in range(12)]
    assert {answer.status_code for answer in answers} == {201}
    assert not any("RateLimit" in answer for answer in answers)
    assert [line["event"] for line in lines()].count("quotas.open") == 1


def test_a_redis_that_hangs_is_waited_for_once_in_a_while() -> None:
    client = client_of(UserFactory.create())
    with socket.create_server(("127.0.0.1", 0)) as silent:
        gone = {**settings.CACHES["default"], "LOCATION": f"redis://127.0.0.1:{silent.getsockname()[1]}/1"}
        with override_settings(CACHES={"default": gone}):
            started = time.perf_counter()
            assert {client.get(ME).status_code for _ in range(20)} == {200}
            assert time.perf_counter() - started < 3


def test_a_redis_that_was_wiped_counts_anew_without_an_error() -> None:
    client = client_of(UserFactory.create())
    assert client.get(ME).status_code == 200
    Redis.from_url(settings.CACHES["default"]["LOCATION"]).script_flush()
    assert told(client.get(ME))["default"][2] == settings.QUOTAS["default"][0] - 2


def test_a_request_asks_redis_once() -> None:
    client = client_of(UserFactory.create())
    client.get(ME)
    with patch.object(Redis, "execute_command", autospec=True, side_effect=Redis.execute_command) as asked:
        client.get(ME)
        APIClient().post(SESSIONS, CREDENTIALS)
    assert [call.args[1] for call in asked.call_args_list] == ["EVALSHA", "EVALSHA"]


@pytest.mark.django_db(transaction=True)
def test_four_processes_let_through_exactly_the_quota() -> None:
    token = new_token()
    SessionFactory.create(token=token, last_seen_at=clock.now())
    headers = {"Authorization": f"Bearer {token}", "Host": "localhost"}
    with both_serving(RATE_LIMIT="100/60") as servers, ThreadPoolExecutor(16) as pool, httpx.Client() as client:
        answers = pool.map(lambda n: client.get(servers[n % 2].url + ME, headers=headers).status_code, range(300))
        assert Counter(answers) == {200: 100, 429: 200}


def address_seen(header: str) -> str:
    UserFactory.create(email=CREDENTIALS["email"], password=hash_password(password=CREDENTIALS["password"]))
    response = APIClient().post(SESSIONS, CREDENTIALS, headers={header: "203.0.113.9"}, REMOTE_ADDR="198.51.100.1")
    return str(response.json()["session"]["ip"])


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded"])
def test_without_a_proxy_nobody_chooses_their_own_address(header: str) -> None:
    assert address_seen(header) == "198.51.100.1"


def test_behind_the_proxy_its_word_counts() -> None:
    with override_settings(BEHIND_PROXY=True):
        assert address_seen("X-Forwarded-For") == "203.0.113.9"


def test_whatever_a_caller_writes_is_counted() -> None:
    assert quotas.spend([("default", "\ud800\0é")]).is_allowed
