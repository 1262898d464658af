from datetime import timedelta

from apps.idempotency import tasks
from apps.idempotency.models import IdempotencyKey
from kit import clock
from tests.factories.idempotency import IdempotencyKeyFactory


def test_expired_keys_go_and_live_ones_stay() -> None:
    live = IdempotencyKeyFactory.create()
    IdempotencyKeyFactory.create(expires_at=clock.now() - timedelta(seconds=1))
    tasks.delete_expired_keys()
    assert list(IdempotencyKey.objects.all()) == [live]


def test_a_worker_of_today_understands_a_caller_of_tomorrow() -> None:
    tasks.delete_expired_keys.apply(kwargs={"batch": 500}, throw=True)
