"""How long did it take? Waiting with a deadline, for things that happen in other processes."""

import time
from collections.abc import Callable
from contextlib import suppress

import httpx


def seconds_until(happened: Callable[[], object], *, at_most: float) -> float:
    """Return the seconds until the answer was truthy; a connection that fails is a no.

    :raises AssertionError: when it took longer than `at_most`.
    """
    began = time.monotonic()
    while True:
        with suppress(httpx.TransportError):
            if happened():
                return time.monotonic() - began
        assert time.monotonic() - began < at_most, f"not within {at_most} s"
        time.sleep(0.05)
