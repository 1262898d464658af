"""What happened? Every process writes one JSON object a line, with the request id wherever there is one."""

from typing import Any

import orjson
import structlog
from structlog.typing import Processor

SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.format_exc_info,
]


def _to_json(value: Any, **_kwargs: Any) -> str:
    return orjson.dumps(value, default=str).decode()


def dict_config(level: str) -> dict[str, Any]:
    """Return the configuration of the standard `logging` module: everything at `level` or above, as JSON on stdout."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(serializer=_to_json),
                ],
            }
        },
        "handlers": {"stdout": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stdout"}},
        "root": {"handlers": ["stdout"], "level": level.upper()},
        "loggers": {
            # Its lines repeat what `request.finished` says.
            "django.request": {"level": "CRITICAL"},
            "django.server": {"level": "WARNING"},
            # A wrong Host header, too many fields: the caller's mistakes, answered with a 400. No traceback of ours.
            "django.security": {"level": "CRITICAL"},
        },
    }


def configure() -> None:
    """Send `structlog`'s events through the standard `logging` module, so that there is one stream and one format."""
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def begin(*, request_id: str) -> None:
    """Begin a request: every line from here on carries its id, and nothing of the one before."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=request_id)


def bind(**context: object) -> None:
    """Add to what every further line of this request carries."""
    structlog.contextvars.bind_contextvars(**context)


def request_id() -> str:
    """Return the id of the request at hand, or an empty string outside of one."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """Return the logger of the module `name`."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger
