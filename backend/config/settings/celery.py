"""The workers. Each setting that departs from Celery's default closes a way to lose or double work."""

from typing import Any

from config.settings.env import ENV

CELERY_BROKER_URL = f"{ENV.redis_url}/0"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_ACKS_ON_FAILURE_OR_TIMEOUT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 270
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 25  # the stop grace of the container less 5
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 3, "interval_start": 0.1, "interval_step": 0.2, "interval_max": 0.5}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
    "visibility_timeout": 600,  # above the longest task
    # Together these decide how soon a dead worker's message returns; the defaults sweep every 100 s.
    "unacked_restore_interval": 1,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "health_check_interval": 10,
}
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULER = "config.beat.HeartbeatScheduler"
CELERY_BEAT_MAX_LOOP_INTERVAL = 5
CELERY_BEAT_SCHEDULE = {
    "delete-expired-keys": {"task": "apps.idempotency.tasks.delete_expired_keys", "schedule": 3600},
    "delete-expired-sessions": {"task": "apps.users.tasks.delete_expired_sessions", "schedule": 3600},
    "delete-expired-invitations": {
        "task": "apps.organizations.tasks.delete_expired_invitations",
        "schedule": 3600,
    },
    "delete-expired-api-keys": {"task": "apps.organizations.tasks.delete_expired_api_keys", "schedule": 3600},
    "remove-due-organizations": {"task": "apps.organizations.tasks.remove_due_organizations", "schedule": 600},
}
