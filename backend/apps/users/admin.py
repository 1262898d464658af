"""How staff see people."""

from django.contrib import admin
from django.contrib.auth.models import Group
from unfold.admin import ModelAdmin

from apps.users.models import Session, User

admin.site.unregister(Group)


@admin.register(User)
class UserAdmin(ModelAdmin):
    list_display = ["email", "name", "is_active", "is_staff", "created_at"]
    search_fields = ["email", "name"]
    list_filter = ["is_active", "is_staff"]
    ordering = ["-id"]
    show_full_result_count = False
    fields = ["email", "name", "locale", "timezone", "is_active", "is_staff", "created_at", "updated_at"]
    readonly_fields = ["created_at", "updated_at"]


@admin.register(Session)
class SessionAdmin(ModelAdmin):
    list_display = ["user", "impersonator", "device", "ip", "last_seen_at", "expires_at"]
    list_select_related = ["user", "impersonator"]
    ordering = ["-id"]
    show_full_result_count = False
    fields = readonly_fields = [
        "user", "impersonator", "impersonation_reason", "device", "ip", "last_seen_at", "expires_at", "created_at",
    ]  # fmt: skip
