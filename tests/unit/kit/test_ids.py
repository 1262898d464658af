import uuid
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kit import clock, ids

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
INSTANTS = st.datetimes(datetime(1970, 1, 2), datetime(9999, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # the zone is given beside
NUMBERS = st.integers(0, 2**36 - 1)


def milliseconds(identifier: uuid.UUID) -> int:
    return identifier.int >> 80


def test_new_ids_are_of_version_7_and_tell_the_time() -> None:
    before = clock.now() - timedelta(milliseconds=1)
    made = ids.new_id()
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert before.timestamp() * 1000 <= milliseconds(made) <= clock.now().timestamp() * 1000


def test_new_ids_rise_and_never_repeat() -> None:
    made = [ids.new_id() for _ in range(10_000)]
    assert all(earlier < later for earlier, later in pairwise(made))


@given(st.text(), NUMBERS, INSTANTS)
def test_derived_ids_are_of_version_7_and_tell_the_time(key: str, number: int, at: datetime) -> None:
    made = ids.derived_id(key, number, at)
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert milliseconds(made) == round(at.timestamp() * 1000)


@given(st.text(), NUMBERS, INSTANTS)
def test_the_same_key_number_and_instant_derive_the_same_id(key: str, number: int, at: datetime) -> None:
    assert ids.derived_id(key, number, at) == ids.derived_id(key, number, at)


@given(st.text(), st.lists(NUMBERS, min_size=2, unique=True), INSTANTS)
def test_derived_ids_of_one_instant_stand_in_the_order_of_their_numbers(
    key: str, numbers: list[int], at: datetime
) -> None:
    made = [ids.derived_id(key, number, at) for number in sorted(numbers)]
    assert all(earlier < later for earlier, later in pairwise(made))


@given(st.text(), NUMBERS, NUMBERS, INSTANTS, st.timedeltas(timedelta(milliseconds=2), timedelta(days=9)))
def test_a_later_instant_derives_a_greater_id(
    key: str, number: int, other: int, at: datetime, later: timedelta
) -> None:
    assert ids.derived_id(key, number, at) < ids.derived_id(key, other, at + later)


@given(st.lists(st.text(), min_size=2, unique=True), NUMBERS)
def test_different_keys_derive_different_ids(keys: list[str], number: int) -> None:
    assert len({ids.derived_id(key, number, NEW_YEAR) for key in keys}) == len(keys)


def test_within_derived_from_new_ids_repeat_in_another_run() -> None:
    def run() -> list[uuid.UUID]:
        with clock.fixed(NEW_YEAR), ids.derived_from("run"):
            return [ids.new_id() for _ in range(3)]

    assert run() == run() == sorted(set(run()))


def test_after_derived_from_ids_are_new_again() -> None:
    with clock.fixed(NEW_YEAR), ids.derived_from("run"):
        inside = ids.new_id()
    assert milliseconds(ids.new_id()) > milliseconds(inside)


@given(INSTANTS)
def test_an_id_of_an_instant_stands_between_its_microsecond_and_the_next(at: datetime) -> None:
    made = ids.id_at(at)
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert ids.first_id(at) <= made < ids.first_id(at + timedelta(microseconds=1))
    assert milliseconds(made) == (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def test_every_microsecond_of_a_millisecond_has_ids_of_its_own() -> None:
    firsts = [ids.first_id(NEW_YEAR + timedelta(microseconds=number)) for number in range(1001)]
    assert all(earlier < later for earlier, later in pairwise(firsts))
    assert all(first.version == 7 for first in firsts)


def test_ids_of_one_instant_differ() -> None:
    assert len({ids.id_at(NEW_YEAR) for _ in range(1000)}) == 1000


def test_before_the_epoch_ids_begin() -> None:
    assert ids.first_id(datetime.min.replace(tzinfo=UTC)) == ids.first_id(datetime(1970, 1, 1, tzinfo=UTC))


def test_ids_of_an_instant_are_derived_ones_where_all_are() -> None:
    with clock.fixed(NEW_YEAR), ids.derived_from("demo"):
        assert ids.id_at(NEW_YEAR) == ids.derived_id("demo", 1, NEW_YEAR)
