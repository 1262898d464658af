"""Django's settings: one file per theme, every value from the environment typed in `env`."""

from config.settings.api import *  # noqa: F403
from config.settings.auth import *  # noqa: F403
from config.settings.celery import *  # noqa: F403
from config.settings.django import *  # noqa: F403
from config.settings.logging import *  # noqa: F403
from config.settings.stores import *  # noqa: F403
