import pytest
from django.conf import settings

from tests.clients import assert_refused, client_of
from tests.factories.users import UserFactory
from tests.memory import unchanged

ME = "/api/v1/users/me"
LIMIT = settings.DATA_UPLOAD_MAX_MEMORY_SIZE


@pytest.mark.parametrize("raw", [b"{", b"\xff", rb'{"name": "\ud800"}', b"[" * 5000, b"NaN", b'{"name": 1e999}'])
def test_a_body_that_is_no_json_changes_nothing(raw: bytes) -> None:
    client = client_of(UserFactory.create())
    with unchanged():
        response = client.patch(ME, raw, content_type="application/json")
    assert_refused(response, 400, "malformed_json", fields=[])


@pytest.mark.parametrize("raw", [b"null", b"[]", b'"x"', b"7", b"true", b"[{}]"])
def test_json_that_is_no_object_changes_nothing(raw: bytes) -> None:
    client = client_of(UserFactory.create())
    with unchanged():
        assert_refused(client.patch(ME, raw, content_type="application/json"), 400, "invalid")


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml", "x"],
)
def test_another_kind_of_body_is_refused(content_type: str) -> None:
    client = client_of(UserFactory.create())
    with unchanged():
        response = client.patch(ME, b'{"name": "X"}', content_type=content_type)
    assert_refused(response, 415, "unsupported_media_type")


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "Application/JSON"])
def test_the_kind_of_body_may_say_more(content_type: str) -> None:
    client = client_of(UserFactory.create())
    assert client.patch(ME, b'{"name": "X"}', content_type=content_type).status_code == 200


@pytest.mark.parametrize(("size", "status"), [(LIMIT, 200), (LIMIT + 1, 413)])
def test_a_body_has_at_most_one_mebibyte(size: int, status: int) -> None:
    client = client_of(UserFactory.create())
    raw = b'{"name": "X"}'.ljust(size)
    response = client.patch(ME, raw, content_type="application/json")
    assert response.status_code == status
    if status == 413:
        assert_refused(response, 413, "payload_too_large")


def test_of_a_name_given_twice_the_last_counts() -> None:
    client = client_of(UserFactory.create())
    response = client.patch(ME, b'{"name": "X", "name": "Y"}', content_type="application/json")
    assert response.json()["name"] == "Y"
