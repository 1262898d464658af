"""The API and its document."""

from typing import Any

from config.settings.env import ENV

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["apps.organizations.authentication.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["kit.api.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["kit.api.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "kit.api.schema.AutoSchema",
    "EXCEPTION_HANDLER": "kit.api.errors.exception_handler",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_METADATA_CLASS": None,  # the API document describes itself
}

IDEMPOTENCY_STORE = "apps.idempotency.services"

# Requests, seconds: for each token, for each address without one, for each account's password from one address.
QUOTAS = {
    "default": ENV.rate_limit,
    "anonymous": ENV.rate_limit_anonymous,
    "sign_in": ENV.rate_limit_sign_in,
}

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Slipway",
    "DESCRIPTION": (
        "A SaaS backend that a team starts from and keeps.\n\n"
        "Sign in at `POST /api/v1/sessions`, then send the token as `Authorization: Bearer …`. "
        "Every error has one shape: see the [catalogue of errors](/api/errors).\n\n"
        "**Retries.** A POST needs an `Idempotency-Key`, any other change may have one: for 24 hours the same request "
        "under the same key has one effect and one answer (`Idempotency-Replayed: true`). A refusal keeps nothing. "
        "Signing in takes no key, since its answer is a secret and its caller is not known yet.\n\n"
        "**Versions.** What you read has an `ETag`; PATCH and DELETE ask for it in `If-Match`, so that nobody's work "
        "is lost. `If-None-Match` saves you what you have.\n\n"
        "**Quotas.** `RateLimit-Policy` and `RateLimit` tell in each answer what you may ask, and what is left."
    ),
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {"RoleEnum": "apps.organizations.models.Membership.ROLES"},
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "kit.api.schema.finish",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "/favicon.ico",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "persistAuthorization": True, "displayRequestDuration": True},
    "REDOC_DIST": "SIDECAR",
    "REDOC_UI_SETTINGS": {
        "hideLogo": True,  # it would come from another host
        "theme": {
            "typography": {"fontFamily": "system-ui, sans-serif", "headings": {"fontFamily": "system-ui, sans-serif"}}
        },
    },
}
