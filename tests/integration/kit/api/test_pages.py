from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import assemble

ME = "/api/v1/users/me"
POLICY = "Content-Security-Policy"


def test_a_cookie_of_the_admin_is_nothing_to_the_api() -> None:
    alice = assemble().alice
    alice.is_staff = True
    alice.save()
    client = Client()
    client.force_login(alice)
    assert client.get("/admin/").status_code != 401
    with CaptureQueriesContext(connection) as queries:
        assert client.get(ME).status_code == 401
    assert len(queries) == 0


def test_a_form_needs_its_token_and_the_api_needs_none() -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/admin/login/", {"username": "alice@slipway.test", "password": "x"}).status_code == 403
    assert client.post("/api/v1/sessions", {}, content_type="application/json").status_code == 400


def test_a_page_says_what_it_may_load() -> None:
    client = Client()
    assert POLICY in client.get("/admin/login/").headers
    assert POLICY not in client.get(ME).headers


def test_every_answer_forbids_frames_and_guesses_of_its_type() -> None:
    for path in ("/admin/login/", ME):
        headers = Client().get(path).headers
        assert (headers["X-Frame-Options"], headers["X-Content-Type-Options"]) == ("DENY", "nosniff")
