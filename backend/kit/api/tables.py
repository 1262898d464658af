"""Which rows of a table are these? Limit and offset with a total, for staff who leaf through everything.

Unlike a list's, a page's cost grows with its offset, so that is bounded, and `total` is counted no further. Whoever
needs to reach deeper narrows the table, or reads a list by its cursor.
"""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kit import errors
from kit.api.views import View

DEFAULT_LIMIT, MAX_LIMIT = 50, 200
MAX_OFFSET = 10_000


class OffsetPagination(BasePagination):
    """Pages a queryset by `id`, descending. UUIDv7 makes that the order of creation."""

    # Any: rows as the serializer made them.
    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["data", "limit", "offset", "total", "is_total_exact"],
            "properties": {
                "data": schema,
                "limit": {"type": "integer", "example": DEFAULT_LIMIT},
                "offset": {"type": "integer", "example": 0},
                "total": {"type": "integer", "maximum": MAX_OFFSET, "description": "Rows there are.", "example": 1},
                "is_total_exact": {"type": "boolean", "description": "False when there are more.", "example": True},
            },
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        limit = {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}
        offset = {"type": "integer", "minimum": 0, "maximum": MAX_OFFSET, "default": 0}
        return [
            {"name": "limit", "in": "query", "description": "Rows a page.", "schema": limit},
            {"name": "offset", "in": "query", "description": "Rows to leave out, the newest first.", "schema": offset},
        ]


class TableView(View):
    """A view whose GET answers with a page of a table."""

    versioned_methods = frozenset()

    pagination_class = OffsetPagination

    # Any: a table shows rows of any model.
    def table(
        self, queryset: QuerySet[Any], serializer_class: type[serializers.BaseSerializer[Any]], **context: object
    ) -> Response:
        """Return the rows of `queryset` that the request asks for, each as `serializer_class` shows it.

        :raises Invalid: when `limit` or `offset` is no whole number within its bounds.
        """
        limit = _number(self.request, "limit", least=1, most=MAX_LIMIT, default=DEFAULT_LIMIT)
        offset = _number(self.request, "offset", least=0, most=MAX_OFFSET, default=0)
        queryset = queryset.order_by("-id")
        total = queryset[: MAX_OFFSET + 1].count()
        rows = serializer_class(queryset[offset : offset + limit], many=True, context=context).data
        found = {"limit": limit, "offset": offset, "total": min(total, MAX_OFFSET)}
        return Response({"data": rows, **found, "is_total_exact": total <= MAX_OFFSET})


def _number(request: Request, name: str, *, least: int, most: int, default: int) -> int:
    given = request.query_params.get(name, str(default))
    # isdecimal alone takes other scripts' digits too; the length keeps int() cheap.
    if given.isascii() and given.isdecimal() and len(given) <= len(str(most)) and least <= int(given) <= most:
        return int(given)
    sentence = f"Give a whole number from {least} to {most}."
    raise errors.Invalid(errors=[errors.FieldError(name, "out_of_range", sentence)])
