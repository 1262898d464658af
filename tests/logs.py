"""What was logged meanwhile, as a process of the platform would write it?"""

import io
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from kit.logging import dict_config

type Lines = Callable[[], list[dict[str, Any]]]


@contextmanager
def recorded(logger: str = "", *, level: str = "info") -> Iterator[Lines]:
    """Record the JSON lines of `logger`, by default of all."""
    written = io.StringIO()
    config = dict_config(level)
    formatter = dict(config["formatters"]["json"])
    handler = logging.StreamHandler(written)
    handler.setFormatter(formatter.pop("()")(**formatter))
    source = logging.getLogger(logger)
    before, source.level = source.level, logging.getLevelName(config["root"]["level"])
    source.addHandler(handler)
    try:
        yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    finally:
        source.removeHandler(handler)
        source.setLevel(before)
