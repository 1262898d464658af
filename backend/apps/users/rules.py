"""The arithmetic of people and sessions, in plain Python."""

import hashlib
import secrets
from datetime import datetime, timedelta

TOKEN_PREFIX = "sls_"  # noqa: S105  # how secret scanners recognize one
SESSION_LIFETIME = timedelta(days=30)
SEEN_EVERY = timedelta(minutes=5)
DEVICE_LENGTH = 200


def normalized_email(email: str) -> str:
    """Return the address as we store and compare it: without outer space, in lower case."""
    return email.strip().lower()


def new_token() -> str:
    """Return a fresh session token: 32 random bytes behind a recognizable prefix."""
    return TOKEN_PREFIX + secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return what we store of a token. It has 256 bits of entropy, so a fast hash is enough."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def expires_at(signed_in_at: datetime) -> datetime:
    """Return when a session that began at `signed_in_at` ends."""
    return signed_in_at + SESSION_LIFETIME


def is_sighting_due(last_seen_at: datetime, at: datetime) -> bool:
    """Tell whether `last_seen_at` is old enough to be worth a write."""
    return at - last_seen_at >= SEEN_EVERY
