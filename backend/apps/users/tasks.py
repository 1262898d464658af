"""What do people's matters need from time to time?"""

from celery import shared_task

from apps.users import services
from kit import clock


@shared_task
def delete_expired_sessions(**_unknown: object) -> None:
    """Keep the table of sessions as small as the number of live ones."""
    services.delete_expired_sessions(at=clock.now())
