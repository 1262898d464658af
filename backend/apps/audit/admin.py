"""How staff see the audit log: they read it, and nothing else."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from apps.audit.models import Chain, Entry


class ReadOnlyAdmin(ModelAdmin):
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Chain)
class ChainAdmin(ReadOnlyAdmin):
    list_display = ["id", "kind", "length", "updated_at"]
    ordering = ["-id"]


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    list_display = [
        "action",
        "chain_id",
        "sequence",
        "actor_type",
        "actor_id",
        "target_type",
        "target_id",
        "created_at",
    ]
    ordering = ["-id"]
