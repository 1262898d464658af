"""What was asked under which key, and what was answered, as stored."""

from django.db import models

from kit.idempotency import MAX_LENGTH
from kit.models import Entity


class IdempotencyKey(Entity):
    """One request that had its effect. The row, the effect and the answer commit together, or none of them does."""

    # Ids without foreign keys: whose they are is the matter of apps above this one.
    caller_id = models.UUIDField()
    organization_id = models.UUIDField(null=True)
    key = models.CharField(max_length=MAX_LENGTH)
    fingerprint = models.BinaryField(max_length=32)
    # Both are written before the row is committed.
    status = models.PositiveSmallIntegerField(default=0)
    body = models.BinaryField(default=b"")
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            # A key outside of any organization is one key too.
            models.UniqueConstraint(
                fields=["caller_id", "organization_id", "key"], name="idempotency_key_unique", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} of {self.caller_id}"
