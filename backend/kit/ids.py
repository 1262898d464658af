"""Who is who? Identifiers are UUIDv7 (RFC 9562): time-ordered, so the primary key is also the cursor of a list."""

import hashlib
import itertools
import secrets
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

from uuid_utils import compat

from kit import clock

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_source: ContextVar[Callable[[], uuid.UUID] | None] = ContextVar("id_source", default=None)


def new_id() -> uuid.UUID:
    """Return a new identifier, greater than those this process made before."""
    source = _source.get()
    return source() if source else compat.uuid7()


def id_at(at: datetime) -> uuid.UUID:
    """Return a new identifier of the instant `at`, greater than all of earlier microseconds."""
    source = _source.get()
    return source() if source else uuid.UUID(int=first_id(at).int | secrets.randbits(62))


def first_id(at: datetime) -> uuid.UUID:
    """Return the least identifier of the instant `at`: where a range of time begins in what `id_at` numbered.

    RFC 9562, section 6.2, method 3: the 12 bits behind the milliseconds hold their fraction.
    """
    milliseconds, microseconds = divmod(max(0, (at - _EPOCH) // timedelta(microseconds=1)), 1000)
    # Rounded up, so that each of the 1000 has a number of its own.
    return uuid.UUID(int=milliseconds << 80 | 7 << 76 | -(-microseconds * 4096 // 1000) << 64 | 2 << 62)


def derived_id(key: str, number: int, at: datetime) -> uuid.UUID:
    """Return the identifier number `number` of `key`: always the same one, in order of number within one instant.

    Layout of RFC 9562: 48 bits of milliseconds, version, 12 and 62 bits; here the leading 36 of these count.
    """
    digest = int.from_bytes(hashlib.sha256(f"{key}:{number}".encode()).digest()[:5])
    count = number & ((1 << 36) - 1)
    rest = (count & ((1 << 24) - 1)) << 38 | digest >> 2
    milliseconds = round(at.timestamp() * 1000)
    return uuid.UUID(int=milliseconds << 80 | 7 << 76 | (count >> 24) << 64 | 2 << 62 | rest)


@contextmanager
def derived_from(key: str) -> Iterator[None]:
    """Make every new identifier of this context a derived one, counted from 1."""
    numbers = itertools.count(1)
    token = _source.set(lambda: derived_id(key, next(numbers), clock.now()))
    try:
        yield
    finally:
        _source.reset(token)
