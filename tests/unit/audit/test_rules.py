import dataclasses
import hashlib
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from apps.audit import rules
from apps.audit.rules import Fault, Head
from apps.organizations.rules import Role

ONE, TWO, THREE, NINE = (UUID(int=number) for number in (1, 2, 3, 9))
AT = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
ALTERED = "altered: its content does not match its hash"
CUT = "altered: its link to the entry before is not the one that it was written with"
LENGTH = 6


@dataclass(kw_only=True)
class Entry:
    """An entry as it might be stored."""

    id: UUID
    sequence: int
    previous_hash: bytes | memoryview = b""
    hash: bytes | memoryview = b""
    chain_id: UUID = ONE
    created_at: datetime = AT
    action: str = "member.removed"
    actor_type: str = "user"
    actor_id: UUID | None = TWO
    impersonator_id: UUID | None = None
    target_type: str = "membership"
    target_id: UUID = THREE
    changes: object = None
    ip: str | None = None
    request_id: str = ""


type Chain = list[Entry]


def written(length: int = LENGTH) -> tuple[Chain, Head]:
    """Return a chain as it is written, and its head."""
    chain, before = [], rules.GENESIS
    for sequence in range(1, length + 1):
        entry = Entry(id=UUID(int=100 + sequence), sequence=sequence, previous_hash=before)
        seal(entry)
        before = bytes(entry.hash)
        chain.append(entry)
    return chain, Head(length, before)


def seal(entry: Entry) -> None:
    entry.hash = rules.digest(entry.previous_hash, entry.sequence, rules.content(entry))


def faults(chain: Chain, *head: Head) -> list[tuple[int, str]]:
    return [(fault.sequence, fault.what) for fault in rules.faults([*chain, *head])]


def rewrite(chain: Chain, place: int) -> None:
    chain[place].action = "member.added"
    seal(chain[place])


def swap_places(chain: Chain, one: int, other: int) -> None:
    chain[one].sequence, chain[other].sequence = chain[other].sequence, chain[one].sequence
    chain.sort(key=lambda entry: entry.sequence)


@pytest.mark.parametrize("length", [0, 1, 2, LENGTH])
def test_a_chain_as_it_was_written_holds(length: int) -> None:
    chain, head = written(length)
    assert faults(chain, head) == []


def test_the_hash_covers_the_one_before_the_place_and_the_content() -> None:
    content = rules.content(written(1)[0][0])
    plain = (
        b'{"action":"member.removed","actor_id":"00000000-0000-0000-0000-000000000002","actor_type":"user",'
        b'"chain_id":"00000000-0000-0000-0000-000000000001","created_at":"2026-01-05T09:30:00.000000+00:00",'
        b'"id":"00000000-0000-0000-0000-000000000065","request_id":"",'
        b'"target_id":"00000000-0000-0000-0000-000000000003","target_type":"membership"}'
    )
    assert content == plain
    expected = hashlib.sha256(bytes(32) + b"\0\0\0\0\0\0\0\1" + plain).digest()
    assert rules.digest(rules.GENESIS, 1, content) == expected


@pytest.mark.parametrize("place", range(LENGTH))
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("id", NINE),
        ("chain_id", NINE),
        ("created_at", AT + timedelta(microseconds=1)),
        ("action", "member.added"),
        ("actor_type", "platform"),
        ("actor_id", None),
        ("impersonator_id", NINE),
        ("target_type", "user"),
        ("target_id", NINE),
        ("changes", {"role": {"before": None, "after": "owner"}}),
        ("ip", "203.0.113.9"),
        ("request_id", "x"),
        ("hash", bytes(32)),
    ],
)
def test_an_altered_entry_is_named_and_no_other(place: int, column: str, value: object) -> None:
    chain, head = written()
    setattr(chain[place], column, value)
    assert faults(chain, head) == [(place + 1, ALTERED)]


def test_no_column_escapes_the_hash() -> None:
    covered = {"sequence", "previous_hash", "hash"} | {
        field.name for field in dataclasses.fields(Entry) if field.name in rules.content(full_entry()).decode()
    }
    assert covered == {field.name for field in dataclasses.fields(Entry)} == set(rules.Row.__annotations__)


def full_entry() -> Entry:
    return Entry(
        id=UUID(int=1), sequence=1, impersonator_id=UUID(int=2), changes={"name": {}}, ip="::1", request_id="x"
    )


@pytest.mark.parametrize("place", range(LENGTH))
def test_an_entry_with_another_link_is_named_and_no_other(place: int) -> None:
    chain, head = written()
    chain[place].previous_hash = bytes([7]) * 32
    assert faults(chain, head) == [(place + 1, CUT)]


@pytest.mark.parametrize("place", range(LENGTH))
def test_an_entry_that_was_rewritten_with_its_hash_is_named_and_no_other(place: int) -> None:
    chain, head = written()
    rewrite(chain, place)
    assert faults(chain, head) == [(place + 1, rules.REWRITTEN)]


def test_a_first_entry_that_follows_another_is_named() -> None:
    chain, head = written()
    chain[0].previous_hash = bytes([7]) * 32
    seal(chain[0])
    assert faults(chain, head) == [(1, "rewritten: it follows another entry, though it is the first")]


@pytest.mark.parametrize("place", range(LENGTH))
def test_a_missing_entry_is_named_wherever_it_was(place: int) -> None:
    chain, head = written()
    del chain[place]
    assert faults(chain, head) == [(place + 1, "missing")]


@pytest.mark.parametrize("rest", range(LENGTH - 1))
def test_missing_entries_at_the_end_are_counted_by_the_head(rest: int) -> None:
    chain, head = written()
    assert faults(chain[:rest], head) == [(rest + 1, "missing, and all up to 6 with it")]


