"""The platform's own settings, less what would only make tests slow, plus what makes them strict."""

import hashlib
import os

from config.settings import *
from config.settings import CACHES, DATABASES, INSTALLED_APPS, MIDDLEWARE, REST_FRAMEWORK, STORAGES

# Argon2 is slow by design; tests/integration/users/test_services.py proves the real setting.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

INSTALLED_APPS = [*INSTALLED_APPS, "zeal"]
MIDDLEWARE = ["tests.provoked.Recorder", "zeal.middleware.zeal_middleware", *MIDDLEWARE]
ZEAL_RAISE = True
ZEAL_SHOW_ALL_CALLERS = True

REST_FRAMEWORK["TEST_REQUEST_DEFAULT_FORMAT"] = "json"
DATABASES["default"]["TEST"] = {"NAME": os.environ.get("TEST_DATABASE")}


# Static files are served from where they lie, and looked for when asked for: a client starts at once.
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True


def key_of_this_test(key: str, _prefix: str, _version: int) -> str:
    """Give every test a cache of its own, so that none has to be cleared and runs may overlap."""
    test = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")[0]
    return f"{hashlib.sha256(f'{os.getpid()} {test}'.encode()).hexdigest()}:{key}"


CACHES["default"]["KEY_FUNCTION"] = key_of_this_test
