"""Registers the app of kept answers."""

from django.apps import AppConfig


class IdempotencyConfig(AppConfig):
    name = "apps.idempotency"
