from datetime import timedelta

from apps.users import tasks
from apps.users.models import Session
from kit import clock
from tests.factories.users import SessionFactory


def test_expired_sessions_go_and_live_ones_stay() -> None:
    live = SessionFactory.create()
    SessionFactory.create(expires_at=clock.now() - timedelta(seconds=1))
    tasks.delete_expired_sessions()
    assert list(Session.objects.all()) == [live]


def test_a_worker_of_today_understands_a_caller_of_tomorrow() -> None:
    tasks.delete_expired_sessions.apply(kwargs={"batch": 500}, throw=True)
