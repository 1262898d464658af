"""The door to an organization's audit log."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.audit import selectors, serializers
from kit.api.schema import refuses
from kit.api.views import ListView
from kit.errors import PermissionDenied


@extend_schema(tags=["Audit"])
class EntriesView(ListView):
    @extend_schema(
        operation_id="list_audit_entries",
        summary="List what was done in an organization",
        parameters=[serializers.EntryFilterSerializer],
        responses=serializers.EntrySerializer(many=True),
        extensions=refuses(PermissionDenied),
    )
    def get(self, request: Request, organization_id: UUID) -> Response:
        entries = selectors.list_entries(actor=self.actor, **self.asked(serializers.EntryFilterSerializer))
        return self.page(entries, serializers.EntrySerializer)
