import contextlib
import io

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from kit import errors
from kit.api.parsers import JSONParser

LIMIT = settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def parsed(raw: bytes) -> object:
    return JSONParser().parse(io.BytesIO(raw))


@pytest.mark.parametrize(("raw", "value"), [(b'{"a": [1, null]}', {"a": [1, None]}), ('"ü"'.encode(), "ü"), (b"0", 0)])
def test_json_in_utf_8_is_taken(raw: bytes, value: object) -> None:
    assert parsed(raw) == value


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"{'a': 1}",
        b'{"a": 1,}',
        b'{"a": 1} x',
        b"NaN",
        b"1e400",
        b"-Infinity",
        b"\xff\xfe{}",
        b'"\xc3"',
        rb'"\ud800"',
        b'"\x00"',
        b"\xef\xbb\xbf{}",
        b"01",
        b"[" * 100_000,
        b"[" * 10_000 + b"]" * 10_000,
        '{"a": 1}'.encode("utf-16"),
    ],
    ids=lambda raw: repr(raw[:12]),
)
def test_anything_else_is_refused_as_malformed(raw: bytes) -> None:
    with pytest.raises(errors.MalformedJson):
        parsed(raw)


@given(st.binary(max_size=200))
def test_whatever_the_bytes_they_are_taken_or_refused(raw: bytes) -> None:
    with contextlib.suppress(errors.MalformedJson):
        parsed(raw)


def test_a_body_of_exactly_the_limit_is_taken() -> None:
    assert parsed(b'"' + b"x" * (LIMIT - 2) + b'"') == "x" * (LIMIT - 2)


def test_a_body_above_the_limit_is_refused_without_being_read_to_its_end() -> None:
    stream = io.BytesIO(b" " * (LIMIT + 1000))
    with pytest.raises(errors.PayloadTooLarge):
        JSONParser().parse(stream)
    assert stream.tell() == LIMIT + 1
