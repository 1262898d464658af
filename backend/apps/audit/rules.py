"""What is in an entry's hash, and which chains hold: the arithmetic of the audit log, in plain Python.

hash = SHA-256(hash of the entry before · sequence, 8 bytes, big endian · content), where the content is JSON in UTF-8
with sorted keys, without spaces and without nulls. The first entry follows 32 zero bytes.
"""

import hashlib
import ipaddress
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple, Protocol, Self
from uuid import UUID

import orjson

READ_AUDIT = "audit:read"
"""The permission to read an organization's log."""

ACTION_LENGTH = 64
GENESIS = bytes(32)
REWRITTEN = "rewritten: it matches its own hash, but what follows was written after another entry"

type Plain = str | int | bool | list[Plain] | None
type Changes = Mapping[str, tuple[object, object]]
"""What was changed: of each field its value before and after, None where there was none."""


class Kind(StrEnum):
    """Whose chain is it?"""

    ORGANIZATION = "organization"
    PERSON = "person"
    PLATFORM = "platform"


class Scope(NamedTuple):
    """The chain that an entry belongs to. Who writes to several in one transaction does so in the order of `Kind`."""

    kind: Kind
    id: UUID

    @classmethod
    def organization(cls, organization_id: UUID) -> Self:
        return cls(Kind.ORGANIZATION, organization_id)

    @classmethod
    def person(cls, user_id: UUID) -> Self:
        return cls(Kind.PERSON, user_id)


PLATFORM = Scope(Kind.PLATFORM, UUID(int=0))
"""What concerns neither an organization nor a person that is still there."""


def require_action(action: str) -> str:
    """Return the action.

    :raises ValueError: when it does not read like `member.removed`: a thing and what was done to it.
    """
    if not re.fullmatch(r"[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*", action) or len(action) > ACTION_LENGTH:
        raise ValueError(f"An action reads like “member.removed”, not like “{action}”.")
    return action


def type_name(class_name: str) -> str:
    """Return `api_key` for the class `ApiKey`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", class_name).lower()


def difference(before: Mapping[str, object], after: Mapping[str, object]) -> Changes:
    """Return what `after` changes of `before`; fields that stay as they are do not show."""
    return {name: (before.get(name), value) for name, value in after.items() if before.get(name) != value}


def plain_changes(changes: Changes) -> dict[str, dict[str, Plain]]:
    """Return the changes as they are stored and shown."""
    return {
        field: {"before": plain(before), "after": plain(after)} for field, (before, after) in sorted(changes.items())
    }


def plain(value: object) -> Plain:
    """Return the value as JSON holds it.

    :raises TypeError: for what PostgreSQL might give back in another form than it was given, such as a float.
    """
    match value:
        case None | bool():
            return value
        case int():
            return int(value)
        case str() | UUID():
            return str(value)
        case datetime():
            return instant(value)
        case list() | tuple() | set() | frozenset():
            return [plain(inner) for inner in (value if isinstance(value, list | tuple) else sorted(value))]
    raise TypeError(f"The audit log does not store {type(value).__name__}: hand in text or whole numbers.")


def instant(at: datetime) -> str:
    """Return the instant to the microsecond, in UTC."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def normalized_ip(address: str) -> str | None:
    """Return the address as PostgreSQL writes it, an IPv4 address as such; None for what is no address."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return None
    return str(getattr(found, "ipv4_mapped", None) or found)


class Row(Protocol):
    """An entry as it was stored."""

    id: UUID
    chain_id: UUID
    sequence: int
    previous_hash: bytes | memoryview
    hash: bytes | memoryview
    created_at: datetime
    action: str
    actor_type: str
    actor_id: UUID | None
    impersonator_id: UUID | None
    target_type: str
    target_id: UUID
    # Any JSON; what was stored is for the hash to judge.
    changes: object
    ip: str | None
    request_id: str


def content(row: Row) -> bytes:
    """Return what the hash of an entry covers besides its place in the chain."""
    # Without nulls, a column that comes later leaves the hashes of today as they are.
    fields: dict[str, object] = {
        "id": str(row.id),
        "chain_id": str(row.chain_id),
        "created_at": instant(row.created_at),
        "action": row.action,
        "actor_type": row.actor_type,
        "actor_id": row.actor_id and str(row.actor_id),
        "impersonator_id": row.impersonator_id and str(row.impersonator_id),
        "target_type": row.target_type,
        "target_id": str(row.target_id),
        "changes": row.changes,
        "ip": row.ip,
        "request_id": row.request_id,
    }
    present = {name: value for name, value in fields.items() if value is not None}
    return orjson.dumps(present, option=orjson.OPT_SORT_KEYS)


def digest(previous_hash: bytes | memoryview, sequence: int, content: bytes) -> bytes:
    """Return the hash of an entry. `services` has PostgreSQL compute the very same."""
    return hashlib.sha256(bytes(previous_hash) + sequence.to_bytes(8, signed=True) + content).digest()


@dataclass(frozen=True, slots=True)
class Head:
    """What the chain says of itself: its number of entries, and the hash of the last."""

    length: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a chain, and where; without an id where the entry is gone."""

    sequence: int
    what: str
    entry_id: UUID | None = None

    def __str__(self) -> str:
        return f"entry {self.sequence}" + (f" (id {self.entry_id})" if self.entry_id else "") + f": {self.what}"


def faults(items: Iterable[Row | Head]) -> Iterator[Fault]:
    """Yield what is wrong with a chain: first come its entries by sequence, then its head, if it has one."""
    last: Row | None = None
    head: Head | None = None
    is_sound = True
    for item in items:
        if isinstance(item, Head):
            head = item
            break
        expected = last.sequence + 1 if last else 1
        if item.sequence < expected:
            yield Fault(item.sequence, "inserted: the chain has no such place, or another entry in it", item.id)
            continue
        yield from _missing(expected, item.sequence)
        before = None if item.sequence > expected else last.hash if last else GENESIS
        wrong = _wrong_within(item, before)
        # A sound entry that does not follow the one before was written when another one stood there.
        if last and is_sound and not wrong and before is not None and before != item.previous_hash:
            yield Fault(last.sequence, REWRITTEN, last.id)
        if wrong:
            yield Fault(item.sequence, wrong, item.id)
        last, is_sound = item, not wrong
    yield from _faults_of_end(last, head, is_sound=is_sound)


def _missing(expected: int, found: int) -> Iterator[Fault]:
    if found > expected:
        rest = f", and all up to {found - 1} with it" if found - 1 > expected else ""
        yield Fault(expected, f"missing{rest}")


def _faults_of_end(last: Row | None, head: Head | None, *, is_sound: bool) -> Iterator[Fault]:
    if head is None:
        yield Fault(0, "missing: the head of the chain, which counts its entries")
        return
    length = last.sequence if last else 0
    yield from _missing(length + 1, head.length + 1)
    if last and length > head.length:
        yield Fault(length, f"inserted: the chain counts {head.length} entries", last.id)
    elif last and length == head.length and is_sound and last.hash != head.hash:
        yield Fault(length, REWRITTEN, last.id)


def _wrong_within(row: Row, before: bytes | memoryview | None) -> str:
    if digest(row.previous_hash, row.sequence, content(row)) == row.hash:
        is_astray = row.sequence == 1 and row.previous_hash != GENESIS
        return "rewritten: it follows another entry, though it is the first" if is_astray else ""
    if before is not None and digest(before, row.sequence, content(row)) == row.hash:
        return "altered: its link to the entry before is not the one that it was written with"
    return "altered: its content does not match its hash"
