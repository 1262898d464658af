import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from django.db import connection, transaction

from apps.idempotency import services
from apps.idempotency.models import IdempotencyKey
from apps.organizations.models import Organization
from apps.users.rules import new_token
from kit import clock, errors, ids
from kit.idempotency import Answer, Keyed
from tests.factories.idempotency import IdempotencyKeyFactory
from tests.factories.users import SessionFactory
from tests.memory import unchanged
from tests.servers import Server, both_serving

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
COPIES = 64
CLIENT = httpx.Client(timeout=10, limits=httpx.Limits(max_connections=COPIES))


def asked(key: str = "retry-1") -> Keyed:
    return Keyed(caller_id=ids.new_id(), organization_id=None, key=key, fingerprint=b"f" * 32)


def answer(request: Keyed, at: datetime, body: bytes = b"{}") -> Answer | None:
    """Answer as a view does; return what was kept, if anything was."""
    with transaction.atomic():
        found = services.claim_key(asked=request, at=at)
        if isinstance(found, Answer):
            return found
        services.keep_answer(claim_id=found, answer=Answer(201, body))
        return None


@pytest.mark.parametrize("hours", [0, 1, 23.999])
def test_for_a_day_an_answer_is_kept(hours: float) -> None:
    request = asked()
    assert answer(request, NOON) is None
    with unchanged():
        assert answer(request, NOON + timedelta(hours=hours)) == Answer(201, b"{}")


def test_after_a_day_the_key_is_free_whether_the_cleaner_came_or_not() -> None:
    request, later = asked(), NOON + timedelta(hours=24)
    answer(request, NOON, b"old")
    assert answer(request, later, b"new") is None
    assert answer(request, later) == Answer(201, b"new")
    row = IdempotencyKey.objects.get()
    assert (row.created_at, row.expires_at) == (later, later + timedelta(hours=24))


def test_a_key_of_another_request_is_refused() -> None:
    request = asked()
    answer(request, NOON)
    other = Keyed(caller_id=request.caller_id, organization_id=None, key=request.key, fingerprint=b"g" * 32)
    with unchanged(), pytest.raises(errors.IdempotencyKeyReused):
        answer(other, NOON)


@pytest.mark.django_db(transaction=True)
def test_while_the_first_transaction_is_open_nobody_waits_for_it() -> None:
    request = asked()
    refused = []

    def ask() -> None:
        try:
            answer(request, NOON)
        except errors.IdempotencyKeyInUse:
            refused.append(request.key)
        finally:
            connection.close()

    with transaction.atomic():
        services.claim_key(asked=request, at=NOON)
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join(timeout=2)
        transaction.set_rollback(True)
    assert refused == ["retry-1"]
    assert answer(request, NOON) is None


def test_expired_keys_go_and_others_stay() -> None:
    live = IdempotencyKeyFactory.create(expires_at=NOON + timedelta(microseconds=1))
    IdempotencyKeyFactory.create(expires_at=NOON)
    assert services.delete_expired_keys(at=NOON) == 1
    assert list(IdempotencyKey.objects.all()) == [live]


def test_a_key_says_whose_it_is() -> None:
    row = IdempotencyKeyFactory.create(key="retry-1")
    assert str(row) == f"retry-1 of {row.caller_id}"


def retry_until_done(servers: list[Server], number: int, headers: dict[str, str], seen: Counter[int]) -> bytes:
    """Send until there is an answer, as a client does; return it."""
    for attempt in range(600):
        url = f"{servers[(number + attempt) % len(servers)].url}/api/v1/organizations"
        try:
            response = CLIENT.post(url, json={"name": "Barges"}, headers=headers)
        except httpx.TransportError:
            continue
        seen[response.status_code] += 1
        if response.status_code == 201:
            return response.content
        threading.Event().wait(0.05)
    raise AssertionError("no answer")


@pytest.mark.django_db(transaction=True)
def test_copies_on_two_backends_of_which_one_is_killed_make_one_thing() -> None:
    token = new_token()
    SessionFactory.create(token=token, last_seen_at=clock.now())
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": '"retry-1"', "Host": "localhost"}
    seen: Counter[int] = Counter()
    with both_serving() as servers, ThreadPoolExecutor(COPIES) as pool:
        answers = [pool.submit(retry_until_done, servers, number, headers, seen) for number in range(COPIES)]
        threading.Event().wait(0.1)
        servers[0].kill()
        bodies = {future.result() for future in answers}
    assert len(bodies) == 1
    assert set(seen) <= {201, 409}
    assert seen[201] == COPIES
    assert Organization.objects.count() == IdempotencyKey.objects.count() == 1
