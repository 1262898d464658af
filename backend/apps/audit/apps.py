"""Registers the app of the audit log."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "apps.audit"
