"""The clock that wakes periodic work. Its plan is in memory: a restart loses nothing but the phase of an interval."""

from typing import Any

from celery.beat import Scheduler
from django.conf import settings


class HeartbeatScheduler(Scheduler):
    # Any: Celery calls it with event types that are its own matter.
    def tick(self, *args: Any, **kwargs: Any) -> float:
        seconds: float = super().tick(*args, **kwargs)
        settings.HEARTBEAT_FILE.touch()
        return seconds
