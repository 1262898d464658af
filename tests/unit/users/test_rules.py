import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.users import rules

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


@pytest.mark.parametrize("written", ["alice@slipway.test", "Alice@Slipway.TEST", "  ALICE@slipway.test\n"])
def test_an_address_is_one_however_it_is_written(written: str) -> None:
    assert rules.normalized_email(written) == "alice@slipway.test"


def test_a_token_is_recognizable_and_holds_256_bits() -> None:
    assert re.fullmatch(r"sls_[\w-]{43}", rules.new_token())


def test_tokens_do_not_repeat() -> None:
    assert len({rules.new_token() for _ in range(1000)}) == 1000


@given(st.text(st.characters(codec=None), max_size=50))
def test_any_text_has_a_hash_even_one_that_is_no_unicode(token: str) -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", rules.token_hash(token))


def test_the_hash_does_not_contain_the_token() -> None:
    token = rules.new_token()
    assert token.removeprefix(rules.TOKEN_PREFIX) not in rules.token_hash(token)
    assert rules.token_hash(token) == rules.token_hash(token) != rules.token_hash(rules.new_token())


def test_a_session_lasts_thirty_days() -> None:
    assert rules.expires_at(NOON) == NOON + timedelta(days=30)


@pytest.mark.parametrize(("seconds", "due"), [(0, False), (299, False), (300, True), (9999, True), (-5, False)])
def test_a_sighting_is_worth_a_write_every_five_minutes(seconds: int, due: bool) -> None:  # noqa: FBT001  # what is expected
    assert rules.is_sighting_due(NOON, NOON + timedelta(seconds=seconds)) is due
