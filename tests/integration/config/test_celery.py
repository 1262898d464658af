from pathlib import Path

import pytest
from celery import signals
from celery.beat import Scheduler
from celery.utils.dispatch import Signal
from django.conf import settings
from django.test import override_settings

from config.beat import HeartbeatScheduler
from config.celery import app


def test_the_schedule_names_tasks_that_exist() -> None:
    app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert scheduled
    assert scheduled <= set(app.tasks)


def test_beat_uses_the_scheduler_that_shows_life() -> None:
    assert app.conf.beat_scheduler == f"{HeartbeatScheduler.__module__}.{HeartbeatScheduler.__name__}"


def test_every_tick_of_beat_shows_life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Scheduler, "tick", lambda *_arguments: 5.0)
    with override_settings(HEARTBEAT_FILE=tmp_path / "beat"):
        assert HeartbeatScheduler(app, lazy=True).tick() == 5.0
    assert (tmp_path / "beat").exists()


@pytest.mark.parametrize("signal", [signals.worker_ready, signals.heartbeat_sent])
def test_a_worker_shows_life(signal: Signal, tmp_path: Path) -> None:
    with override_settings(HEARTBEAT_FILE=tmp_path / "worker"):
        signal.send(sender=None)
    assert (tmp_path / "worker").exists()


def test_no_task_outlives_the_time_after_which_it_is_handed_to_another() -> None:
    assert app.conf.task_soft_time_limit < app.conf.task_time_limit
    assert app.conf.task_time_limit < app.conf.broker_transport_options["visibility_timeout"]
