"""The arithmetic of people and sessions, in plain Python."""

from datetime import datetime, timedelta

from kit import tokens

TOKEN_PREFIX = "sls_"  # noqa: S105  # how secret scanners recognize one
SESSION_LIFETIME = timedelta(days=30)
IMPERSONATION_LIFETIME = timedelta(minutes=30)
SEEN_EVERY = timedelta(minutes=5)
DEVICE_LENGTH = 200
REASON_LENGTH = 500


def normalized_email(email: str) -> str:
    """Return the address as we store and compare it: without outer space, in lower case."""
    return email.strip().lower()


def new_token() -> str:
    """Return a fresh session token."""
    return tokens.new_token(TOKEN_PREFIX)


def token_hash(token: str) -> str:
    """Return what we store of a session token."""
    return tokens.token_hash(token)


def expires_at(signed_in_at: datetime) -> datetime:
    """Return when a session that began at `signed_in_at` ends."""
    return signed_in_at + SESSION_LIFETIME


def is_sighting_due(last_seen_at: datetime, at: datetime) -> bool:
    """Tell whether `last_seen_at` is old enough to be worth a write."""
    return at - last_seen_at >= SEEN_EVERY


def impersonation_expires_at(began_at: datetime) -> datetime:
    """Return when an impersonation that began at `began_at` ends."""
    return began_at + IMPERSONATION_LIFETIME
