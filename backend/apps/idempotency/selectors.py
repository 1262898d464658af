"""What was answered under this key?"""

from datetime import datetime

from apps.idempotency.models import IdempotencyKey
from kit.idempotency import Keyed


def get_kept(*, asked: Keyed, at: datetime) -> IdempotencyKey | None:
    """Return the unexpired row of the key, or None when no request under it has ended."""
    mine = IdempotencyKey.objects.filter(caller_id=asked.caller_id, organization_id=asked.organization_id)
    # One by its unique index; `first()` would sort.
    return next(iter(mine.filter(key=asked.key, expires_at__gt=at)), None)
