"""Which page of a list is this? Newest first, by keyset on the primary key: page one million costs what page one does.

A page is `{data, next, previous, has_more}`: `next` and `previous` are cursors for the query parameter `cursor`.
A cursor is signed and belongs to one list: it cannot be made up, altered, or carried to another organization's list.
"""

from collections.abc import Callable
from operator import attrgetter, itemgetter
from typing import Any
from uuid import UUID

from django.core import signing
from django.db.models import Model, QuerySet
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kit import errors, statements

DEFAULT_LIMIT = 50
MAX_LIMIT = 200


class KeysetPagination(BasePagination):
    """Pages a queryset by `id`, descending. UUIDv7 makes that the order of creation."""

    def rows[M: Model](self, queryset: QuerySet[M], request: Request) -> list[M]:
        """Return the rows of the page that the request asks for, at most `limit`.

        :raises Invalid: when `limit` is not a whole number from 1 to 200.
        :raises InvalidCursor: when the cursor was altered or made for another list.
        """
        return self._page(lambda window: list(window.of(queryset)), attrgetter("pk"), request)

    def columns(self, queryset: QuerySet[Any], paths: tuple[str, ...], request: Request) -> list[statements.Row]:
        """Return the same page as columns, of which the first must be the primary key."""
        return self._page(lambda window: statements.rows(queryset, paths, window), itemgetter(0), request)

    def _page[R](
        self, fetch: Callable[[statements.Window], list[R]], pk: Callable[[R], UUID], request: Request
    ) -> list[R]:
        limit = _limit(request)
        self.signer = signing.Signer(salt=request.path)
        cursor = request.query_params.get("cursor")
        backward, position = self._read(cursor) if cursor is not None else (False, None)
        rows = fetch(statements.Window(limit + 1, position, backward))
        beyond, page = len(rows) > limit, rows[:limit]
        if backward:
            page.reverse()
        has_next, has_previous = (position is not None, beyond) if backward else (beyond, position is not None)
        self.next = self._cursor("n", pk(page[-1])) if page and has_next else None
        self.previous = self._cursor("p", pk(page[0])) if page and has_previous else None
        return page

    # Any: rows as the serializer made them.
    def get_paginated_response(self, data: list[Any]) -> Response:
        return Response({"data": data, "next": self.next, "previous": self.previous, "has_more": self.next is not None})

    def _cursor(self, direction: str, position: UUID) -> str:
        return self.signer.sign(f"{direction}{position.hex}")

    def _read(self, cursor: str) -> tuple[bool, UUID]:
        try:
            value = self.signer.unsign(cursor)
        except signing.BadSignature as error:
            raise errors.InvalidCursor from error
        return value[0] == "p", UUID(value[1:])

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        cursor = {"type": ["string", "null"], "description": "Pass it as `cursor`; null when there is no such page."}
        following = "n0199f2d6d4fb7061ae827d5f4b30cebd:EFAJoSTZLVvHGaQeO01INYRvYpN-Furrdlkb0Eb8FKU"
        return {
            "type": "object",
            "required": ["data", "next", "previous", "has_more"],
            "properties": {
                "data": schema,
                "next": {**cursor, "example": following},
                "previous": {**cursor, "example": None},
                "has_more": {"type": "boolean", "description": "Whether `next` leads to more.", "example": True},
            },
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        return [
            {
                "name": "limit",
                "in": "query",
                "description": "Rows a page.",
                "schema": {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
            },
            {
                "name": "cursor",
                "in": "query",
                "description": "`next` or `previous` of another page of this list.",
                "schema": {"type": "string"},
            },
        ]


def _limit(request: Request) -> int:
    given = request.query_params.get("limit", str(DEFAULT_LIMIT))
    # isdecimal alone takes other scripts' digits too; the length keeps int() cheap.
    if given.isascii() and given.isdecimal() and len(given) <= 3 and 1 <= int(given) <= MAX_LIMIT:
        return int(given)
    sentence = f"Give a whole number from 1 to {MAX_LIMIT}."
    raise errors.Invalid(errors=[errors.FieldError("limit", "out_of_range", sentence)])
