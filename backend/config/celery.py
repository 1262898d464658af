"""The worker's and beat's entry: `celery -A config worker`, `celery -A config beat`."""

import os
from typing import Any

from celery import Celery, signals
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("slipway")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


# Any: Celery's signals pass whatever they like.
@signals.setup_logging.connect
def leave_logging_to_django(**_kwargs: Any) -> None:
    """Be connected: that alone keeps Celery from configuring logging of its own."""


@signals.worker_ready.connect
@signals.heartbeat_sent.connect
def show_life(**_kwargs: Any) -> None:
    """Touch the file by whose age the health check judges the worker."""
    settings.HEARTBEAT_FILE.touch()
