"""The doors to invitations: for those who invite, and for those who are invited."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.organizations import errors, selectors, serializers, services
from apps.users.errors import AccountExists
from kit import clock
from kit.api import rows
from kit.api.schema import refuses
from kit.api.views import ListView, View
from kit.errors import NotWhileImpersonating, PermissionDenied


@extend_schema(tags=["Invitations"])
class InvitationsView(ListView):
    secret_methods = frozenset({"POST"})

    @extend_schema(
        operation_id="list_invitations",
        summary="List the open invitations of an organization",
        responses=serializers.InvitationSerializer(many=True),
        extensions=refuses(PermissionDenied),
    )
    def get(self, request: Request, organization_id: UUID) -> Response:
        return self.page(selectors.list_invitations(actor=self.actor), serializers.InvitationSerializer)

    @extend_schema(
        operation_id="create_invitation",
        summary="Invite somebody by e-mail address",
        description="Until mail goes out, the token comes in this answer: pass it on to the person invited alone.",
        request=serializers.InvitationSerializer,
        responses={201: serializers.SentInvitationSerializer},
        extensions=refuses(errors.AlreadyInvited, errors.AlreadyMember, errors.RoleNotBelowYours, PermissionDenied),
    )
    def post(self, request: Request, organization_id: UUID) -> Response:
        given = self.given(serializers.InvitationSerializer)
        invitation, token = services.invite(actor=self.actor, **given, at=clock.now())
        shown = serializers.SentInvitationSerializer({"token": token, "invitation": invitation})
        return Response(shown.data, status.HTTP_201_CREATED)


@extend_schema(tags=["Invitations"])
class InvitationView(View):
    @extend_schema(
        operation_id="read_invitation",
        summary="Read an open invitation",
        responses=serializers.InvitationSerializer,
        extensions=refuses(errors.InvitationNotFound, PermissionDenied),
    )
    def get(self, request: Request, organization_id: UUID, invitation_id: UUID) -> Response:
        invitations = selectors.list_invitations(actor=self.actor)
        return self.one(invitations, invitation_id, serializers.InvitationSerializer, errors.InvitationNotFound)

    @extend_schema(
        operation_id="revoke_invitation",
        summary="Take an invitation back",
        request=None,
        responses={204: None},
        extensions=refuses(errors.InvitationNotFound, errors.RoleNotBelowYours, PermissionDenied),
    )
    def delete(self, request: Request, organization_id: UUID, invitation_id: UUID) -> Response:
        services.revoke_invitation(
            actor=self.actor, invitation_id=invitation_id, expect=self.expected(serializers.InvitationSerializer)
        )
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(tags=["Invitations"])
class ResendInvitationView(View):
    secret_methods = frozenset({"POST"})

    @extend_schema(
        operation_id="resend_invitation",
        summary="Send an invitation again, with a new token",
        description="The old token is refused from now on. Until mail goes out, the new one comes in this answer.",
        request=None,
        responses=serializers.SentInvitationSerializer,
        extensions=refuses(errors.InvitationNotFound, errors.RoleNotBelowYours, PermissionDenied),
    )
    def post(self, request: Request, organization_id: UUID, invitation_id: UUID) -> Response:
        invitation, token = services.resend_invitation(actor=self.actor, invitation_id=invitation_id, at=clock.now())
        return Response(serializers.SentInvitationSerializer({"token": token, "invitation": invitation}).data)


@extend_schema(tags=["Invitations"])
class AcceptInvitationView(View):
    @extend_schema(
        operation_id="accept_invitation",
        summary="Accept an invitation to my e-mail address",
        request=serializers.InvitationTokenSerializer,
        responses={201: serializers.MembershipSerializer},
        extensions=refuses(errors.AlreadyMember, errors.InvitationNotFound, NotWhileImpersonating),
    )
    def post(self, request: Request) -> Response:
        given = self.given(serializers.InvitationTokenSerializer)
        membership = services.accept_invitation(person=self.person, **given, at=clock.now())
        return Response(rows.present(serializers.MembershipSerializer, membership), status.HTTP_201_CREATED)


@extend_schema(tags=["Invitations"])
class JoinView(View):
    open_methods = frozenset({"POST"})

    @extend_schema(
        operation_id="join_as_new",
        summary="Accept an invitation by creating an account",
        description="Sign in with the e-mail address that was invited, and the password given here.",
        request=serializers.NewMemberSerializer,
        responses={201: serializers.MembershipSerializer},
        extensions=refuses(AccountExists, errors.InvitationNotFound),
    )
    def post(self, request: Request) -> Response:
        given = self.given(serializers.NewMemberSerializer)
        membership = services.join_as_new(**given, at=clock.now())
        return Response(rows.present(serializers.MembershipSerializer, membership), status.HTTP_201_CREATED)


@extend_schema(tags=["Invitations"])
class DeclineInvitationView(View):
    open_methods = frozenset({"POST"})

    @extend_schema(
        operation_id="decline_invitation",
        summary="Decline an invitation, with or without an account",
        request=serializers.InvitationTokenSerializer,
        responses={204: None},
        extensions=refuses(errors.InvitationNotFound),
    )
    def post(self, request: Request) -> Response:
        services.decline_invitation(**self.given(serializers.InvitationTokenSerializer), at=clock.now())
        return Response(status=status.HTTP_204_NO_CONTENT)
