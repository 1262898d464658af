"""How does a refusal look on the wire? RFC 9457 `application/problem+json`, whoever raised it."""

import math
import sys
from collections.abc import Iterator
from typing import Any, cast

import orjson
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from kit import errors, logging

CONTENT_TYPE = "application/problem+json"
CATALOGUE_PATH = "/api/errors"

log = logging.get_logger(__name__)

BY_DRF: dict[type[exceptions.APIException], type[errors.Refusal]] = {
    exceptions.ParseError: errors.MalformedJson,
    exceptions.NotAuthenticated: errors.NotAuthenticated,
    exceptions.AuthenticationFailed: errors.NotAuthenticated,
    exceptions.PermissionDenied: errors.PermissionDenied,
    exceptions.NotFound: errors.NotFound,
    exceptions.MethodNotAllowed: errors.MethodNotAllowed,
    exceptions.NotAcceptable: errors.NotAcceptable,
    exceptions.UnsupportedMediaType: errors.UnsupportedMediaType,
    exceptions.Throttled: errors.TooManyRequests,
}


def body(refusal: errors.Refusal, path: str) -> dict[str, Any]:
    """Return the members of the problem document that answers a request to `path`."""
    return {
        "type": f"{CATALOGUE_PATH}#{refusal.code}",
        "title": refusal.title,
        "status": refusal.status,
        "code": refusal.code,
        "detail": refusal.detail,
        "instance": path,
        "request_id": logging.request_id(),
        "errors": [error.as_dict() for error in refusal.errors],
    }


def refusal_of(error: BaseException) -> errors.Refusal:  # noqa: PLR0911  # a table of cases
    """Return what an exception means to the caller; one that nobody foresaw is an internal error, and logged."""
    match error:
        case errors.Refusal():
            return error
        case exceptions.ValidationError():
            return errors.Invalid(errors=list(_field_errors(error.get_full_details())))
        case exceptions.Throttled():
            return errors.TooManyRequests(headers={"Retry-After": str(math.ceil(getattr(error, "wait", None) or 1))})
        case exceptions.APIException() if type(error) in BY_DRF:
            return BY_DRF[type(error)]()
        case Http404():
            return errors.NotFound()
        case PermissionDenied():
            return errors.PermissionDenied()
        case SuspiciousOperation():
            return errors.BadRequest()
        # Serializers refuse NUL, but it also comes by ways that no serializer reads: a cookie, a filter of the admin.
        case DataError() if "NUL" in str(error):
            return errors.BadRequest()
        case OperationalError() | InterfaceError():
            log.warning("database.unavailable", error=str(error))
            return errors.Unavailable()
        case _:
            log.error("request.failed", exc_info=error)
            return errors.InternalError()


def exception_handler(error: Exception, context: dict[str, Any]) -> Response:
    """Answer an exception raised in a view of Django REST Framework."""
    request: Request = context["request"]
    refusal = refusal_of(error)
    headers = dict(refusal.sent_headers)
    if isinstance(error, exceptions.MethodNotAllowed):
        headers["Allow"] = ", ".join(context["view"].allowed_methods)
    return Response(body(refusal, request.path), refusal.status, headers=headers, content_type=CONTENT_TYPE)


def response(request: HttpRequest, refusal: errors.Refusal) -> HttpResponse:
    """Answer a refusal outside of Django REST Framework."""
    return HttpResponse(
        orjson.dumps(body(refusal, request.path)), CONTENT_TYPE, refusal.status, headers=refusal.sent_headers
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    refusal = errors.PayloadTooLarge() if isinstance(exception, RequestDataTooBig) else errors.BadRequest()
    return response(request, refusal)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return response(request, errors.PermissionDenied())


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return response(request, errors.PermissionDenied(f"{reason or 'The CSRF check failed.'} Reload the page."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return response(request, errors.NotFound())


def server_error(request: HttpRequest) -> HttpResponse:
    # Django calls this from its own except block.
    return response(request, refusal_of(sys.exc_info()[1] or RuntimeError("no exception at hand")))


def _field_errors(details: Any, path: str = "") -> Iterator[errors.FieldError]:
    """Flatten Django REST Framework's nested details into one row a field."""
    if isinstance(details, list):
        for number, item in enumerate(details):
            # A list holds either messages of this field, or one entry for each element of a list of objects.
            nested = isinstance(item, dict) and "message" not in item
            yield from _field_errors(item, f"{path}.{number}" if nested and path else path)
    elif isinstance(details, dict) and isinstance(details.get("message"), str) and "code" in details:
        yield errors.FieldError(path, str(details["code"]), str(details["message"]))
    else:
        for name, inner in cast("dict[str, Any]", details).items():
            own = "" if name == "non_field_errors" else str(name)
            yield from _field_errors(inner, ".".join(part for part in (path, own) if part))
