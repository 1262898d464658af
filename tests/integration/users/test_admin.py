import pytest
from django.test import Client
from zeal import zeal_ignore  # type: ignore[import-untyped]  # it ships no types

from tests.cast import assemble
from tests.factories.users import SessionFactory, UserFactory


def staff() -> Client:
    client = Client()
    client.force_login(UserFactory.create(is_staff=True, is_superuser=True))
    return client


@pytest.mark.parametrize("page", ["", "users/user/", "users/session/", "organizations/organization/"])
def test_staff_see_each_page(page: str) -> None:
    cast = assemble()
    SessionFactory.create(user=cast.alice)
    assert staff().get(f"/admin/{page}").status_code == 200


@pytest.mark.parametrize("search", ["alice", "a\0b", "%"])
def test_staff_search_people(search: str) -> None:
    assemble()
    assert staff().get("/admin/users/user/", {"q": search}).status_code == 200


def test_staff_change_a_person_but_never_see_a_password() -> None:
    cast = assemble()
    # Who asks and who is shown are two people, each read once; Django's code is all one place to zeal.
    with zeal_ignore([{"model": "users.User", "field": "get()"}]):
        response = staff().get(f"/admin/users/user/{cast.bob.id}/change/")
    assert response.status_code == 200
    assert b'name="password"' not in response.content


def test_who_is_no_staff_is_sent_to_sign_in() -> None:
    client = Client()
    client.force_login(UserFactory.create())
    response = client.get("/admin/users/user/")
    assert response.status_code == 302
    assert response["Location"].startswith("/admin/login/")


def test_staff_sign_in_with_address_and_password() -> None:
    user = UserFactory.create(email="alice@slipway.test", is_staff=True, is_superuser=True)
    user.set_password("correct horse")
    user.save()
    client = Client()
    form = {"username": "alice@slipway.test", "password": "correct horse", "next": "/admin/"}
    assert client.post("/admin/login/", form).status_code == 302
    assert client.get("/admin/").status_code == 200
