"""The doors to an organization's API keys."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.organizations import errors, selectors, serializers, services
from kit import clock
from kit.api.schema import refuses
from kit.api.views import ListView, View
from kit.errors import NotWhileImpersonating, PermissionDenied


@extend_schema(tags=["API keys"])
class ApiKeysView(ListView):
    secret_methods = frozenset({"POST"})

    @extend_schema(
        operation_id="list_api_keys",
        summary="List the API keys of an organization",
        responses=serializers.ApiKeySerializer(many=True),
        extensions=refuses(NotWhileImpersonating, PermissionDenied),
    )
    def get(self, request: Request, organization_id: UUID) -> Response:
        return self.page(selectors.list_api_keys(actor=self.actor), serializers.ApiKeySerializer)

    @extend_schema(
        operation_id="create_api_key",
        summary="Create an API key, whose token is shown once",
        request=serializers.ApiKeySerializer,
        responses={201: serializers.NewApiKeySerializer},
        extensions=refuses(NotWhileImpersonating, PermissionDenied, errors.ScopeNotYours),
    )
    def post(self, request: Request, organization_id: UUID) -> Response:
        given = self.given(serializers.ApiKeySerializer)
        key, token = services.create_api_key(actor=self.actor, **given)
        shown = serializers.NewApiKeySerializer({"token": token, "api_key": key})
        return Response(shown.data, status.HTTP_201_CREATED)


@extend_schema(tags=["API keys"])
class ApiKeyView(View):
    unconditional_methods = frozenset({"DELETE"})

    @extend_schema(
        operation_id="read_api_key",
        summary="Read an API key, but for its token",
        responses=serializers.ApiKeySerializer,
        extensions=refuses(errors.ApiKeyNotFound, NotWhileImpersonating, PermissionDenied),
    )
    def get(self, request: Request, organization_id: UUID, key_id: UUID) -> Response:
        keys = selectors.list_api_keys(actor=self.actor)
        return self.one(keys, key_id, serializers.ApiKeySerializer, errors.ApiKeyNotFound)

    @extend_schema(
        operation_id="revoke_api_key",
        summary="Revoke an API key: its token is refused at once",
        request=None,
        responses={204: None},
        extensions=refuses(errors.ApiKeyNotFound, NotWhileImpersonating, PermissionDenied),
    )
    def delete(self, request: Request, organization_id: UUID, key_id: UUID) -> Response:
        services.revoke_api_key(actor=self.actor, key_id=key_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(tags=["API keys"])
class ApiKeyRotationView(View):
    secret_methods = frozenset({"POST"})

    @extend_schema(
        operation_id="rotate_api_key",
        summary="Replace an API key; the old token lives on for a while",
        request=serializers.RotationSerializer,
        responses={201: serializers.NewApiKeySerializer},
        extensions=refuses(
            errors.ApiKeyAlreadyRotated, errors.ApiKeyExpired, errors.ApiKeyNotFound,
            NotWhileImpersonating, PermissionDenied, errors.ScopeNotYours,
        ),
    )  # fmt: skip
    def post(self, request: Request, organization_id: UUID, key_id: UUID) -> Response:
        given = self.given(serializers.RotationSerializer)
        key, token = services.rotate_api_key(actor=self.actor, key_id=key_id, **given, at=clock.now())
        shown = serializers.NewApiKeySerializer({"token": token, "api_key": key})
        return Response(shown.data, status.HTTP_201_CREATED)
