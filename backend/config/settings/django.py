"""Apps, middleware, hosts, static files, language and time."""

import sys
from pathlib import Path
from typing import Any

from django.utils.csp import CSP

from config.settings.env import ENV

BASE_DIR = Path(__file__).parents[2]

DEBUG = False  # our errors have one shape, also while developing; the log has the traceback
SECRET_KEY = ENV.secret_key.get_secret_value()
ALLOWED_HOSTS = ENV.allowed_hosts
BEHIND_PROXY = ENV.behind_proxy
DEPLOY_ENV = ENV.deploy_env
HEARTBEAT_FILE = ENV.heartbeat_file

INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "kit",  # before Spectacular, whose templates it changes
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "apps.idempotency",
    "apps.audit",
    "apps.users",
    "apps.organizations",
    "apps.seeds",
]

MIDDLEWARE = [
    "kit.api.middleware.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "kit.api.pages.ContentSecurityPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.common.CommonMiddleware",  # refuses unknown hosts
    "kit.api.pages.Sessions",
    "kit.api.pages.Csrf",
    "kit.api.pages.Authentication",
    "kit.api.pages.Messages",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # nginx has the same limit
CSRF_FAILURE_VIEW = "kit.api.errors.csrf_failure"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

STATIC_URL = "/static/"
STATIC_ROOT = ENV.static_root
# `collectstatic` itself has to know before it has written the file.
_is_collected = (STATIC_ROOT / "staticfiles.json").exists() or "collectstatic" in sys.argv
_hashed = "whitenoise.storage.CompressedManifestStaticFilesStorage"
_as_they_lie = "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES = {"staticfiles": {"BACKEND": _hashed if _is_collected else _as_they_lie}}
# Before collectstatic has run (tests, a fresh checkout) files are served from where they lie.
WHITENOISE_USE_FINDERS = not _is_collected
WHITENOISE_MANIFEST_STRICT = True
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

LANGUAGE_CODE = "en"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"

if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
# Our pages load nothing from elsewhere. The exceptions are what Swagger UI, Redoc and the admin cannot do without.
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.UNSAFE_INLINE, CSP.UNSAFE_EVAL],
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "img-src": [CSP.SELF, "data:"],
    "worker-src": [CSP.SELF, "blob:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
if DEPLOY_ENV != "local":
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True

UNFOLD = {
    "SITE_TITLE": "Slipway",
    "SITE_HEADER": "Slipway",
    "SITE_SYMBOL": "sailing",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "/favicon.ico"}],
}
