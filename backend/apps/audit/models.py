"""The chains of the audit log and their entries, as stored. Triggers of the database keep both append-only."""

from django.db import models

from apps.audit import rules
from kit import clock, ids
from kit.models import Entity


class Chain(Entity):
    """The head of a chain. Its id is that of the organization or person whose log it is.

    It says how many entries there must be and what the last one's hash is, so that none vanishes from the end.
    """

    KINDS = [(kind.value, kind.value.capitalize()) for kind in rules.Kind]

    kind = models.CharField(max_length=16, choices=KINDS)
    length = models.BigIntegerField()
    previous_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Entry(models.Model):
    """One fact. No `Entity`: it is never changed, so it has a `created_at` alone.

    Foreign keys are none of its fields: it outlives what it speaks of, and nothing may reach it by a cascade.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    chain_id = models.UUIDField()
    sequence = models.BigIntegerField()
    previous_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)
    created_at = models.DateTimeField(default=clock.now)
    action = models.CharField(max_length=rules.ACTION_LENGTH)
    actor_type = models.CharField(max_length=32)
    actor_id = models.UUIDField(null=True)
    impersonator_id = models.UUIDField(null=True)
    target_type = models.CharField(max_length=32)
    target_id = models.UUIDField()
    changes = models.JSONField()
    ip = models.GenericIPAddressField(null=True)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name_plural = "entries"
        constraints = [models.UniqueConstraint(fields=["chain_id", "sequence"], name="audit_entry_sequence_unique")]
        # The id is of the instant `created_at`, so each serves ranges of time as well.
        indexes = [
            models.Index(fields=["chain_id", "id"], name="audit_entry_list"),
            models.Index(fields=["chain_id", "action", "id"], name="audit_entry_by_action"),
            models.Index(fields=["chain_id", "actor_id", "id"], name="audit_entry_by_actor"),
            models.Index(fields=["chain_id", "target_id", "id"], name="audit_entry_by_target"),
        ]

    def __str__(self) -> str:
        return f"{self.action} by {self.actor_type} {self.actor_id or ''}".rstrip()
