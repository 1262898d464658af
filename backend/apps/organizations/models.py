"""Tenants and who belongs to them, as stored."""

from django.conf import settings
from django.db import models

from apps.organizations.rules import Role
from kit.models import Entity


class Organization(Entity):
    name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.name


class Membership(Entity):
    ROLES = [(role.value, role.value.capitalize()) for role in Role]

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="memberships", db_index=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships", db_index=False
    )
    role = models.CharField(max_length=16, choices=ROLES)

    class Meta:
        constraints = [
            # By user first: it also finds everything that one person belongs to.
            models.UniqueConstraint(fields=["user", "organization"], name="organizations_membership_unique"),
            models.CheckConstraint(condition=models.Q(role__in=list(Role)), name="organizations_membership_role"),
        ]
        indexes = [models.Index(fields=["organization", "id"], name="organizations_member_list")]

    def __str__(self) -> str:
        return f"{self.role} {self.user_id} of {self.organization_id}"
