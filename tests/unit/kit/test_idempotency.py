import uuid

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from kit import errors
from kit.idempotency import Keyed, fingerprint, parse_key, seal, unseal

VISIBLE = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=255)


def quoted(key: str) -> str:
    escaped = key.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


@given(VISIBLE.filter(lambda key: not key.startswith('"')))
def test_a_key_is_the_same_in_quotes_and_bare(key: str) -> None:
    assert parse_key(key) == parse_key(quoted(key)) == key


@given(VISIBLE)
def test_whatever_can_be_quoted_is_a_key(key: str) -> None:
    assert parse_key(f" {quoted(key)}\t") == key


@pytest.mark.parametrize(
    "header",
    [
        "",
        " ",
        '""',
        '"',
        '"a',
        'a"b" c',
        '"a"b"',
        "a b",
        "é",
        '"é"',
        '"a\\b"',
        '"a\0"',
        "a\x7f",
        "x" * 256,
        f'"{"x" * 256}"',
    ],
)
def test_whatever_else_is_refused(header: str) -> None:
    with pytest.raises(errors.IdempotencyKeyMalformed):
        parse_key(header)


@given(st.lists(st.text()), st.lists(st.text()))
def test_only_the_same_request_has_the_same_fingerprint(one: list[str], other: list[str]) -> None:
    assert (fingerprint(*one) == fingerprint(*other)) == (one == other)


def test_no_two_callers_share_a_lock() -> None:
    someone, somewhere = uuid.UUID(int=1), uuid.UUID(int=2)
    mine = Keyed(caller_id=someone, organization_id=None, key="k", fingerprint=b"")
    locks = {
        mine.lock,
        Keyed(caller_id=somewhere, organization_id=None, key="k", fingerprint=b"").lock,
        Keyed(caller_id=someone, organization_id=somewhere, key="k", fingerprint=b"").lock,
        Keyed(caller_id=someone, organization_id=None, key="l", fingerprint=b"").lock,
    }
    assert len(locks) == 4
    assert all(-(2**63) <= lock < 2**63 for lock in locks)


@given(st.binary())
def test_a_sealed_answer_is_opened_by_its_token_alone(body: bytes) -> None:
    sealed = seal(body, secret="sls_mine")
    assert unseal(sealed, secret="sls_mine") == body
    assert len(body) < 4 or body not in sealed
    with pytest.raises(InvalidTag):
        unseal(sealed, secret="sls_other")


def test_what_is_sealed_twice_looks_different() -> None:
    assert seal(b"body", secret="sls_mine") != seal(b"body", secret="sls_mine")
