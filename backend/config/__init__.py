"""Wiring: settings, addresses, and the ways the image is started."""

from config.celery import app as celery  # `@shared_task` and `celery -A config` find it here

__all__ = ["celery"]
