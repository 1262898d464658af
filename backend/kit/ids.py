"""Who is who? Identifiers are UUIDv7 (RFC 9562): time-ordered, so the primary key is also the cursor of a list."""

import hashlib
import itertools
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from uuid_utils import compat

from kit import clock

_source: ContextVar[Callable[[], uuid.UUID] | None] = ContextVar("id_source", default=None)


def new_id() -> uuid.UUID:
    """Return a new identifier, greater than those this process made before."""
    source = _source.get()
    return source() if source else compat.uuid7()


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
