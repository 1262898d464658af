"""How staff see organizations."""

from django.contrib import admin
from unfold.admin import ModelAdmin

from apps.organizations.models import Membership, Organization


@admin.register(Organization)
class OrganizationAdmin(ModelAdmin):
    list_display = ["name", "created_at"]
    search_fields = ["name"]
    ordering = ["-id"]
    show_full_result_count = False
    readonly_fields = ["created_at", "updated_at"]


@admin.register(Membership)
class MembershipAdmin(ModelAdmin):
    list_display = ["user", "organization", "role", "created_at"]
    list_select_related = ["user", "organization"]
    list_filter = ["role"]
    ordering = ["-id"]
    show_full_result_count = False
    autocomplete_fields = ["user", "organization"]
    readonly_fields = ["created_at", "updated_at"]
