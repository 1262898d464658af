"""How staff see organizations."""

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from apps.organizations.models import ApiKey, Invitation, Membership, Organization, OwnershipTransfer


@admin.register(Organization)
class OrganizationAdmin(ModelAdmin):
    list_display = ["name", "suspended_at", "deletion_scheduled_at", "created_at"]
    search_fields = ["name"]
    ordering = ["-id"]
    show_full_result_count = False
    fields = ["name", "suspended_at", "suspension_reason", "deletion_scheduled_at", "created_at", "updated_at"]
    # These have doors of their own, which record who used them.
    readonly_fields = ["suspended_at", "suspension_reason", "deletion_scheduled_at", "created_at", "updated_at"]

    def has_delete_permission(self, request: HttpRequest, obj: Organization | None = None) -> bool:
        # An owner deletes it, with a grace.
        return False


@admin.register(Membership)
class MembershipAdmin(ModelAdmin):
    list_display = ["user", "organization", "role", "created_at"]
    list_select_related = ["user", "organization"]
    list_filter = ["role"]
    ordering = ["-id"]
    show_full_result_count = False
    autocomplete_fields = ["user", "organization"]
    readonly_fields = ["created_at", "updated_at"]


@admin.register(ApiKey)
class ApiKeyAdmin(ModelAdmin):
    list_display = ["name", "hint", "organization", "created_by", "expires_at", "last_used_at"]
    list_select_related = ["organization", "created_by"]
    ordering = ["-id"]
    show_full_result_count = False
    fields = readonly_fields = [
        "name", "hint", "organization", "scopes", "created_by", "expires_at", "rotated_at",
        "last_used_at", "created_at",
    ]  # fmt: skip


@admin.register(Invitation)
class InvitationAdmin(ModelAdmin):
    list_display = ["email", "role", "organization", "invited_by", "expires_at"]
    list_select_related = ["organization", "invited_by"]
    ordering = ["-id"]
    show_full_result_count = False
    fields = readonly_fields = ["email", "role", "organization", "invited_by", "expires_at", "created_at"]


@admin.register(OwnershipTransfer)
class OwnershipTransferAdmin(ModelAdmin):
    list_display = ["organization", "offered_by", "offered_to", "expires_at"]
    list_select_related = ["organization", "offered_by", "offered_to"]
    ordering = ["-id"]
    show_full_result_count = False
    fields = readonly_fields = ["organization", "offered_by", "offered_to", "expires_at", "created_at"]
