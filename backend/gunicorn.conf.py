"""How the web processes run. What varies comes from the environment; the rest is decided here.

Sync workers: each has one request at a time and nginx buffers slow clients. That gave the best p99 of all classes.
"""

import gc
import logging
import os
import socket
from logging.config import dictConfig
from pathlib import Path

import orjson
from django.urls import resolve
from gunicorn import util
from gunicorn.arbiter import Arbiter
from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.http.message import Request
from gunicorn.workers.sync import SyncWorker

from config.settings.logging import LOGGING
from kit import errors, ids

bind = f"{os.environ.get('WEB_BIND') or '0.0.0.0'}:{os.environ.get('WEB_PORT') or 8000}"  # noqa: S104  # nginx is another host
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
reload = os.environ.get("RELOAD") == "1"
# Imported once and shared by all workers; a reloading worker has to import for itself.
preload_app = not reload
timeout = 30
# Below the stop grace of the container (30 s), so that the last answers are sent before the end.
graceful_timeout = 20
# A leak, should there be one, ends here; the jitter keeps the workers from leaving together.
max_requests = 20_000
max_requests_jitter = 2_000
# The heartbeat of a worker is a file that is touched: on a disk a busy one could make it look dead.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  # memory of the container's own
# It would be a socket in the home of a user who has none, on a read-only disk.
control_socket_disable = True
# As much as nginx lets through, so that nginx is the one to refuse.
limit_request_line = 8190


class logger_class(Logger):  # noqa: N801  # the name of gunicorn's setting
    """gunicorn's own lines go where everybody's go, as JSON; requests are logged by the app."""

    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        dictConfig(LOGGING)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


class worker_class(SyncWorker):  # noqa: N801  # the name of gunicorn's setting
    """Closes at once where the whole request was read, and nothing follows it.

    gunicorn would hold the worker until the other side has closed too, lest bytes that nobody reads undo the answer.
    """

    def handle_request(
        self, listener: socket.socket, req: Request, client: socket.socket, addr: tuple[str, int]
    ) -> bool:
        goes_on = super().handle_request(listener, req, client, addr)
        if getattr(getattr(req.body, "reader", None), "length", None) == 0:
            try:
                client.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
            except BlockingIOError:
                client.close()
        return goes_on


def when_ready(_server: Arbiter) -> None:
    if preload_app:
        # Otherwise each worker's first request would import the views.
        resolve("/livez")
    # What was imported stays: the collector need not walk, and thereby copy, the pages that the workers share.
    gc.collect()
    gc.freeze()


def _write_problem(sock: socket.socket, status_int: int, reason: str, mesg: str) -> None:
    found = {414: errors.UriTooLong, 403: errors.PermissionDenied}.get(status_int)
    refusal = (found or (errors.BadRequest if status_int < 500 or status_int == 501 else errors.InternalError))()
    request_id = ids.new_id().hex
    logging.getLogger("gunicorn.error").warning(
        "request.unreadable", extra={"request_id": request_id, "status": refusal.status, "reason": mesg or reason}
    )
    body = orjson.dumps(
        {
            "type": f"/api/errors#{refusal.code}",
            "title": refusal.title,
            "status": refusal.status,
            "code": refusal.code,
            "detail": refusal.detail,
            "instance": "/",
            "request_id": request_id,
            "errors": [],
        }
    )
    head = (
        f"HTTP/1.1 {refusal.status} {refusal.title}\r\nConnection: close\r\nContent-Type: application/problem+json\r\n"
        f"X-Request-Id: {request_id}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    util.write_nonblock(sock, head.encode() + body)


# gunicorn answers what it cannot read before Django hears of it, in HTML, and offers no hook for the shape.
util.write_error = _write_problem
