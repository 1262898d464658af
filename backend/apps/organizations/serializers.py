"""How organizations and memberships look from outside."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model, password_validation
from django.core.exceptions import ValidationError
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from apps.organizations import rules
from apps.organizations.models import ApiKey, Invitation, Membership, Organization, OwnershipTransfer
from kit import clock

ACME = {
    "id": "0199f2d6-c3ea-7f50-9d71-6c4e3a2fbdac",
    "name": "Acme Rockets",
    "suspended_at": None,
    "deletion_scheduled_at": None,
    "created_at": "2026-01-05T09:00:00Z",
    "updated_at": "2026-01-05T09:00:00Z",
}
BOB = {
    "id": "0199f2d6-d4fb-7061-ae82-7d5f4b30cebd",
    "role": "member",
    "user": {"id": "0199f2d6-e50c-7172-bf93-8e605c41dfce", "email": "bob@slipway.test", "name": "Bob Builder"},
    "organization": {"id": ACME["id"], "name": ACME["name"]},
    "created_at": "2026-01-05T09:00:00Z",
    "updated_at": "2026-01-05T09:00:00Z",
}
KEY = {
    "id": "0199f2d6-0b2e-7394-9bb5-a0827e63f3e0",
    "name": "Nightly export",
    "hint": "x7Qk",
    "scopes": ["members:manage", "organization:read"],
    "created_by": {"id": "0199f2d6-a1c8-7d3e-9b5f-4a2c1e0d9b8a", "email": "alice@slipway.test", "name": "Alice Archer"},
    "expires_at": "2026-12-31T00:00:00Z",
    "rotated_at": None,
    "last_used_at": None,
    "created_at": "2026-01-05T09:00:00Z",
}
INVITATION = {
    "id": "0199f2d6-1c3f-74a5-8cc6-b1938f74a4f1",
    "email": "dana@slipway.test",
    "role": "member",
    "invited_by": KEY["created_by"],
    "expires_at": "2026-01-12T09:00:00Z",
    "created_at": "2026-01-05T09:00:00Z",
    "updated_at": "2026-01-05T09:00:00Z",
}
TRANSFER = {
    "id": "0199f2d6-2d40-75b6-9dd7-c2a490855502",
    "offered_by": KEY["created_by"],
    "offered_to": BOB["user"],
    "expires_at": "2026-01-12T09:00:00Z",
    "created_at": "2026-01-05T09:00:00Z",
}


@extend_schema_serializer(
    examples=[
        OpenApiExample("Acme", ACME, response_only=True),
        OpenApiExample("Acme", {"name": "Acme Rockets"}, request_only=True),
    ]
)
class OrganizationSerializer(serializers.ModelSerializer[Organization]):
    class Meta:
        model = Organization
        fields = ["id", "name", "suspended_at", "deletion_scheduled_at", "created_at", "updated_at"]
        read_only_fields = ["id", "suspended_at", "deletion_scheduled_at", "created_at", "updated_at"]


@extend_schema_serializer(
    examples=[
        OpenApiExample("Acme", {**ACME, "suspension_reason": ""}, response_only=True),
        OpenApiExample("Suspend", {"suspension_reason": "Ticket 4711: sends spam"}, request_only=True),
    ]
)
class StaffOrganizationSerializer(serializers.ModelSerializer[Organization]):
    class Meta:
        model = Organization
        fields = [
            "id", "name", "suspended_at", "suspension_reason", "deletion_scheduled_at", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = ["id", "name", "suspended_at", "deletion_scheduled_at", "created_at", "updated_at"]
        extra_kwargs = {"suspension_reason": {"required": True, "allow_blank": False}}


class OrganizationRefSerializer(serializers.ModelSerializer[Organization]):
    class Meta:
        model = Organization
        fields = ["id", "name"]
        read_only_fields = fields


class PersonSerializer(serializers.ModelSerializer[Any]):
    class Meta:
        model = get_user_model()
        fields = ["id", "email", "name"]
        read_only_fields = fields


@extend_schema_serializer(
    examples=[
        OpenApiExample("Bob", BOB, response_only=True),
        OpenApiExample("Make an admin", {"role": "admin"}, request_only=True),
    ]
)
class MembershipSerializer(serializers.ModelSerializer[Membership]):
    user = PersonSerializer(read_only=True)
    organization = OrganizationRefSerializer(read_only=True)

    class Meta:
        model = Membership
        fields = ["id", "role", "user", "organization", "created_at", "updated_at"]
        read_only_fields = ["id", "created_at", "updated_at"]


@extend_schema_serializer(
    examples=[
        OpenApiExample("Nightly export", KEY, response_only=True),
        OpenApiExample(
            "Nightly export", {name: KEY[name] for name in ("name", "scopes", "expires_at")}, request_only=True
        ),
    ]
)
class ApiKeySerializer(serializers.ModelSerializer[ApiKey]):
    created_by = PersonSerializer(read_only=True, allow_null=True, help_text="It never may more than they may.")
    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=ApiKey.SCOPES), allow_empty=False, max_length=len(ApiKey.SCOPES)
    )

    class Meta:
        model = ApiKey
        fields = [
            "id", "name", "hint", "scopes", "created_by", "expires_at", "rotated_at", "last_used_at", "created_at",
        ]  # fmt: skip
        read_only_fields = ["id", "hint", "rotated_at", "last_used_at", "created_at"]
        extra_kwargs = {"expires_at": {"required": False, "help_text": "Null when it does not expire."}}

    def validate_expires_at(self, expires_at: datetime | None) -> datetime | None:
        if expires_at is not None and expires_at <= clock.now():
            raise serializers.ValidationError("Give an instant in the future.", code="past")
        return expires_at


@extend_schema_serializer(
    examples=[
        OpenApiExample("Nightly export", {"token": "slp_live_U2hvd24gb25jZSwga2VwdCBhcyBhIGhhc2h4N1Fr", "api_key": KEY})
    ]
)
class NewApiKeySerializer(serializers.Serializer[Any]):
    token = serializers.CharField(help_text="Send it as `Authorization: Bearer …`. It is shown this once.")
    api_key = ApiKeySerializer()


@extend_schema_serializer(examples=[OpenApiExample("An hour", {"overlap_seconds": 3600})])
class RotationSerializer(serializers.Serializer[Any]):
    overlap_seconds = serializers.IntegerField(
        min_value=0,
        max_value=int(rules.MAX_OVERLAP.total_seconds()),
        default=int(rules.DEFAULT_OVERLAP.total_seconds()),
        help_text="How long the old token is accepted beside the new one; 0 retires it at once.",
    )

    # Any: Django REST Framework's own signature.
    def to_internal_value(self, data: Any) -> dict[str, timedelta]:
        return {"overlap": timedelta(seconds=super().to_internal_value(data)["overlap_seconds"])}


@extend_schema_serializer(
    examples=[
        OpenApiExample("Dana", INVITATION, response_only=True),
        OpenApiExample("Dana", {"email": "dana@slipway.test", "role": "member"}, request_only=True),
    ]
)
class InvitationSerializer(serializers.ModelSerializer[Invitation]):
    invited_by = PersonSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Invitation
        fields = ["id", "email", "role", "invited_by", "expires_at", "created_at", "updated_at"]
        read_only_fields = ["id", "expires_at", "created_at", "updated_at"]


@extend_schema_serializer(
    examples=[
        OpenApiExample("Dana", {"token": "sli_U2xpcHdheSBpbnZpdGVzIERhbmEgdG8gYm9hcmQ", "invitation": INVITATION})
    ]
)
class SentInvitationSerializer(serializers.Serializer[Any]):
    token = serializers.CharField(
        help_text="For the person invited alone: pass it on. Shown this once; later it goes out by mail instead."
    )
    invitation = InvitationSerializer()


@extend_schema_serializer(examples=[OpenApiExample("Dana", {"token": "sli_U2xpcHdheSBpbnZpdGVzIERhbmEgdG8gYm9hcmQ"})])
class InvitationTokenSerializer(serializers.Serializer[Any]):
    token = serializers.CharField(max_length=200)


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Dana",
            {
                "token": "sli_U2xpcHdheSBpbnZpdGVzIERhbmEgdG8gYm9hcmQ",
                "name": "Dana Deck",
                "password": "anchors-aweigh-now",
            },
        )
    ]
)
class NewMemberSerializer(serializers.Serializer[Any]):
    token = serializers.CharField(max_length=200)
    name = serializers.CharField(max_length=200)
    password = serializers.CharField(max_length=1024, trim_whitespace=False, style={"input_type": "password"})

    def validate_password(self, password: str) -> str:
        try:
            password_validation.validate_password(password)
        except ValidationError as error:
            raise serializers.ValidationError(error.messages, code="weak") from error
        return password


@extend_schema_serializer(
    examples=[
        OpenApiExample("To Bob", TRANSFER, response_only=True),
        OpenApiExample("To Bob", {"membership_id": BOB["id"]}, request_only=True),
    ]
)
class OwnershipTransferSerializer(serializers.ModelSerializer[OwnershipTransfer]):
    membership_id = serializers.UUIDField(write_only=True, help_text="The member to whom you offer it.")
    offered_by = PersonSerializer(read_only=True)
    offered_to = PersonSerializer(read_only=True)

    class Meta:
        model = OwnershipTransfer
        fields = ["id", "membership_id", "offered_by", "offered_to", "expires_at", "created_at"]
        read_only_fields = ["id", "expires_at", "created_at"]
