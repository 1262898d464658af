import re

import pytest

from kit import tokens


def test_a_token_has_its_prefix_and_256_bits() -> None:
    assert re.fullmatch(r"sli_[A-Za-z0-9_-]{43}", tokens.new_token("sli_"))
    assert len({tokens.new_token("sli_") for _ in range(100)}) == 100


def test_a_hash_tells_nothing_of_its_token() -> None:
    token = tokens.new_token("sli_")
    assert re.fullmatch(r"[0-9a-f]{64}", tokens.token_hash(token))
    assert tokens.token_hash(token) == tokens.token_hash(token) != tokens.token_hash(token[:-1])


@pytest.mark.parametrize("token", ["", "é", "\ud800", "\0"])
def test_whatever_is_sent_has_a_hash(token: str) -> None:
    assert len(tokens.token_hash(token)) == 64
