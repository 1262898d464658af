"""Which request is this? Gives each an id, and logs one line when it was answered."""

import re
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from kit import ids, logging, origin
from kit.api.quotas import client_ip

ACCEPTED_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
PROBES = frozenset({"/livez", "/readyz"})

log = logging.get_logger(__name__)


class RequestMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        request_id = given if ACCEPTED_ID.fullmatch(given) else ids.new_id().hex
        logging.begin(request_id=request_id)
        origin.begin(ip=client_ip(request))
        started = time.perf_counter()
        response = self.get_response(request)
        response["X-Request-Id"] = request_id
        if request.path not in PROBES or response.status_code >= 500:
            _log_finished(request, response, seconds=time.perf_counter() - started)
        return response


def _log_finished(request: HttpRequest, response: HttpResponse, *, seconds: float) -> None:
    match = request.resolver_match
    log.info(
        "request.finished",
        method=request.method,
        path=request.path,
        route=match.route if match else None,
        status=response.status_code,
        duration_ms=round(seconds * 1000, 1),
    )
