"""Registers the app of people and sessions."""

from django.apps import AppConfig


class UsersConfig(AppConfig):
    name = "apps.users"
