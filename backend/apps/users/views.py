"""The doors through which people come in."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.users import rules, selectors, serializers, services
from apps.users.errors import (
    CannotImpersonate,
    ImpersonationNotFound,
    InvalidCredentials,
    SessionNotFound,
    UserNotFound,
)
from kit import clock
from kit.api import rows
from kit.api.quotas import client_ip
from kit.api.schema import refuses
from kit.api.tables import TableView
from kit.api.views import ListView, View
from kit.errors import NotWhileImpersonating, StaffOnly


def guessed_account(request: Request) -> str:
    """Return whose password a sign-in guesses, from where: however an address is spelled, it is one account."""
    email = request.data.get("email", "") if isinstance(request.data, dict) else ""
    return f"{client_ip(request)}:{rules.normalized_email(str(email))}"


@extend_schema(tags=["Users"])
class MeView(View):
    @extend_schema(operation_id="read_me", summary="Read my profile", responses=serializers.UserSerializer)
    def get(self, request: Request) -> Response:
        user = selectors.get_user(user_id=self.person.user_id)
        return Response(rows.present(serializers.UserSerializer, user))

    @extend_schema(
        operation_id="update_me",
        summary="Change my name, language or time zone",
        request=serializers.UserSerializer,
        responses=serializers.UserSerializer,
    )
    def patch(self, request: Request) -> Response:
        changes = self.given(serializers.UserSerializer, partial=True)
        user = services.update_profile(person=self.person, expect=self.expected(serializers.UserSerializer), **changes)
        return Response(rows.present(serializers.UserSerializer, user))


@extend_schema(tags=["Sessions"])
class SessionsView(ListView):
    open_methods = frozenset({"POST"})

    def quotas_of(self, request: Request, caller: str) -> list[tuple[str, str]]:
        general = super().quotas_of(request, caller)
        return [*general, ("sign_in", guessed_account(request))] if request.method == "POST" else general

    @extend_schema(
        operation_id="sign_in",
        summary="Sign in with e-mail address and password",
        request=serializers.CredentialsSerializer,
        responses={201: serializers.SignedInSerializer},
        extensions=refuses(InvalidCredentials),
    )
    def post(self, request: Request) -> Response:
        session, token = services.sign_in(
            **self.given(serializers.CredentialsSerializer),
            device=request.headers.get("User-Agent", ""),
            ip=client_ip(request),
            at=clock.now(),
        )
        signed_in = {"token": token, "session": session, "user": session.user}
        shown = serializers.SignedInSerializer(signed_in, context={"current_id": session.id})
        return Response(shown.data, status.HTTP_201_CREATED)

    @extend_schema(
        operation_id="list_sessions", summary="List my sessions", responses=serializers.SessionSerializer(many=True)
    )
    def get(self, request: Request) -> Response:
        sessions = selectors.list_sessions(person=self.person, at=clock.now())
        return self.page(sessions, serializers.SessionSerializer, current_id=self.person.session_id)


@extend_schema(tags=["Sessions"])
class SessionView(View):
    unconditional_methods = frozenset({"DELETE"})

    @extend_schema(
        operation_id="revoke_session",
        summary="End one of my sessions",
        request=None,
        responses={204: None},
        extensions=refuses(NotWhileImpersonating, SessionNotFound),
    )
    def delete(self, request: Request, session_id: UUID) -> Response:
        services.revoke_session(person=self.person, session_id=session_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(tags=["Sessions"])
class CurrentSessionView(View):
    unconditional_methods = frozenset({"DELETE"})

    @extend_schema(operation_id="sign_out", summary="Sign out: end this session", request=None, responses={204: None})
    def delete(self, request: Request) -> Response:
        services.revoke_session(person=self.person, session_id=self.person.session_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(tags=["Staff"])
class StaffUsersView(TableView):
    @extend_schema(
        operation_id="list_users",
        summary="List everybody, for staff",
        responses=serializers.StaffUserSerializer(many=True),
        extensions=refuses(StaffOnly),
    )
    def get(self, request: Request) -> Response:
        return self.table(selectors.list_users(person=self.person), serializers.StaffUserSerializer)


@extend_schema(tags=["Staff"])
class StartImpersonationView(View):
    secret_methods = frozenset({"POST"})

    @extend_schema(
        operation_id="impersonate_user",
        summary="Act in somebody's name for half an hour, for staff",
        request=serializers.ImpersonationReasonSerializer,
        responses={201: serializers.ImpersonatingSerializer},
        extensions=refuses(CannotImpersonate, StaffOnly, UserNotFound),
    )
    def post(self, request: Request, user_id: UUID) -> Response:
        given = self.given(serializers.ImpersonationReasonSerializer)
        origin = {"device": request.headers.get("User-Agent", ""), "ip": client_ip(request)}
        session, token = services.impersonate(person=self.person, user_id=user_id, **given, **origin, at=clock.now())
        shown = serializers.ImpersonatingSerializer({"token": token, "impersonation": session})
        return Response(shown.data, status.HTTP_201_CREATED)


@extend_schema(tags=["Staff"])
class ImpersonationsView(TableView):
    @extend_schema(
        operation_id="list_impersonations",
        summary="List the impersonations that are going on, for staff",
        responses=serializers.ImpersonationSerializer(many=True),
        extensions=refuses(StaffOnly),
    )
    def get(self, request: Request) -> Response:
        impersonations = selectors.list_impersonations(person=self.person, at=clock.now())
        return self.table(impersonations, serializers.ImpersonationSerializer)


@extend_schema(tags=["Staff"])
class ImpersonationView(View):
    unconditional_methods = frozenset({"DELETE"})

    @extend_schema(
        operation_id="end_impersonation",
        summary="End an impersonation early, for staff",
        request=None,
        responses={204: None},
        extensions=refuses(ImpersonationNotFound, StaffOnly),
    )
    def delete(self, request: Request, session_id: UUID) -> Response:
        services.end_impersonation(person=self.person, session_id=session_id, at=clock.now())
        return Response(status=status.HTTP_204_NO_CONTENT)
