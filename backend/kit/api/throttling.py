"""Who asks too often? Counted in Redis; when Redis is away nobody is refused, and the log says so."""

import hashlib

from django.conf import settings
from django.http import HttpRequest
from redis import RedisError
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from kit import logging

log = logging.get_logger(__name__)


def client_ip(request: HttpRequest | Request) -> str:
    """Return the address of the caller: the peer of nginx, or our own peer where there is no proxy before us."""
    meta = request.META
    # nginx overwrites the header with its peer's address; without nginx anybody could send one.
    address = meta.get("HTTP_X_FORWARDED_FOR") if settings.BEHIND_PROXY else None
    return str(address or meta["REMOTE_ADDR"])


class RedisThrottle(SimpleRateThrottle):
    def allow_request(self, request: Request, view: APIView) -> bool:
        try:
            return super().allow_request(request, view)
        except RedisError as error:
            log.warning("throttle.open", error=str(error))
            return True


class SignInThrottle(RedisThrottle):
    """Bounds guesses of one account's password from one address."""

    scope = "sign_in"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        email = request.data.get("email", "") if isinstance(request.data, dict) else ""
        # However an address is spelled, it is one account. Hashed, since a caller may write anything there.
        guessed = f"{client_ip(request)}:{str(email).strip().lower()}"
        return self.cache_format % {"scope": self.scope, "ident": hashlib.sha256(guessed.encode()).hexdigest()}
