"""Was this request answered before? The same request under the same `Idempotency-Key` has one effect and one answer.

Key, effect and answer commit in one transaction: a backend that dies in the middle leaves nothing of the three. A
refusal leaves nothing either, so the key is free again: see docs/decisions/0006.
"""

from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from typing import Protocol, cast
from uuid import UUID

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import HttpResponse
from rest_framework.request import Request

from kit import clock, errors
from kit.api.bearer import token_of
from kit.idempotency import Answer, Keyed, fingerprint, parse_key, seal, unseal

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
REQUIRED = frozenset({"POST"})


class Store(Protocol):
    """Where keys and answers are kept: the module that `IDEMPOTENCY_STORE` names."""

    def claim_key(self, *, asked: Keyed, at: datetime) -> UUID | Answer: ...
    def keep_answer(self, *, claim_id: UUID, answer: Answer) -> None: ...


def once(
    request: Request, answer: Callable[[], HttpResponse], *, caller_id: UUID, is_secret: bool = False
) -> HttpResponse:
    """Return the answer to the request; to one that was answered before, what was answered then.

    :param is_secret: the answer holds what may not be stored in the clear; only the same token sees it again.
    :raises IdempotencyKeyRequired: on a POST without the header.
    """
    header = request.headers.get(HEADER)
    if header is None:
        if request.method in REQUIRED:
            raise errors.IdempotencyKeyRequired
        return answer()
    secret = token_of(request) if is_secret else ""
    asked = Keyed(
        caller_id=caller_id,
        organization_id=request.parser_context["kwargs"].get("organization_id"),
        key=parse_key(header),
        fingerprint=fingerprint(str(request.method), request.get_full_path(), _body(request), secret),
    )
    store = cast("Store", import_module(settings.IDEMPOTENCY_STORE))
    with transaction.atomic():
        found = store.claim_key(asked=asked, at=clock.now())
        if isinstance(found, Answer):
            return _replay(found, secret)
        response = answer()
        body = seal(response.content, secret=secret) if secret else response.content
        store.keep_answer(claim_id=found, answer=Answer(response.status_code, body))
    return response


def _replay(kept: Answer, secret: str) -> HttpResponse:
    body = unseal(kept.body, secret=secret) if secret else kept.body
    response = HttpResponse(body, "application/json", kept.status, headers={REPLAYED: "true"})
    if not body:
        del response["Content-Type"]
    return response


def _body(request: Request) -> bytes:
    try:
        # Read whole before it is parsed: Django keeps it, and the parser gets it from there.
        return request._request.body  # noqa: SLF001  # Django REST Framework has no public name for it
    except RequestDataTooBig as error:
        raise errors.PayloadTooLarge from error
