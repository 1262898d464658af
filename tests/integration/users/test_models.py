import pytest
from django.core.exceptions import ValidationError

from apps.users.models import User, is_language_tag, is_timezone
from tests.factories.users import SessionFactory, UserFactory


@pytest.mark.parametrize("tag", ["en", "pt-BR", "zh-Hant", "zh-Hant-TW", "gsw"])
def test_a_language_tag_is_taken(tag: str) -> None:
    is_language_tag(tag)


@pytest.mark.parametrize("tag", ["", "e", "EN", "en_US", "en-us", "english", "en-", "en\n", "en-US-x"])
def test_anything_else_is_no_language_tag(tag: str) -> None:
    with pytest.raises(ValidationError):
        is_language_tag(tag)


@pytest.mark.parametrize("name", ["UTC", "Europe/Berlin", "America/Argentina/Ushuaia"])
def test_a_time_zone_of_the_iana_database_is_taken(name: str) -> None:
    is_timezone(name)


@pytest.mark.parametrize("name", ["", "Berlin", "europe/berlin/..", "/etc/localtime", "Europe/Berlin\n"])
def test_anything_else_is_no_time_zone(name: str) -> None:
    with pytest.raises(ValidationError):
        is_timezone(name)


def test_a_superuser_signs_in_to_the_admin() -> None:
    user = User.objects.create_superuser("Root@Slipway.test", "a long password", "Root")
    assert (user.email, user.is_staff, user.is_superuser) == ("root@slipway.test", True, True)
    assert user.check_password("a long password")


def test_people_and_sessions_say_who_they_are() -> None:
    user = UserFactory.create(email="alice@slipway.test")
    assert str(user) == "alice@slipway.test"
    assert str(SessionFactory.create(user=user)).startswith("Firefox since 20")
    assert str(SessionFactory.create(user=user, device="")).startswith("a device since 20")
