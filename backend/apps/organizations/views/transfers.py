"""The doors to the ownership of an organization."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.organizations import errors, selectors, serializers, services
from kit import clock
from kit.api import rows
from kit.api.schema import refuses
from kit.api.views import View
from kit.errors import ApiKeyNotAccepted, NotWhileImpersonating, PermissionDenied


@extend_schema(tags=["Ownership"])
class OwnershipTransferView(View):
    @extend_schema(
        operation_id="read_ownership_transfer",
        summary="Read to whom the ownership is offered",
        responses=serializers.OwnershipTransferSerializer,
        extensions=refuses(PermissionDenied, errors.TransferNotFound),
    )
    def get(self, request: Request, organization_id: UUID) -> Response:
        transfer = selectors.get_ownership_transfer(actor=self.actor, at=clock.now())
        return Response(rows.present(serializers.OwnershipTransferSerializer, transfer))

    @extend_schema(
        operation_id="offer_ownership",
        summary="Offer my ownership to a member",
        request=serializers.OwnershipTransferSerializer,
        responses={201: serializers.OwnershipTransferSerializer},
        extensions=refuses(
            errors.AlreadyOwner, errors.MemberNotFound, NotWhileImpersonating, PermissionDenied, errors.TransferGoingOn
        ),
    )
    def post(self, request: Request, organization_id: UUID) -> Response:
        given = self.given(serializers.OwnershipTransferSerializer)
        transfer = services.offer_ownership(actor=self.actor, **given, at=clock.now())
        return Response(rows.present(serializers.OwnershipTransferSerializer, transfer), status.HTTP_201_CREATED)

    @extend_schema(
        operation_id="withdraw_ownership",
        summary="Take the offer of the ownership back",
        request=None,
        responses={204: None},
        extensions=refuses(NotWhileImpersonating, PermissionDenied, errors.TransferNotFound),
    )
    def delete(self, request: Request, organization_id: UUID) -> Response:
        expect = self.expected(serializers.OwnershipTransferSerializer)
        services.withdraw_ownership(actor=self.actor, at=clock.now(), expect=expect)
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(tags=["Ownership"])
class AcceptOwnershipView(View):
    @extend_schema(
        operation_id="accept_ownership",
        summary="Become the owner; the former one becomes an admin",
        request=None,
        responses=serializers.MembershipSerializer,
        extensions=refuses(
            ApiKeyNotAccepted, NotWhileImpersonating, errors.NotOfferedToYou, PermissionDenied, errors.TransferNotFound
        ),
    )
    def post(self, request: Request, organization_id: UUID) -> Response:
        membership = services.accept_ownership(actor=self.actor, at=clock.now())
        return Response(rows.present(serializers.MembershipSerializer, membership))


@extend_schema(tags=["Ownership"])
class DeclineOwnershipView(View):
    @extend_schema(
        operation_id="decline_ownership",
        summary="Decline the ownership that I was offered",
        request=None,
        responses={204: None},
        extensions=refuses(
            ApiKeyNotAccepted, NotWhileImpersonating, errors.NotOfferedToYou, PermissionDenied, errors.TransferNotFound
        ),
    )
    def post(self, request: Request, organization_id: UUID) -> Response:
        services.decline_ownership(actor=self.actor, at=clock.now())
        return Response(status=status.HTTP_204_NO_CONTENT)
