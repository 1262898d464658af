import io
import json
import logging
import logging.config
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import structlog

from kit.logging import dict_config, get_logger, request_id


@contextmanager
def logging_to(level: str = "info") -> Iterator[io.StringIO]:
    """Let the configured formatter write into a string, beside whatever pytest has set up."""
    written = io.StringIO()
    config = dict_config(level)
    formatter = config["formatters"]["json"]
    handler = logging.StreamHandler(written)
    handler.setFormatter(formatter["()"](**{name: value for name, value in formatter.items() if name != "()"}))
    logger = logging.getLogger("tests.logging")
    logger.addHandler(handler)
    logger.setLevel(config["root"]["level"])
    try:
        yield written
    finally:
        logger.removeHandler(handler)


def lines(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_an_event_of_ours_is_one_json_object_a_line() -> None:
    with logging_to() as written:
        get_logger("tests.logging").info("order.shipped", parcels=2, to="Zoë\nAarhus")
    (line,) = lines(written)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "order.shipped",
        "parcels": 2,
        "to": "Zoë\nAarhus",
        "level": "info",
        "logger": "tests.logging",
    }


def test_a_line_of_somebody_elses_has_the_same_members() -> None:
    with logging_to() as written:
        logging.getLogger("tests.logging").warning("%s is late", "the post", extra={"minutes": 5})
    (line,) = lines(written)
    assert (line["event"], line["level"], line["minutes"]) == ("the post is late", "warning", 5)


def test_what_is_bound_to_the_request_is_in_both_kinds_of_lines() -> None:
    with logging_to() as written, structlog.contextvars.bound_contextvars(request_id="r-12345678"):
        get_logger("tests.logging").info("ours")
        logging.getLogger("tests.logging").info("theirs")
        assert request_id() == "r-12345678"
    assert {line["request_id"] for line in lines(written)} == {"r-12345678"}


def test_outside_of_a_request_there_is_no_request_id() -> None:
    assert request_id() == ""


def test_a_traceback_stays_within_its_line() -> None:
    with logging_to() as written:
        get_logger("tests.logging").error("order.failed", exc_info=ValueError("broken\nin two"))
    (line,) = lines(written)
    assert "ValueError: broken\nin two" in line["exception"]


def test_a_value_that_json_does_not_know_is_written_as_text() -> None:
    number = uuid.UUID(int=7)
    with logging_to() as written:
        get_logger("tests.logging").info("order.shipped", number=number)
    assert lines(written)[0]["number"] == str(number)


@pytest.mark.parametrize(("level", "expected"), [("debug", 2), ("info", 1), ("warning", 0)])
def test_what_is_below_the_level_is_not_written(level: str, expected: int) -> None:
    with logging_to(level) as written:
        get_logger("tests.logging").debug("small")
        get_logger("tests.logging").info("large")
    assert len(lines(written)) == expected
