"""The doors to organizations and their members."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.organizations import errors, selectors, serializers, services
from kit import clock
from kit.api import rows
from kit.api.schema import refuses
from kit.api.views import ListView, View
from kit.errors import NotWhileImpersonating, PermissionDenied


@extend_schema(tags=["Organizations"])
class OrganizationsView(ListView):
    @extend_schema(
        operation_id="list_organizations",
        summary="List my organizations",
        responses=serializers.OrganizationSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        return self.page(selectors.list_organizations(person=self.person), serializers.OrganizationSerializer)

    @extend_schema(
        operation_id="create_organization",
        summary="Create an organization and become its owner",
        request=serializers.OrganizationSerializer,
        responses={201: serializers.OrganizationSerializer},
    )
    def post(self, request: Request) -> Response:
        given = self.given(serializers.OrganizationSerializer)
        person = self.person
        organization = services.create_organization(**given, owner_id=person.user_id, by=person)
        return Response(rows.present(serializers.OrganizationSerializer, organization), status.HTTP_201_CREATED)


@extend_schema(tags=["Organizations"])
class OrganizationView(View):
    @extend_schema(
        operation_id="read_organization",
        summary="Read an organization",
        responses=serializers.OrganizationSerializer,
        extensions=refuses(PermissionDenied),
    )
    def get(self, request: Request, organization_id: UUID) -> Response:
        organization = selectors.get_organization(actor=self.actor)
        return Response(rows.present(serializers.OrganizationSerializer, organization))

    @extend_schema(
        operation_id="update_organization",
        summary="Rename an organization",
        request=serializers.OrganizationSerializer,
        responses=serializers.OrganizationSerializer,
        extensions=refuses(PermissionDenied),
    )
    def patch(self, request: Request, organization_id: UUID) -> Response:
        given = self.given(serializers.OrganizationSerializer, partial=True)
        organization = services.update_organization(
            actor=self.actor, expect=self.expected(serializers.OrganizationSerializer), **given
        )
        return Response(rows.present(serializers.OrganizationSerializer, organization))


@extend_schema(tags=["Organizations"])
class DeletionView(View):
    unconditional_methods = frozenset({"DELETE"})

    @extend_schema(
        operation_id="schedule_deletion",
        summary="Delete an organization, after 30 days of grace",
        request=None,
        responses={201: serializers.OrganizationSerializer},
        extensions=refuses(errors.DeletionAlreadyScheduled, NotWhileImpersonating, PermissionDenied),
    )
    def post(self, request: Request, organization_id: UUID) -> Response:
        organization = services.schedule_deletion(actor=self.actor, at=clock.now())
        return Response(rows.present(serializers.OrganizationSerializer, organization), status.HTTP_201_CREATED)

    @extend_schema(
        operation_id="restore_organization",
        summary="Call the deletion of an organization off",
        request=None,
        responses={200: serializers.OrganizationSerializer},
        extensions=refuses(errors.DeletionNotScheduled, NotWhileImpersonating, PermissionDenied),
    )
    def delete(self, request: Request, organization_id: UUID) -> Response:
        organization = services.restore_organization(actor=self.actor)
        return Response(rows.present(serializers.OrganizationSerializer, organization))


@extend_schema(tags=["Members"])
class MembersView(ListView):
    @extend_schema(
        operation_id="list_members",
        summary="List the members of an organization",
        responses=serializers.MembershipSerializer(many=True),
        extensions=refuses(PermissionDenied),
    )
    def get(self, request: Request, organization_id: UUID) -> Response:
        return self.page(selectors.list_members(actor=self.actor), serializers.MembershipSerializer)


@extend_schema(tags=["Members"])
class MemberView(View):
    @extend_schema(
        operation_id="read_member",
        summary="Read a member",
        responses=serializers.MembershipSerializer,
        extensions=refuses(errors.MemberNotFound, PermissionDenied),
    )
    def get(self, request: Request, organization_id: UUID, membership_id: UUID) -> Response:
        members = selectors.list_members(actor=self.actor)
        return self.one(members, membership_id, serializers.MembershipSerializer, errors.MemberNotFound)

    @extend_schema(
        operation_id="change_role",
        summary="Give a member another role",
        request=serializers.MembershipSerializer,
        responses=serializers.MembershipSerializer,
        extensions=refuses(errors.MemberNotFound, errors.RoleNotBelowYours, PermissionDenied),
    )
    def patch(self, request: Request, organization_id: UUID, membership_id: UUID) -> Response:
        given = self.given(serializers.MembershipSerializer, partial=True)
        membership = services.change_role(
            actor=self.actor,
            membership_id=membership_id,
            expect=self.expected(serializers.MembershipSerializer),
            **given,
        )
        return Response(rows.present(serializers.MembershipSerializer, membership))

    @extend_schema(
        operation_id="remove_member",
        summary="Remove a member, or leave",
        description="Whoever leaves needs no `If-Match`.",
        request=None,
        responses={204: None},
        extensions=refuses(
            errors.LastOwnerCannotLeave, errors.MemberNotFound, errors.RoleNotBelowYours, PermissionDenied
        ),
    )
    def delete(self, request: Request, organization_id: UUID, membership_id: UUID) -> Response:
        services.remove_member(
            actor=self.actor, membership_id=membership_id, expect=self.expected(serializers.MembershipSerializer)
        )
        return Response(status=status.HTTP_204_NO_CONTENT)
