"""How is a secret made that opens a door, and what do we keep of it?"""

import hashlib
import secrets


def new_token(prefix: str) -> str:
    """Return a fresh secret: 32 random bytes behind a prefix by which secret scanners recognize it."""
    return prefix + secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return what we store of a token. It has 256 bits of entropy, so a fast hash is enough."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
