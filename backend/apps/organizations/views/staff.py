"""The doors through which staff see and suspend organizations."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.organizations import errors, selectors, serializers, services
from kit import clock
from kit.api import rows
from kit.api.schema import refuses
from kit.api.tables import TableView
from kit.api.views import View
from kit.errors import StaffOnly


@extend_schema(tags=["Staff"])
class StaffOrganizationsView(TableView):
    @extend_schema(
        operation_id="list_all_organizations",
        summary="List every organization, for staff",
        responses=serializers.StaffOrganizationSerializer(many=True),
        extensions=refuses(StaffOnly),
    )
    def get(self, request: Request) -> Response:
        organizations = selectors.list_all_organizations(person=self.person)
        return self.table(organizations, serializers.StaffOrganizationSerializer)


@extend_schema(tags=["Staff"])
class SuspensionView(View):
    unconditional_methods = frozenset({"DELETE"})

    @extend_schema(
        operation_id="suspend_organization",
        summary="Suspend an organization, for staff",
        description="Members may read from now on; nothing may change, and API keys are refused.",
        request=serializers.StaffOrganizationSerializer,
        responses={201: serializers.StaffOrganizationSerializer},
        extensions=refuses(errors.AlreadySuspended, errors.OrganizationNotFound, StaffOnly),
    )
    def post(self, request: Request, tenant_id: UUID) -> Response:
        given = self.given(serializers.StaffOrganizationSerializer)
        organization = services.suspend_organization(
            person=self.person, organization_id=tenant_id, reason=given["suspension_reason"], at=clock.now()
        )
        return Response(rows.present(serializers.StaffOrganizationSerializer, organization), status.HTTP_201_CREATED)

    @extend_schema(
        operation_id="reinstate_organization",
        summary="Reinstate a suspended organization, for staff",
        request=None,
        responses={200: serializers.StaffOrganizationSerializer},
        extensions=refuses(errors.NotSuspended, errors.OrganizationNotFound, StaffOnly),
    )
    def delete(self, request: Request, tenant_id: UUID) -> Response:
        organization = services.reinstate_organization(person=self.person, organization_id=tenant_id)
        return Response(rows.present(serializers.StaffOrganizationSerializer, organization))
