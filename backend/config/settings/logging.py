"""Logs: JSON lines on stdout, for our events and everybody else's."""

from config.settings.env import ENV
from kit import logging

LOGGING = logging.dict_config(ENV.log_level)
logging.configure()
