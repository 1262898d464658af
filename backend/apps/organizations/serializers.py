"""How organizations and memberships look from outside."""

from typing import Any

from django.contrib.auth import get_user_model
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from apps.organizations.models import Membership, Organization

ACME = {
    "id": "0199f2d6-c3ea-7f50-9d71-6c4e3a2fbdac",
    "name": "Acme Rockets",
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


@extend_schema_serializer(
    examples=[
        OpenApiExample("Acme", ACME, response_only=True),
        OpenApiExample("Acme", {"name": "Acme Rockets"}, request_only=True),
    ]
)
class OrganizationSerializer(serializers.ModelSerializer[Organization]):
    class Meta:
        model = Organization
        fields = ["id", "name", "created_at", "updated_at"]
        read_only_fields = ["id", "created_at", "updated_at"]


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
