"""What can we refuse, with which code, status and sentence? Plain exceptions; the doors turn them into answers.

A subclass names a situation. Its `code` is stable and part of the API; its docstring is its page in the catalogue.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field: its dotted path in the request, a stable code, a sentence."""

    field: str
    code: str
    detail: str

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


class Refusal(Exception):
    """Anything we answer with a 4xx or 5xx, by intention."""

    status: ClassVar[int]
    code: ClassVar[str]
    title: ClassVar[str]
    headers: ClassVar[dict[str, str]] = {}

    def __init__(
        self, detail: str = "", *, errors: Sequence[FieldError] = (), headers: dict[str, str] | None = None
    ) -> None:
        self.detail = detail or f"{self.title}."
        self.errors = list(errors)
        self.sent_headers = {**self.headers, **(headers or {})}
        super().__init__(self.detail)


class BadRequest(Refusal):
    """The request cannot be understood: an unknown host, broken framing, a header that makes no sense."""

    status, code, title = 400, "bad_request", "The request cannot be understood"


class MalformedJson(Refusal):
    """The body is not JSON in UTF-8. Nothing was changed."""

    status, code, title = 400, "malformed_json", "The body is not valid JSON"


class Invalid(Refusal):
    """One or more fields are missing or wrong: `errors` names each of them. Nothing was changed."""

    status, code, title = 400, "invalid", "Some fields are missing or wrong"


class InvalidCursor(Refusal):
    """The cursor was altered, or belongs to another list. Start again without one."""

    status, code, title = 400, "invalid_cursor", "The cursor does not belong to this list"


class IdempotencyKeyRequired(Refusal):
    """A POST needs the header `Idempotency-Key`: a fresh value for each intent, the same one for each retry of it."""

    status, code, title = 400, "idempotency_key_required", "This operation needs an Idempotency-Key"


class IdempotencyKeyMalformed(Refusal):
    """The `Idempotency-Key` is not a quoted or bare string of 1 to 255 visible characters of ASCII."""

    status, code, title = 400, "idempotency_key_malformed", "The Idempotency-Key is not 1 to 255 visible characters"


class NotAuthenticated(Refusal):
    """The request carries no token, or one that is unknown, expired or revoked. Sign in again."""

    status, code, title = 401, "not_authenticated", "Sign in to do this"
    headers: ClassVar[dict[str, str]] = {"WWW-Authenticate": "Bearer"}


class PermissionDenied(Refusal):
    """You are known, but your role does not grant this. Ask an owner or admin."""

    status, code, title = 403, "permission_denied", "Your role does not grant this"


class ApiKeyNotAccepted(Refusal):
    """An API key acts in its organization alone: this concerns a person, who signs in."""

    status, code, title = 403, "api_key_not_accepted", "API keys are not accepted here"


class NotWhileImpersonating(Refusal):
    """Only the person themselves may do this, not staff who act in their name."""

    status, code, title = 403, "not_while_impersonating", "Only the person themselves may do this"


class StaffOnly(Refusal):
    """This is for the staff of the platform, acting as themselves."""

    status, code, title = 403, "staff_only", "This is for staff"


class NotFound(Refusal):
    """There is nothing at this address, or nothing that you may see."""

    status, code, title = 404, "not_found", "There is nothing here that you may see"


class MethodNotAllowed(Refusal):
    """The address exists, but not for this method: `Allow` lists those it has."""

    status, code, title = 405, "method_not_allowed", "This address does not take that method"


class NotAcceptable(Refusal):
    """The `Accept` header asks for something other than JSON."""

    status, code, title = 406, "not_acceptable", "Only JSON is served here"


class Conflict(Refusal):
    """The request is sound, but the present state does not allow it."""

    status, code, title = 409, "conflict", "The present state does not allow this"


class IdempotencyKeyInUse(Conflict):
    """The first request with this `Idempotency-Key` has not ended yet. Send the same again after `Retry-After`."""

    code, title = "idempotency_key_in_use", "A request with this Idempotency-Key is still running"
    headers: ClassVar[dict[str, str]] = {"Retry-After": "1"}


class PreconditionFailed(Refusal):
    """It changed since you read it: `If-Match` names another version. Read it again, then decide."""

    status, code, title = 412, "precondition_failed", "It changed since you read it"


class PayloadTooLarge(Refusal):
    """The body is larger than 1 MiB."""

    status, code, title = 413, "payload_too_large", "The body is larger than 1 MiB"


class UriTooLong(Refusal):
    """The address is longer than the server reads."""

    status, code, title = 414, "uri_too_long", "The address is too long"


class UnsupportedMediaType(Refusal):
    """The `Content-Type` is not `application/json`."""

    status, code, title = 415, "unsupported_media_type", "Send JSON with Content-Type: application/json"


class IdempotencyKeyReused(Refusal):
    """The `Idempotency-Key` was used for another request: of another method, address, body or (for secrets) token."""

    status, code, title = 422, "idempotency_key_reused", "The Idempotency-Key belongs to another request"


class PreconditionRequired(Refusal):
    """A change needs `If-Match` with the `ETag` that you read, so that nobody's work is lost; `*` takes any version."""

    status, code, title = 428, "precondition_required", "Say with If-Match which version you change"


class TooManyRequests(Refusal):
    """You asked too often: wait as many seconds as `Retry-After` says."""

    status, code, title = 429, "too_many_requests", "Too many requests"


class InternalError(Refusal):
    """Our mistake. It was logged under the `request_id`; tell us that id."""

    status, code, title = 500, "internal_error", "Something went wrong on our side"


class BadGateway(Refusal):
    """The server behind the proxy did not answer properly. Try again in a moment."""

    status, code, title = 502, "bad_gateway", "The backend does not answer"
    headers: ClassVar[dict[str, str]] = {"Retry-After": "2"}


class Unavailable(Refusal):
    """A part that we depend on is away for the moment. Try again after `Retry-After` seconds."""

    status, code, title = 503, "unavailable", "The service is unavailable for the moment"
    headers: ClassVar[dict[str, str]] = {"Retry-After": "2"}


class GatewayTimeout(Refusal):
    """The server behind the proxy took too long. The request may still have had its effect."""

    status, code, title = 504, "gateway_timeout", "The backend took too long"
    headers: ClassVar[dict[str, str]] = {"Retry-After": "2"}


def catalogue() -> list[type[Refusal]]:
    """List every refusal of the platform, by status and code."""

    def below(parent: type[Refusal]) -> list[type[Refusal]]:
        children = parent.__subclasses__()
        return children + [grandchild for child in children for grandchild in below(child)]

    return sorted(set(below(Refusal)), key=lambda refusal: (refusal.status, refusal.code))
