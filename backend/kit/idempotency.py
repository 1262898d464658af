"""What is an `Idempotency-Key` (IETF draft 07), and which requests are the same?"""

import hashlib
import hmac
import os
import re
from dataclasses import dataclass
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kit import errors

MAX_LENGTH = 255
# A structured string, in quotes that belong to no key and with two escapes; or the key as it is.
QUOTED = re.compile(r'"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"')
BARE = re.compile(r"[\x21\x23-\x7e][\x21-\x7e]*")
NONCE_BYTES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyed:
    """A request that its caller may send again. Two callers, or one in two organizations, never share a key."""

    caller_id: UUID
    organization_id: UUID | None
    key: str
    fingerprint: bytes

    @property
    def lock(self) -> int:
        """The number under which the database lets one request with this key run at a time."""
        named = f"{self.caller_id}:{self.organization_id}:{self.key}"
        return int.from_bytes(hashlib.sha256(named.encode()).digest()[:8], signed=True)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered, byte for byte."""

    status: int
    body: bytes


def parse_key(header: str) -> str:
    """Return the key that the header carries.

    :raises IdempotencyKeyMalformed: when it carries none, or one of more than 255 or of invisible characters.
    """
    text = header.strip(" \t")
    quoted = QUOTED.fullmatch(text)
    key = re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else text
    if not (quoted or BARE.fullmatch(text)) or not 1 <= len(key) <= MAX_LENGTH:
        raise errors.IdempotencyKeyMalformed
    return key


def fingerprint(*parts: str | bytes) -> bytes:
    """Return what is equal for the same request alone: its method, its address, its body."""
    digest = hashlib.sha256()
    for part in parts:
        raw = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(len(raw).to_bytes(8) + raw)
    return digest.digest()


def seal(body: bytes, *, secret: str) -> bytes:
    """Return the body so that nobody opens it without `secret`, of which the database knows a hash at most."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + _cipher(secret).encrypt(nonce, body, None)


def unseal(sealed: bytes, *, secret: str) -> bytes:
    """Return what was sealed with `secret`.

    :raises InvalidTag: when it was sealed with another one, or altered.
    """
    return _cipher(secret).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None)


def _cipher(secret: str) -> AESGCM:
    # Tokens are random: no slow derivation is needed, only one that differs from what is stored of a token.
    return AESGCM(hmac.digest(secret.encode("utf-8", "surrogatepass"), b"kept answers", "sha256"))
