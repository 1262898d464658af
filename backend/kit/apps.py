"""Makes the kit an installed app, for its management commands."""

from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "kit"
