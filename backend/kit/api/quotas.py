"""Who asks too often? Exact quotas over all processes, told in `RateLimit` headers (IETF draft 10).

A window begins with a caller's first request and ends after its seconds; within it exactly the quota is let through.
All of a request's counters are looked at and raised in one round trip to Redis, all of them or none. While Redis is
away everybody is served, answers carry no `RateLimit` headers, and the log says so once a minute: docs/decisions/0007.
"""

import functools
import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry
from rest_framework.request import Request

from kit import errors, logging

log = logging.get_logger(__name__)

PAUSE_SECONDS = 5
LOG_EVERY_SECONDS = 60
SPEND = """
local answer = {1}
for i, key in ipairs(KEYS) do
  redis.call('SET', key, 0, 'PX', ARGV[2 * i], 'NX')
  if tonumber(redis.call('GET', key)) >= tonumber(ARGV[2 * i - 1]) then answer[1] = 0 end
end
for i, key in ipairs(KEYS) do
  local used = answer[1] == 1 and redis.call('INCR', key) or tonumber(redis.call('GET', key))
  answer[2 * i], answer[2 * i + 1] = used, redis.call('PTTL', key)
end
return answer
"""


@dataclass(frozen=True, slots=True)
class Quota:
    """So many requests in so many seconds."""

    name: str
    requests: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Balance:
    """What is left of a quota, and in how many seconds it is whole again."""

    quota: Quota
    remaining: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Spending:
    is_allowed: bool
    balances: list[Balance]

    def headers(self) -> dict[str, str]:
        """Return the quotas and what is left of each, as structured fields (RFC 9651)."""
        if not self.balances:
            return {}
        policies = (f'"{b.quota.name}";q={b.quota.requests};w={b.quota.seconds}' for b in self.balances)
        balances = (f'"{b.quota.name}";r={b.remaining};t={b.seconds}' for b in self.balances)
        return {"RateLimit-Policy": ", ".join(policies), "RateLimit": ", ".join(balances)}

    def require(self) -> None:
        """Return when the request may go on.

        :raises TooManyRequests: when a quota is used up, with the seconds until it is not.
        """
        if not self.is_allowed:
            wait = max(balance.seconds for balance in self.balances if not balance.remaining)
            raise errors.TooManyRequests(headers={"Retry-After": str(wait)})


class _Counters:
    """The counters in one Redis. When it does not answer it is left in peace for a while: waiting costs more."""

    def __init__(self, location: str) -> None:
        # One retry, at once: a kept connection may have died with a Redis that is back by now.
        redis = Redis.from_url(location, retry=Retry(NoBackoff(), 1), **settings.CACHES["default"]["OPTIONS"])
        self.script = redis.register_script(SPEND)
        self.away_until = 0.0
        self.told_until = 0.0

    def spend(self, keys: list[str], numbers: list[int]) -> list[int] | None:
        if time.monotonic() < self.away_until:
            return None
        try:
            found: list[int] = self.script(keys=keys, args=numbers)
        except RedisError as error:
            self._leave_in_peace(error)
            return None
        return found

    def _leave_in_peace(self, error: RedisError) -> None:
        now = time.monotonic()
        self.away_until = now + PAUSE_SECONDS
        if now >= self.told_until:
            self.told_until = now + LOG_EVERY_SECONDS
            log.warning("quotas.open", error=str(error))


counters = functools.cache(_Counters)


def client_ip(request: HttpRequest | Request) -> str:
    """Return the address of the caller: the peer of nginx, or our own peer where there is no proxy before us."""
    meta = request.META
    # nginx overwrites the header with its peer's address; without nginx anybody could send one.
    address = meta.get("HTTP_X_FORWARDED_FOR") if settings.BEHIND_PROXY else None
    return str(address or meta["REMOTE_ADDR"])


def spend(wanted: Sequence[tuple[str, str]]) -> Spending:
    """Take one request from each quota, given by its name in `QUOTAS` and by whom it counts; or from none of them."""
    quotas = [Quota(name, *settings.QUOTAS[name]) for name, _ in wanted]
    # Hashed, since a caller may write anything there.
    keys = [cache.make_key(f"quota:{name}:{_hashed(whose)}") for name, whose in wanted]
    numbers = [number for quota in quotas for number in (quota.requests, quota.seconds * 1000)]
    found = counters(settings.CACHES["default"]["LOCATION"]).spend(keys, numbers) if quotas else None
    if found is None:
        return Spending(is_allowed=True, balances=[])
    balances = [
        Balance(quota, max(0, quota.requests - used), max(1, -(-rest // 1000)))
        for quota, used, rest in zip(quotas, found[1::2], found[2::2], strict=True)
    ]
    return Spending(is_allowed=bool(found[0]), balances=balances)


def _hashed(whose: str) -> str:
    return hashlib.sha256(whose.encode("utf-8", "surrogatepass")).hexdigest()
