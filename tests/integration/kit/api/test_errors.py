import pytest
from django.conf import settings
from django.test import Client

from apps.users import selectors
from tests.clients import assert_refused, client_of
from tests.factories.users import UserFactory
from tests.logs import recorded
from tests.outages import without_postgres

ME = "/api/v1/users/me"


def fail(**_arguments: object) -> None:
    raise ZeroDivisionError("password=hunter2")


def test_while_postgres_is_away_callers_are_told_when_to_come_back() -> None:
    client = client_of(UserFactory.create())
    with recorded() as lines:
        response = without_postgres(lambda: client.get(ME))
    assert_refused(response, 503, "unavailable")
    assert response["Retry-After"] == "2"
    assert [line["event"] for line in lines()] == ["database.unavailable", "request.finished"]


def test_while_postgres_is_away_the_admin_says_so_in_the_same_shape() -> None:
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "x" * 32
    response = without_postgres(lambda: client.get("/admin/"))
    assert_refused(response, 503, "unavailable")
    assert response["Retry-After"] == "2"


def test_our_own_mistake_is_logged_in_full_and_told_to_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_of(UserFactory.create())
    monkeypatch.setattr(selectors, "get_user", fail)
    with recorded() as lines:
        response = client.get(ME)
    assert_refused(response, 500, "internal_error")
    assert b"hunter2" not in response.content
    failed = next(line for line in lines() if line["event"] == "request.failed")
    assert "hunter2" in failed["exception"]
    assert failed["request_id"] == response["X-Request-Id"]


@pytest.mark.parametrize("path", ["/nowhere", "/api/v1/nowhere", "/api/v1/users/me/", "/%ff", "/static/nowhere.css"])
def test_an_address_that_leads_nowhere_says_so_in_the_same_shape(path: str) -> None:
    assert_refused(Client().get(path), 404, "not_found")


def test_an_instance_is_the_path_without_its_query() -> None:
    assert Client().get(f"{ME}?token=secret").json()["instance"] == ME


@pytest.mark.parametrize("host", ["evil.test", "localhost.evil.test", "a b", ""])
def test_an_unknown_host_is_refused_in_the_same_shape(host: str) -> None:
    assert_refused(Client().get(ME, HTTP_HOST=host), 400, "bad_request")


@pytest.mark.parametrize("host", ["localhost", "localhost:8080", "127.0.0.1", "backend", "backend:8000"])
def test_our_own_hosts_are_answered(host: str) -> None:
    assert_refused(Client().get(ME, HTTP_HOST=host), 401, "not_authenticated")


@pytest.mark.parametrize("method", ["put", "post", "delete", "trace", "options"])
def test_a_method_that_an_address_does_not_take_is_refused_with_those_it_takes(method: str) -> None:
    response = getattr(client_of(UserFactory.create()), method)(ME)
    assert_refused(response, 405, "method_not_allowed")
    assert {"GET", "PATCH"} <= set(response["Allow"].split(", "))


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "x"])
def test_who_wants_anything_but_json_is_refused(accept: str) -> None:
    assert_refused(client_of(UserFactory.create()).get(ME, HTTP_ACCEPT=accept), 406, "not_acceptable")


@pytest.mark.parametrize("accept", ["*/*", "application/*", "application/json", "text/html, */*;q=0.1"])
def test_who_takes_json_among_others_gets_it(accept: str) -> None:
    assert client_of(UserFactory.create()).get(ME, HTTP_ACCEPT=accept)["Content-Type"] == "application/json"


def test_a_cookie_that_postgres_cannot_store_is_the_callers_mistake() -> None:
    client = Client(raise_request_exception=False)
    response = client.get("/admin/", HTTP_COOKIE=r'sessionid="aaaaaaaa\000"')
    assert_refused(response, 400, "bad_request")


def test_a_form_above_one_mebibyte_is_refused_in_the_same_shape() -> None:
    form = b"username=" + b"x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    response = Client().post("/admin/login/", form, content_type="application/x-www-form-urlencoded")
    assert_refused(response, 413, "payload_too_large")


def test_a_form_from_elsewhere_is_refused_in_the_same_shape() -> None:
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "x", "password": "y"})
    assert_refused(response, 403, "permission_denied")
