"""Tenants and who belongs to them, as stored."""

from django.conf import settings
from django.db import models

from apps.organizations import rules
from apps.organizations.rules import Role
from kit.models import Entity


class Organization(Entity):
    name = models.CharField(max_length=200)
    suspended_at = models.DateTimeField(null=True, blank=True)
    suspension_reason = models.CharField(max_length=500, blank=True, default="", db_default="")
    """Why, for staff."""
    deletion_scheduled_at = models.DateTimeField(null=True, blank=True)
    """When it will be removed for good."""

    class Meta:
        indexes = [
            models.Index(
                fields=["deletion_scheduled_at"],
                condition=models.Q(deletion_scheduled_at__isnull=False),
                name="organizations_to_delete",
            )
        ]

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


class ApiKey(Entity):
    """Opens one organization to a program. The token is shown once; we keep its hash."""

    SCOPES = [(scope.value, scope.value) for scope in rules.SCOPES]

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="api_keys", db_index=False)
    name = models.CharField(max_length=100)
    token_hash = models.CharField(max_length=64)
    hint = models.CharField(max_length=rules.HINT_LENGTH)
    scopes = models.JSONField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="api_keys", null=True
    )
    expires_at = models.DateTimeField(null=True)
    rotated_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token_hash"], name="organizations_key_token_unique")]
        indexes = [
            models.Index(fields=["organization", "id"], name="organizations_key_list"),
            models.Index(fields=["expires_at"], name="organizations_key_expiry"),
        ]

    def __str__(self) -> str:
        return f"{self.name} …{self.hint}"


class Invitation(Entity):
    """An offer of membership, as long as it is open: whoever uses or revokes it deletes it."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="invitations", db_index=False)
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=16, choices=Membership.ROLES)
    token_hash = models.CharField(max_length=64)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="invitations", null=True
    )
    """Who of the members. None when a key did."""
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["token_hash"], name="organizations_invitation_token_unique"),
            models.UniqueConstraint(fields=["organization", "email"], name="organizations_invitation_unique"),
            models.CheckConstraint(condition=models.Q(role__in=list(Role)), name="organizations_invitation_role"),
        ]
        indexes = [models.Index(fields=["organization", "id"], name="organizations_invitation_list")]

    def __str__(self) -> str:
        return f"{self.role} {self.email}"


class OwnershipTransfer(Entity):
    """The first of two steps: an owner's offer, as long as it is open."""

    organization = models.OneToOneField(Organization, on_delete=models.CASCADE, related_name="ownership_transfer")
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="offers_made")
    offered_to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="offers_received")
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.offered_by_id} to {self.offered_to_id}"
