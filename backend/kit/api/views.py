"""What does every view need? Who asks, what was given, and how to answer with a page."""

from typing import Any, ClassVar, cast

from django.db.models import Model, QuerySet
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.response import Response
from rest_framework.views import APIView

from kit import errors
from kit.actor import Actor
from kit.api.pagination import KeysetPagination


class View(APIView):
    open_methods: ClassVar[frozenset[str]] = frozenset()
    """Methods that anybody may call, with a token, without one, or with a stale one."""

    @property
    def actor(self) -> Actor:
        """The signed-in person, as the authentication at the door built it."""
        return cast("Actor", self.request.user)

    def get_authenticators(self) -> list[BaseAuthentication]:
        return [] if self.request.method in self.open_methods else super().get_authenticators()

    def get_permissions(self) -> list[BasePermission]:
        return [] if self.request.method in self.open_methods else list(super().get_permissions())

    # Any: what a serializer validated is as wide as its fields.
    def given(self, serializer_class: type[serializers.Serializer[Any]], *, partial: bool = False) -> dict[str, Any]:
        """Return the validated body of the request.

        :raises ValidationError: naming each field that is missing or wrong.
        :raises Invalid: naming each field that cannot be set here, rather than ignoring it in silence.
        """
        serializer = serializer_class(data=self.request.data, partial=partial)
        serializer.is_valid(raise_exception=True)
        settable = {name for name, field in serializer.fields.items() if not field.read_only}
        if foreign := sorted(set(self.request.data) - settable):
            raise errors.Invalid(
                errors=[errors.FieldError(name, "not_settable", "This field cannot be set here.") for name in foreign]
            )
        return cast("dict[str, Any]", serializer.validated_data)


class ListView(View):
    """A view whose GET answers with a page."""

    pagination_class = KeysetPagination

    def page[M: Model](
        self, queryset: QuerySet[M], serializer_class: type[serializers.BaseSerializer[M]], **context: object
    ) -> Response:
        """Return the page of `queryset` that the request asks for, each row as `serializer_class` shows it."""
        paginator = self.pagination_class()
        rows = paginator.paginate_queryset(queryset, self.request, view=self)
        return paginator.get_paginated_response(serializer_class(rows, many=True, context=context).data)
