"""What does the API document say of an operation? Each documents every refusal it can answer with, and an example.

Views declare their own refusals: `@extend_schema(…, extensions=refuses(errors.LastOwnerCannotLeave))`. Those that any
operation of its kind can give (no token, no such object, malformed body, …) are added here.
"""

from collections import defaultdict
from http import HTTPStatus
from typing import Any

from drf_spectacular.openapi import AutoSchema as SpectacularAutoSchema

from kit import errors
from kit.api import headers
from kit.api.contract import ContractView
from kit.api.doors import Door
from kit.api.errors import CATALOGUE_PATH, CONTENT_TYPE

KEY = "x-error-codes"
PROBLEM = {"$ref": "#/components/schemas/Problem"}

ALWAYS = (
    errors.BadRequest,
    errors.NotAcceptable,
    errors.TooManyRequests,
    errors.InternalError,
    errors.BadGateway,
    errors.Unavailable,
    errors.GatewayTimeout,
)
WITH_KEY = (
    errors.IdempotencyKeyMalformed,
    errors.IdempotencyKeyInUse,
    errors.IdempotencyKeyReused,
    errors.PayloadTooLarge,
)
WITH_VERSION = (errors.PreconditionFailed, errors.PreconditionRequired)
WITH_BODY = (errors.MalformedJson, errors.Invalid, errors.PayloadTooLarge, errors.UnsupportedMediaType)


def refuses(*refusals: type[errors.Refusal]) -> dict[str, Any]:
    """Return what an operation declares of the refusals of its own, as `extensions` of `extend_schema`."""
    return {KEY: [refusal.code for refusal in refusals]}


class AutoSchema(SpectacularAutoSchema):
    view: ContractView  # type: ignore[override]  # all that the document tells of are ours

    def get_description(self) -> str:  # type: ignore[override]  # the stubs describe the class that Spectacular replaced
        # By default the docstring of the class, which speaks to us. `@extend_schema(description=…)` still wins.
        return ""

    def is_deprecated(self) -> bool:
        return self.view.deprecation is not None

    # Any: an OpenAPI document is as wide as JSON.
    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        codes = {refusal.code for refusal in self._general_refusals(operation)} | set(operation.get(KEY, ()))
        operation[KEY] = sorted(codes)
        by_status = defaultdict(list)
        for refusal in errors.catalogue():
            if refusal.code in codes:
                by_status[refusal.status].append(refusal)
        for status, refusals in by_status.items():
            operation["responses"][str(status)] = _problem_response(refusals, self.path)
        headers.add(operation, self.view, self.method)
        operation["responses"] = dict(sorted(operation["responses"].items()))
        return operation

    def _general_refusals(self, operation: dict[str, Any]) -> list[type[errors.Refusal]]:
        found: list[type[errors.Refusal]] = list(ALWAYS)
        if "requestBody" in operation:
            found += WITH_BODY
        for door in self.view.get_authenticators():
            if isinstance(door, Door):
                found += door.refusals(self.path)
        if "{" in self.path:
            found.append(errors.NotFound)
        if headers.takes_key(self.view, self.method):
            found += WITH_KEY
        if headers.needs_key(self.view, self.method):
            found.append(errors.IdempotencyKeyRequired)
        if headers.is_conditional(self.view, self.method):
            found += WITH_VERSION
        asked = {parameter["name"] for parameter in operation.get("parameters", ())}
        found += [errors.Invalid] if "limit" in asked else []
        found += [errors.InvalidCursor] if "cursor" in asked else []
        return found


def _problem_response(refusals: list[type[errors.Refusal]], path: str) -> dict[str, Any]:
    status = HTTPStatus(refusals[0].status)
    examples = {
        refusal.code: {
            "summary": refusal.title,
            "value": {
                "type": f"{CATALOGUE_PATH}#{refusal.code}",
                "title": refusal.title,
                "status": refusal.status,
                "code": refusal.code,
                "detail": f"{refusal.title}.",
                "instance": path,
                "request_id": "0199f2d6a1c87d3e9b5f4a2c1e0d9b8a",
                "errors": [{"field": "name", "code": "required", "detail": "This field is required."}]
                if refusal is errors.Invalid
                else [],
            },
        }
        for refusal in refusals
    }
    return {
        "description": f"{status.phrase}: " + ", ".join(f"`{refusal.code}`" for refusal in refusals),
        "content": {CONTENT_TYPE: {"schema": PROBLEM, "examples": examples}},
    }


# Any: the document, and what else Spectacular hands its hooks.
def finish(result: dict[str, Any], **_context: Any) -> dict[str, Any]:
    """Add the one error format to the document's components, and say that requests take no unknown fields."""
    text = {"type": "string"}
    field = dict.fromkeys(("field", "code", "detail"), text)
    members = {
        "type": {"type": "string", "format": "uri-reference", "description": "The page of this error."},
        "title": text,
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "code": {"type": "string", "enum": sorted({refusal.code for refusal in errors.catalogue()})},
        "detail": text,
        "instance": {"type": "string", "description": "The path of the request."},
        "request_id": {"type": "string", "description": "Stands in every log line of the request."},
        "errors": {
            "type": "array",
            "items": {"type": "object", "required": [*field], "properties": field, "additionalProperties": False},
        },
    }
    result["components"]["headers"] = headers.components()
    result["components"]["schemas"]["Problem"] = {
        "type": "object",
        "description": "RFC 9457 problem document: the one shape of every error.",
        "required": [*members],
        "properties": members,
        "additionalProperties": False,
    }
    for name, schema in result["components"]["schemas"].items():
        if name.endswith("Request"):
            # `View.given` refuses fields that it does not know, and changes that change nothing.
            schema["additionalProperties"] = False
        if name.startswith("Patched"):
            schema["minProperties"] = 1
    return result
