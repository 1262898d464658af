"""The house keeps its rules of source, and each rule bites."""

import pytest

from tests.architecture.source_rules import RAW_SQL_PLACES, RULES, Rule, raw_sql
from tests.architecture.sources import backend, sources


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_the_house_keeps(rule: Rule) -> None:
    assert [place for source in sources(*rule.folders) for place in rule.check(source)] == []


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_it_bites_that(rule: Rule) -> None:
    assert list(rule.check(rule.violation))


def test_the_places_of_raw_sql_are_no_longer_than_needed() -> None:
    assert {source.path for source in backend() if any(raw_sql(source))} == RAW_SQL_PLACES
