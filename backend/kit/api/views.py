"""What does every view need? Who asks, what was given, and how to answer with a page."""

import functools
from collections.abc import Sequence
from typing import Any, ClassVar, cast
from uuid import UUID

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.response import Response

from kit import errors, statements
from kit.actor import Actor, Person
from kit.api import etags, rows
from kit.api.contract import ContractView
from kit.api.pagination import KeysetPagination
from kit.expectations import Expectation


@functools.cache
def _form(serializer_class: type[serializers.Serializer[Any]], partial: bool) -> serializers.Serializer[Any]:  # noqa: FBT001  # a key
    # Building the fields takes longer than validating; a validation leaves nothing behind in them.
    return serializer_class(partial=partial)


class View(ContractView):
    open_methods: ClassVar[frozenset[str]] = frozenset()
    """Methods that anybody may call, with a token, without one, or with a stale one."""

    @property
    def person(self) -> Person:
        """Who signed in, as the authentication at the door found them."""
        return cast("Person", self.request.user)

    @property
    def actor(self) -> Actor:
        """Who acts in the organization of the path. Only for views below one."""
        return cast("Actor", self.request.user)

    def get_authenticators(self) -> list[BaseAuthentication]:
        return [] if self._is_open() else super().get_authenticators()

    # Any: the stubs know a protocol here that they do not export.
    def get_permissions(self) -> Sequence[Any]:
        return [] if self._is_open() else super().get_permissions()

    def _is_open(self) -> bool:
        # While it writes the API document, Spectacular has no request yet.
        return getattr(self.request, "method", None) in self.open_methods

    # Any: what a serializer validated is as wide as its fields.
    def given(self, serializer_class: type[serializers.Serializer[Any]], *, partial: bool = False) -> dict[str, Any]:
        """Return the validated body of the request.

        :raises ValidationError: naming each field that is missing or wrong.
        :raises Invalid: naming each field that cannot be set here, or when a `partial` body changes nothing.
        """
        form = _form(serializer_class, partial)
        given = form.run_validation(self.request.data)
        settable = {name for name, field in form.fields.items() if not field.read_only}
        if foreign := sorted(set(self.request.data) - settable):
            raise errors.Invalid(
                errors=[errors.FieldError(name, "not_settable", "This field cannot be set here.") for name in foreign]
            )
        if partial and not given:
            raise errors.Invalid("Give at least one field to change.")
        return cast("dict[str, Any]", given)

    # Any: a row of any model.
    def one(
        self,
        queryset: QuerySet[Any],
        row_id: UUID,
        serializer_class: type[serializers.BaseSerializer[Any]],
        missing: type[errors.Refusal] = errors.NotFound,
    ) -> Response:
        """Return the row of `queryset` that has this id, as `serializer_class` shows it.

        :raises Refusal: the one named as `missing`, when there is none.
        """
        shape = rows.shape_of(serializer_class)
        if shape is None:
            instance = queryset.filter(id=row_id).first()
            shown = instance and serializer_class(instance).data
        else:
            found = statements.rows(queryset, shape.paths, statements.One(row_id))
            shown = shape.of_row(found[0]) if found else None
        if shown is None:
            raise missing
        return Response(shown)

    # Any: what a serializer validated is as wide as its fields.
    def asked(self, serializer_class: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        """Return the validated parameters of the query that `serializer_class` knows.

        :raises ValidationError: naming each one that is wrong.
        """
        serializer = serializer_class(data=self.request.query_params.dict())
        serializer.is_valid(raise_exception=True)
        return cast("dict[str, Any]", serializer.validated_data)

    # Any, twice: an entity of any model, whatever its serializer is told.
    def expected(self, serializer_class: type[serializers.BaseSerializer[Any]], **context: Any) -> Expectation:
        """Return what compares an entity, as `serializer_class` shows it, with the `If-Match` of the request."""
        return lambda entity: etags.require_match(self.request, serializer_class(entity, context=context).data)


class ListView(View):
    """A view whose GET answers with a page."""

    versioned_methods = frozenset()

    pagination_class = KeysetPagination

    # Any: a page shows rows of any model.
    def page(
        self, queryset: QuerySet[Any], serializer_class: type[serializers.BaseSerializer[Any]], **context: object
    ) -> Response:
        """Return the page of `queryset` that the request asks for, each row as `serializer_class` shows it."""
        paginator = self.pagination_class()
        if shape := rows.shape_of(serializer_class):
            found = paginator.columns(queryset, shape.paths, self.request)
            return paginator.get_paginated_response([shape.of_row(row) for row in found])
        instances = paginator.rows(queryset, self.request)
        return paginator.get_paginated_response(serializer_class(instances, many=True, context=context).data)
