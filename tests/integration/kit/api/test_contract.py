from datetime import UTC, datetime

import pytest
from rest_framework.test import APIClient

from apps.users.views import MeView
from kit.api.deprecation import Deprecation
from tests.architecture.api import fresh_document
from tests.clients import assert_refused, client_of
from tests.factories.users import UserFactory
from tests.memory import unchanged

ME = "/api/v1/users/me"
ENDING = Deprecation(
    since=datetime(2027, 1, 1, tzinfo=UTC), sunset=datetime(2028, 1, 1, tzinfo=UTC), successor="/api/v2/people/me"
)


@pytest.fixture
def ending(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MeView, "deprecation", ENDING)


@pytest.mark.usefixtures("ending")
def test_every_answer_of_what_will_end_says_so() -> None:
    alice = client_of(UserFactory.create())
    answers = [alice.get(ME), alice.patch(ME, {"name": "Al"}), alice.patch(ME, {}), APIClient().get(ME)]
    assert [answer.status_code for answer in answers] == [200, 200, 400, 401]
    for answer in answers:
        assert ENDING.headers().items() <= dict(answer.headers).items()


def test_nothing_else_says_so() -> None:
    assert not ENDING.headers().keys() & client_of(UserFactory.create()).get(ME).headers.keys()


@pytest.mark.usefixtures("ending")
def test_the_document_says_so_too() -> None:
    document = fresh_document()
    told = {
        path: {operation.get("deprecated", False) for operation in methods.values()}
        for path, methods in document["paths"].items()
    }
    assert told.pop(ME) == {True}
    assert set.union(*told.values()) == {False}
    assert {"Deprecation", "Sunset", "Link"} <= set(document["paths"][ME]["get"]["responses"]["200"]["headers"])


@pytest.mark.parametrize("method", ["put", "post", "delete"])
def test_a_method_that_is_not_there_is_refused_for_that(method: str) -> None:
    alice = client_of(UserFactory.create())
    alice.careless = True
    with unchanged():
        assert_refused(getattr(alice, method)(ME), 405, "method_not_allowed")


@pytest.mark.parametrize("method", ["INITIAL", "DISPATCH", "PERSON", "X"])
def test_a_method_of_the_class_is_no_method_of_the_address(method: str) -> None:
    assert_refused(client_of(UserFactory.create()).generic(method, ME), 405, "method_not_allowed")


def test_a_read_takes_no_key_and_minds_none() -> None:
    alice = client_of(UserFactory.create())
    with unchanged():
        assert alice.get(ME, headers={"Idempotency-Key": ""}).status_code == 200


def test_head_answers_as_get_does_without_the_body() -> None:
    alice = client_of(UserFactory.create())
    got, asked = alice.get(ME), alice.head(ME)
    assert (asked.status_code, asked["ETag"], asked.content) == (200, got["ETag"], b"")
