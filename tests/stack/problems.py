"""What is an error of ours? One shape, and a request id that leads to the logs."""

import httpx

from tests.stack.drivers import Driver
from tests.stack.patience import seconds_until

MEMBERS = {"type", "title", "status", "code", "detail", "instance", "request_id", "errors"}
MAY_BE_RETRIED = {502, 503, 504}


def assert_problem(answer: httpx.Response, status: int, code: str, stack: Driver) -> None:
    """Check everything that is promised about the answer."""
    assert answer.status_code == status
    assert answer.headers["Content-Type"].partition(";")[0] == "application/problem+json"
    problem = answer.json()
    assert problem.keys() == MEMBERS
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["type"] == f"/api/errors#{code}"
    assert all(error.keys() == {"field", "code", "detail"} for error in problem["errors"])
    assert answer.headers.get_list("X-Request-Id") == [problem["request_id"]]
    if status in MAY_BE_RETRIED:
        assert answer.headers["Retry-After"] == "2"
    assert_logged(problem["request_id"], stack)


def assert_logged(request_id: str, stack: Driver) -> None:
    """Check that the id leads to a line of the backend or of nginx."""
    services = ["backend", *(["nginx"] if stack.has_nginx else [])]
    seconds_until(lambda: any(request_id in stack.log_of(service) for service in services), at_most=3)
