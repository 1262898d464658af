"""Which operations does the API have? As its document tells them, and as its addresses lead to them."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator
from rest_framework.views import APIView

PREFIX = "/api/v1/"
PAGES = ("/api/docs/", "/api/redoc/", "/api/errors")

# Any, here and below: a document is as wide as JSON.
type Json = dict[str, Any]


@dataclass(frozen=True)
class Operation:
    path: str
    method: str
    told: Json

    @property
    def id(self) -> str:
        return str(self.told["operationId"])

    @property
    def codes(self) -> set[str]:
        return set(self.told["x-error-codes"])

    @property
    def success(self) -> tuple[str, Json]:
        """The status and the answer when all is well."""
        return next((status, answer) for status, answer in self.told["responses"].items() if status.startswith("2"))

    def bodies(self) -> Iterator[Json]:
        """Yield what is sent and answered as JSON when all is well: each with a schema and examples."""
        for holder in (self.told.get("requestBody", {}), self.success[1]):
            yield from holder.get("content", {}).values()


def fresh_document() -> Json:
    found: Json = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]  # Spectacular's
    return found


document = functools.cache(fresh_document)


@functools.cache
def operations() -> list[Operation]:
    paths = document()["paths"].items()
    return [Operation(path, method, told) for path, methods in paths for method, told in methods.items()]


def operation(name: str) -> Operation:
    return next(operation for operation in operations() if operation.id == name)


@functools.cache
def views() -> dict[str, type[APIView]]:
    """Return every view of Django REST Framework that an address leads to, by its route from the root."""
    found = {route: getattr(pattern.callback, "cls", None) for route, pattern in _patterns(get_resolver(), "/")}
    return {route: view for route, view in found.items() if view and not view.__module__.startswith("drf_spectacular")}


def _patterns(resolver: URLResolver, route: str) -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        address = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern, address)
        else:
            yield address, pattern


def resolved(schema: Json) -> Json:
    """Return the schema, or the component that it names."""
    reference = schema.get("$ref")
    return document()["components"]["schemas"][reference.rpartition("/")[2]] if reference else schema


def validator(schema: Json) -> Draft202012Validator:
    return Draft202012Validator(
        {**schema, "components": document()["components"]}, format_checker=Draft202012Validator.FORMAT_CHECKER
    )
