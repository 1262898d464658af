import re

import pytest
from django.test import Client

from tests.clients import client_of
from tests.factories.users import UserFactory
from tests.logs import recorded
from tests.outages import without_redis

ME = "/api/v1/users/me"


@pytest.mark.parametrize("given", ["abcdefgh", "a-b_C-123", "x" * 64])
def test_a_good_request_id_is_kept(given: str) -> None:
    response = Client().get(ME, headers={"X-Request-Id": given})
    assert response["X-Request-Id"] == response.json()["request_id"] == given


@pytest.mark.parametrize(
    "given", ["", "short", "x" * 65, "a b c d e f", "abcdefgh\n", "<script>", "ümlaut-id", "a" * 9000]
)
def test_any_other_is_replaced_by_one_of_our_own(given: str) -> None:
    response = Client().get(ME, headers={"X-Request-Id": given})
    assert re.fullmatch(r"[0-9a-f]{32}", response["X-Request-Id"])
    assert response.json()["request_id"] == response["X-Request-Id"]


def test_every_answer_has_an_id_of_its_own() -> None:
    paths = ["/livez", "/nowhere", ME, "/api/schema/", "/admin/"]
    assert len({Client().get(path)["X-Request-Id"] for path in paths}) == len(paths)


def test_one_line_tells_of_each_request() -> None:
    client = client_of(UserFactory.create())
    with recorded() as lines:
        response = client.get(ME, {"secret": "hidden"}, HTTP_X_REQUEST_ID="request-1234")
    (line,) = lines()
    assert line["event"] == "request.finished"
    assert (line["method"], line["path"], line["route"]) == ("GET", ME, "api/v1/users/me")
    assert (line["status"], line["request_id"]) == (200, response["X-Request-Id"])
    assert 0 < line["duration_ms"] < 5000
    assert "hidden" not in str(line)


def test_what_an_earlier_request_bound_is_not_in_a_later_line() -> None:
    with recorded() as lines:
        client_of(UserFactory.create()).get(ME)
        Client().get("/nowhere")
    assert "user_id" in lines()[0]
    assert "user_id" not in lines()[1]


def test_probes_are_logged_only_when_they_fail() -> None:
    with recorded() as lines:
        Client().get("/livez")
        Client().get("/readyz")
        assert lines() == []
        with without_redis():
            Client().get("/readyz")
    assert [(line["path"], line["status"]) for line in lines()] == [("/readyz", 503)]
