"""How entries of the audit log look from outside, and what one may ask of it."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from apps.audit.models import Entry

PROMOTED = {
    "id": "0199f2d6-f61d-7283-80a4-9f71ad52e0df",
    "sequence": 17,
    "action": "member.role_changed",
    "actor_type": "user",
    "actor_id": "0199f2d6-a1c8-7d3e-9b5f-4a2c1e0d9b8a",
    "impersonator_id": None,
    "target_type": "membership",
    "target_id": "0199f2d6-d4fb-7061-ae82-7d5f4b30cebd",
    "changes": {"role": {"before": "member", "after": "admin"}},
    "ip": "203.0.113.7",
    "request_id": "0199f2d6a1c87d3e9b5f4a2c1e0d9b8a",
    "created_at": "2026-01-05T09:30:00Z",
}


class ChangeSerializer(serializers.Serializer[Any]):
    before = serializers.JSONField(read_only=True, help_text="Null where there was none.")
    after = serializers.JSONField(read_only=True, help_text="Null where there is none any more.")


@extend_schema_serializer(examples=[OpenApiExample("A member became an admin", PROMOTED)])
class EntrySerializer(serializers.ModelSerializer[Entry]):
    sequence = serializers.IntegerField(read_only=True, help_text="Its place in the organization's log: 1, 2, 3, …")
    actor_type = serializers.CharField(read_only=True, help_text="`user`, or `platform` when nobody asked for it.")
    actor_id = serializers.UUIDField(read_only=True, allow_null=True, help_text="Null where the platform acted.")
    impersonator_id = serializers.UUIDField(
        read_only=True, allow_null=True, help_text="Who acted as this person, if somebody else did."
    )
    changes = serializers.DictField(child=ChangeSerializer(), read_only=True, help_text="Field by field.")

    class Meta:
        model = Entry
        fields = [
            "id", "sequence", "action", "actor_type", "actor_id", "impersonator_id", "target_type", "target_id",
            "changes", "ip", "request_id", "created_at",
        ]  # fmt: skip
        read_only_fields = fields


class EntryFilterSerializer(serializers.Serializer[Any]):
    action = serializers.CharField(required=False, max_length=64, help_text="Such as `member.removed`.")
    actor_id = serializers.UUIDField(required=False, help_text="Who did it.")
    target_id = serializers.UUIDField(required=False, help_text="What it was done to.")
    since = serializers.DateTimeField(required=False, help_text="From this instant on.")
    until = serializers.DateTimeField(required=False, help_text="Up to this instant, but not at it.")
