import logging
import uuid

import pytest
import structlog

from kit.logging import get_logger, request_id
from tests.logs import recorded

LOGGER = "tests.logging"


def test_an_event_of_ours_is_one_json_object_a_line() -> None:
    with recorded(LOGGER) as lines:
        get_logger(LOGGER).info("order.shipped", parcels=2, to="Zoë\nAarhus")
    (line,) = lines()
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "order.shipped",
        "parcels": 2,
        "to": "Zoë\nAarhus",
        "level": "info",
        "logger": LOGGER,
    }


def test_a_line_of_somebody_elses_has_the_same_members() -> None:
    with recorded(LOGGER) as lines:
        logging.getLogger(LOGGER).warning("%s is late", "the post", extra={"minutes": 5})
    (line,) = lines()
    assert (line["event"], line["level"], line["minutes"]) == ("the post is late", "warning", 5)


def test_what_is_bound_to_the_request_is_in_both_kinds_of_lines() -> None:
    with recorded(LOGGER) as lines, structlog.contextvars.bound_contextvars(request_id="r-12345678"):
        get_logger(LOGGER).info("ours")
        logging.getLogger(LOGGER).info("theirs")
        assert request_id() == "r-12345678"
    assert {line["request_id"] for line in lines()} == {"r-12345678"}


def test_outside_of_a_request_there_is_no_request_id() -> None:
    assert request_id() == ""


def test_a_traceback_stays_within_its_line() -> None:
    with recorded(LOGGER) as lines:
        get_logger(LOGGER).error("order.failed", exc_info=ValueError("broken\nin two"))
    (line,) = lines()
    assert "ValueError: broken\nin two" in line["exception"]


def test_a_value_that_json_does_not_know_is_written_as_text() -> None:
    number = uuid.UUID(int=7)
    with recorded(LOGGER) as lines:
        get_logger(LOGGER).info("order.shipped", number=number)
    assert lines()[0]["number"] == str(number)


@pytest.mark.parametrize(("level", "expected"), [("debug", 2), ("info", 1), ("warning", 0)])
def test_what_is_below_the_level_is_not_written(level: str, expected: int) -> None:
    with recorded(LOGGER, level=level) as lines:
        get_logger(LOGGER).debug("small")
        get_logger(LOGGER).info("large")
    assert len(lines()) == expected
