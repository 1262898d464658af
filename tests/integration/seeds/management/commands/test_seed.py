import io

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from apps.seeds import rules, selectors
from tests.memory import unchanged


def said(**options: object) -> str:
    written = io.StringIO()
    call_command("seed", stdout=written, **options)
    return written.getvalue()


def test_it_prints_whom_to_sign_in_as() -> None:
    printed = said()
    assert all(person.email in printed for person in rules.CAST)
    assert rules.PASSWORD in printed


def test_a_second_time_it_says_that_all_is_there() -> None:
    said()
    with unchanged():
        assert "there already" in said()


def test_twice_gives_the_same_digest() -> None:
    first, second = said(volume=15, digest=True), said(volume=15, digest=True)
    digest = f"digest {selectors.get_digest()}"
    assert digest in first
    assert digest in second
    assert "Made 30 rows" in first
    assert "already" in second


@pytest.mark.parametrize("deploy_env", ["staging", "production"])
def test_outside_of_local_it_refuses(deploy_env: str) -> None:
    with override_settings(DEPLOY_ENV=deploy_env), unchanged(), pytest.raises(CommandError, match=deploy_env):
        said(volume=5)
