"""Nothing outgrows its size: a breach means a missing room."""

import pytest

from tests.architecture.sizes import Limit, Measured, measure


@pytest.mark.parametrize("measured", measure(), ids=lambda measured: measured.thing)
def test_it_has_its_size(measured: Measured) -> None:
    assert measured.breaches == []


@pytest.mark.parametrize("measured", measure(), ids=lambda measured: measured.thing)
def test_it_was_found(measured: Measured) -> None:
    assert measured.sizes


@pytest.mark.parametrize("limit", [Limit(None, None, 9), Limit(4, 20, 20), Limit(10, 9, 20)])
def test_a_breach_is_named(limit: Limit) -> None:
    assert len(Measured("lines", {"a": 5, "b": 5, "c": 10}, limit).breaches) == 1


def test_what_just_fits_is_no_breach() -> None:
    assert Measured("lines", {"a": 5, "b": 5, "c": 10}, Limit(5, 10, 10)).breaches == []
