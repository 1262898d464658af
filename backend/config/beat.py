"""The clock that wakes periodic work. Keeps its plan in memory: a restart loses nothing but the phase of an interval."""

from celery.beat import Scheduler
from django.conf import settings


class HeartbeatScheduler(Scheduler):
    def tick(self, *args: object, **kwargs: object) -> float:
        seconds: float = super().tick(*args, **kwargs)
        settings.HEARTBEAT_FILE.touch()
        return seconds
