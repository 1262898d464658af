"""Which headers does an operation take and send? As the API document tells them."""

from typing import Any

from kit.api import idempotency
from kit.api.contract import ContractView

# Any, here and below: an OpenAPI document is as wide as JSON.
type Json = dict[str, Any]

TEXT = {"type": "string"}
KEY = {
    "name": idempotency.HEADER,
    "in": "header",
    "schema": {"type": "string", "minLength": 1, "maxLength": 257},
    "example": '"7f1b2c1e-9a53-4a0e-8b57-2f3d1c0a9e44"',
    "description": (
        "A fresh value for each intent, the same for each retry of it: 1 to 255 visible characters, quoted or bare. "
        "For 24 hours the same request is answered as it was; a refusal keeps nothing."
    ),
}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "schema": TEXT,
    "example": '"5f2b7a0c9d8e4f61a3b2c1d0e9f8a7b6"',
    "description": "The `ETag` of the version that is changed, as it was read; `*` takes any.",
}
IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "schema": TEXT,
    "description": "An `ETag` that was read before: while it is the present one, the answer is 304 without a body.",
}
ANSWERED = {
    "ETag": "The version of what is shown: send it as `If-Match` to change it.",
    "Idempotency-Replayed": "`true` when the request was answered before, and this is that answer.",
    "RateLimit-Policy": 'The quotas that the request took from, such as `"default";q=1000;w=60`: requests, seconds.',
    "RateLimit": 'What is left of each, such as `"default";r=999;t=60`. Absent while nothing is counted.',
    "Deprecation": "Since when there is something better, as `@` and seconds since 1970.",
    "Sunset": "When this operation goes.",
    "Link": "What takes its place.",
    "Retry-After": "Seconds to wait.",
}


def takes_key(view: ContractView, method: str) -> bool:
    """Tell whether the operation may be sent again under one key: all that change something and know who asks."""
    return method in idempotency.UNSAFE and bool(view.get_authenticators())


def needs_key(view: ContractView, method: str) -> bool:
    return method in idempotency.REQUIRED and takes_key(view, method)


def is_conditional(view: ContractView, method: str) -> bool:
    """Tell whether the operation asks for the version that it changes."""
    return method in idempotency.UNSAFE - idempotency.REQUIRED and method not in view.unconditional_methods


def is_versioned(view: ContractView, method: str) -> bool:
    """Tell whether the operation says which version it shows."""
    return method in view.versioned_methods


def add(operation: Json, view: ContractView, method: str) -> None:
    """Add to an operation the headers that it takes and answers with."""
    taken = [
        *([{**KEY, "required": needs_key(view, method)}] if takes_key(view, method) else []),
        # Not marked as required: whoever leaves an organization needs none, and a client should hear of the 428.
        *([IF_MATCH] if is_conditional(view, method) else []),
        *([IF_NONE_MATCH] if method == "GET" and is_versioned(view, method) else []),
    ]
    if taken:
        operation["parameters"] = [*operation.get("parameters", ()), *taken]
    if method == "GET" and is_versioned(view, method):
        operation["responses"]["304"] = {
            "description": "Not Modified: the version of `If-None-Match` is the present one."
        }
    for status, answer in operation["responses"].items():
        sent = _sent(view, method, int(status))
        answer["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in sent}


def components() -> Json:
    """Return what the answers' headers refer to."""
    return {name: {"description": text, "schema": TEXT} for name, text in ANSWERED.items()}


def _sent(view: ContractView, method: str, status: int) -> list[str]:
    is_fine = status < 400
    return [
        *(["ETag"] if is_fine and is_versioned(view, method) else []),
        *(["Idempotency-Replayed"] if is_fine and takes_key(view, method) else []),
        *(["Retry-After"] if status in {429, 502, 503, 504} else []),
        *(["RateLimit-Policy", "RateLimit"] if is_fine or status == 429 else []),
        *(["Deprecation", "Sunset", "Link"] if view.deprecation else []),
    ]
