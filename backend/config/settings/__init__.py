"""Django's settings: one file per theme, every value from the environment typed in `env`."""

from config.settings.api import *
from config.settings.auth import *
from config.settings.celery import *
from config.settings.django import *
from config.settings.logging import *
from config.settings.stores import *
