from datetime import UTC, datetime, timedelta

from kit import clock

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


def test_the_present_is_told_in_utc() -> None:
    assert clock.now().utcoffset() == timedelta(0)


def test_a_fixed_clock_stands_still_and_runs_on_afterwards() -> None:
    with clock.fixed(NEW_YEAR):
        assert clock.now() == clock.now() == NEW_YEAR
    assert clock.now() > NEW_YEAR


def test_a_clock_fixed_within_another_gives_it_back() -> None:
    with clock.fixed(NEW_YEAR):
        with clock.fixed(NEW_YEAR + timedelta(days=1)):
            pass
        assert clock.now() == NEW_YEAR
