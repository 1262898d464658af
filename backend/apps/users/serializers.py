"""How people and sessions look from outside."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from apps.users import rules
from apps.users.models import Session, User

ALICE = {
    "id": "0199f2d6-a1c8-7d3e-9b5f-4a2c1e0d9b8a",
    "email": "alice@slipway.test",
    "name": "Alice Archer",
    "locale": "en",
    "timezone": "Europe/Berlin",
    "created_at": "2026-01-05T09:00:00Z",
}
SESSION = {
    "id": "0199f2d6-b2d9-7e4f-8c60-5b3d2f1eac9b",
    "device": "Mozilla/5.0 (X11; Linux x86_64)",
    "ip": "203.0.113.7",
    "last_seen_at": "2026-01-05T09:30:00Z",
    "expires_at": "2026-02-04T09:00:00Z",
    "created_at": "2026-01-05T09:00:00Z",
    "impersonator": None,
    "is_current": True,
}
IMPERSONATION = {
    **{name: SESSION[name] for name in ("device", "ip", "last_seen_at", "created_at")},
    "id": "0199f2d6-f61d-7283-8aa4-9f716d52e0df",
    "user": {"id": "0199f2d6-e50c-7172-bf93-8e605c41dfce", "email": "bob@slipway.test", "name": "Bob Builder"},
    "impersonator": {name: ALICE[name] for name in ("id", "email", "name")},
    "impersonation_reason": "Ticket 4711: Bob cannot see his members",
    "expires_at": "2026-01-05T09:30:00Z",
}


@extend_schema_serializer(
    examples=[
        OpenApiExample("Alice", ALICE, response_only=True),
        OpenApiExample("Move to Lisbon", {"locale": "pt-PT", "timezone": "Europe/Lisbon"}, request_only=True),
    ]
)
class UserSerializer(serializers.ModelSerializer[User]):
    class Meta:
        model = User
        fields = ["id", "email", "name", "locale", "timezone", "created_at"]
        read_only_fields = ["id", "email", "created_at"]


class PersonRefSerializer(serializers.ModelSerializer[User]):
    class Meta:
        model = User
        fields = ["id", "email", "name"]
        read_only_fields = fields


@extend_schema_serializer(examples=[OpenApiExample("This device", SESSION)])
class SessionSerializer(serializers.ModelSerializer[Session]):
    impersonator = PersonRefSerializer(
        read_only=True, allow_null=True, help_text="Who of the staff acts in your name in it."
    )
    is_current = serializers.SerializerMethodField(help_text="Whether this very request uses the session.")

    class Meta:
        model = Session
        fields = ["id", "device", "ip", "last_seen_at", "expires_at", "created_at", "impersonator", "is_current"]
        read_only_fields = fields

    def get_is_current(self, session: Session) -> bool:
        return bool(session.id == self.context.get("current_id"))


@extend_schema_serializer(
    examples=[OpenApiExample("Alice", {"email": "alice@slipway.test", "password": "sail-away-demo"})]
)
class CredentialsSerializer(serializers.Serializer[Any]):
    email = serializers.EmailField(max_length=254)
    password = serializers.CharField(max_length=1024, trim_whitespace=False, style={"input_type": "password"})


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Signed in", {"token": "sls_Qm9iIGlzIG5vdCBBbGljZSwgbm9yIENoYXJsaWU", "session": SESSION, "user": ALICE}
        )
    ]
)
class SignedInSerializer(serializers.Serializer[Any]):
    token = serializers.CharField(help_text="Send it as `Authorization: Bearer …`. It is shown this once.")
    session = SessionSerializer()
    user = UserSerializer()


@extend_schema_serializer(examples=[OpenApiExample("Alice", {**ALICE, "is_active": True, "is_staff": True})])
class StaffUserSerializer(serializers.ModelSerializer[User]):
    class Meta:
        model = User
        fields = ["id", "email", "name", "locale", "timezone", "is_active", "is_staff", "created_at"]
        read_only_fields = fields


@extend_schema_serializer(
    examples=[OpenApiExample("A ticket", {"reason": IMPERSONATION["impersonation_reason"]}, request_only=True)]
)
class ImpersonationReasonSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=rules.REASON_LENGTH, help_text="Why, for the record.")


@extend_schema_serializer(examples=[OpenApiExample("Alice as Bob", IMPERSONATION)])
class ImpersonationSerializer(serializers.ModelSerializer[Session]):
    user = PersonRefSerializer(read_only=True)
    impersonator = PersonRefSerializer(read_only=True)

    class Meta:
        model = Session
        fields = [
            "id", "user", "impersonator", "impersonation_reason", "device", "ip", "last_seen_at", "expires_at",
            "created_at",
        ]  # fmt: skip
        read_only_fields = fields


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Alice as Bob",
            {"token": "sls_QWxpY2UgYWN0cyBpbiB0aGUgbmFtZSBvZiBCb2I", "impersonation": IMPERSONATION},
        )
    ]
)
class ImpersonatingSerializer(serializers.Serializer[Any]):
    token = serializers.CharField(help_text="Opens the session in that person's name. It is shown this once.")
    impersonation = ImpersonationSerializer()
