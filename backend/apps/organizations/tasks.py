"""What do organizations need from time to time?"""

from celery import shared_task

from apps.organizations import services
from kit import clock


@shared_task
def remove_due_organizations(**_unknown: object) -> None:
    """Remove for good what owners deleted and did not restore within the grace."""
    services.remove_due_organizations(at=clock.now())


@shared_task
def delete_expired_invitations(**_unknown: object) -> None:
    """Let go of invitations that nobody used or resent."""
    services.delete_expired_invitations(at=clock.now())


@shared_task
def delete_expired_api_keys(**_unknown: object) -> None:
    """Let go of API keys that expired long ago."""
    services.delete_expired_api_keys(at=clock.now())
