"""What do kept answers need from time to time?"""

from celery import shared_task

from apps.idempotency import services
from kit import clock


@shared_task
def delete_expired_keys(**_unknown: object) -> None:
    """Forget the answers that nobody may ask for again."""
    services.delete_expired_keys(at=clock.now())
