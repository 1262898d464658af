"""PostgreSQL and Redis."""

from typing import Any

from config.settings.env import ENV

DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        "ENGINE": "kit.postgresql",
        "HOST": ENV.postgres_host,
        "PORT": ENV.postgres_port,
        "NAME": ENV.postgres_db,
        "USER": ENV.postgres_user,
        "PASSWORD": ENV.postgres_password.get_secret_value(),
        # A sync worker has one request at a time, so one kept connection; see docs/decisions/0003.
        "CONN_MAX_AGE": 600,
        # Without it each kept connection costs one failed request after PostgreSQL restarts.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 2,
            "application_name": "slipway",
            # Only for statements that are the same but for their values (kit.statements), once asked five times.
            "prepare_threshold": 5,
            "options": (
                "-c statement_timeout=15s -c lock_timeout=5s -c idle_in_transaction_session_timeout=30s"
                # Prepared statements are planned once, for any tenant: each walks an index made for it.
                " -c plan_cache_mode=force_generic_plan"
            ),
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": f"{ENV.redis_url}/1",
        # A cache that hangs must cost less than the work it saves.
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5},
    }
}