def test_several_missing_entries_in_the_middle_are_one_fault() -> None:
    chain, head = written()
    del chain[1:4]
    assert faults(chain, head) == [(2, "missing, and all up to 4 with it")]


def test_a_gap_that_was_closed_by_numbering_anew_is_seen() -> None:
    chain, head = written()
    del chain[2]
    for entry in chain[2:]:
        entry.sequence -= 1
    assert faults(chain, head) == [(3, ALTERED), (4, ALTERED), (5, ALTERED), (6, "missing")]


def test_a_gap_closed_with_all_hashes_made_anew_is_seen_by_the_head() -> None:
    chain, _ = written()
    _, head = written()
    del chain[2]
    before = bytes(chain[1].hash)
    for sequence, entry in enumerate(chain[2:], 3):
        entry.sequence, entry.previous_hash = sequence, before
        seal(entry)
        before = bytes(entry.hash)
    assert faults(chain, head) == [(6, "missing")]
    assert faults(chain, Head(5, head.hash)) == [(5, rules.REWRITTEN)]


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(range(LENGTH), 2)))
def test_entries_that_changed_places_are_both_named(one: int, other: int) -> None:
    chain, head = written()
    swap_places(chain, one, other)
    assert faults(chain, head) == [(one + 1, ALTERED), (other + 1, ALTERED)]


@pytest.mark.parametrize("sequence", [-1, 0, 3])
def test_an_inserted_entry_is_named(sequence: int) -> None:
    chain, head = written()
    inserted = Entry(id=NINE, sequence=sequence, previous_hash=rules.GENESIS)
    seal(inserted)
    (fault,) = rules.faults([*sorted([*chain, inserted], key=lambda entry: entry.sequence), head])
    assert fault.entry_id == NINE
    assert fault.what.startswith("inserted")


def test_entries_beyond_what_the_head_counts_are_named() -> None:
    chain, _ = written()
    assert faults(chain, Head(5, bytes(chain[4].hash))) == [(6, "inserted: the chain counts 5 entries")]


def test_a_chain_without_its_head_is_named() -> None:
    assert faults(written()[0]) == [(0, "missing: the head of the chain, which counts its entries")]


def test_a_fault_says_where_it_is() -> None:
    assert str(Fault(3, "missing")) == "entry 3: missing"
    assert str(Fault(3, ALTERED, UUID(int=1))) == f"entry 3 (id {UUID(int=1)}): {ALTERED}"


TAMPERS: list[Callable[[Chain, int], None]] = [
    lambda chain, place: setattr(chain[place], "actor_id", UUID(int=77)),
    lambda chain, place: setattr(chain[place], "hash", bytes(32)),
    lambda chain, place: setattr(chain[place], "previous_hash", bytes([1]) * 32),
    lambda chain, place: chain.remove(chain[place]),
    rewrite,
]


@given(
    length=some.integers(1, 12),
    deeds=some.lists(some.tuples(some.sampled_from(TAMPERS), some.integers(0, 11)), min_size=1, max_size=3),
)
def test_whatever_is_tampered_with_is_seen(length: int, deeds: list[tuple[Callable[[Chain, int], None], int]]) -> None:
    chain, head = written(length)
    for deed, place in deeds:
        if chain:
            deed(chain, place % len(chain))
    assert faults(chain, head)


@pytest.mark.parametrize("action", ["member.removed", "member.role_changed", "api_key.created"])
def test_an_action_is_a_thing_and_what_was_done_to_it(action: str) -> None:
    assert rules.require_action(action) == action


@pytest.mark.parametrize(
    "action", ["", "removed", "Member.removed", "member.", "a.b.c", "member removed", "a.b\n", "a." + "b" * 63]
)
def test_an_action_that_reads_otherwise_is_refused(action: str) -> None:
    with pytest.raises(ValueError, match="reads like"):
        rules.require_action(action)


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        (None, None),
        (True, True),
        (7, 7),
        ("é", "é"),
        (Role.ADMIN, "admin"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (AT.astimezone(timezone(timedelta(hours=2))), "2026-01-05T09:30:00.000000+00:00"),
        (["a", 1, None], ["a", 1, None]),
        (frozenset({"b", "a"}), ["a", "b"]),
    ],
)
def test_a_value_is_stored_as_json_gives_it_back(value: object, stored: object) -> None:
    assert rules.plain(value) == stored
    assert type(rules.plain(value)) is type(stored)


@pytest.mark.parametrize("value", [1.5, b"x", object(), {"a": 1}])
def test_a_value_that_might_come_back_otherwise_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="does not store"):
        rules.plain(value)


def test_changes_tell_what_was_before_and_after() -> None:
    changes = rules.difference({"name": "A", "locale": "en"}, {"name": "B", "locale": "en", "role": Role.OWNER})
    assert rules.plain_changes(changes) == {
        "name": {"before": "A", "after": "B"},
        "role": {"before": None, "after": "owner"},
    }


@pytest.mark.parametrize(("name", "told"), [("ApiKey", "api_key"), ("Membership", "membership")])
def test_a_type_is_told_in_small_letters(name: str, told: str) -> None:
    assert rules.type_name(name) == told


@pytest.mark.parametrize(
    ("address", "stored"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:DB8:0::1", "2001:db8::1"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("fe80::1%eth0", "fe80::1"),
        ("", None),
        ("unknown", None),
        ("203.0.113.7, 10.0.0.1", None),
    ],
)
def test_an_address_is_stored_in_one_form(address: str, stored: str | None) -> None:
    assert rules.normalized_ip(address) == stored
