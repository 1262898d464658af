import re

import pytest
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from kit import errors
from kit.api import etags
from kit.api.renderers import JSONRenderer

SHOWN = {"id": 1, "name": "Zoë"}
TAG = etags.tag_of(JSONRenderer().render(SHOWN))


def asking(**headers: str) -> Request:
    return Request(APIRequestFactory().patch("/", headers={n.replace("_", "-"): v for n, v in headers.items()}))


def test_a_tag_is_strong_and_its_own_for_each_version() -> None:
    assert re.fullmatch(r'"[0-9a-f]{32}"', TAG)
    assert etags.tag_of(b"a") != etags.tag_of(b"b")


@pytest.mark.parametrize("header", [TAG, f" {TAG} ", f'"x", {TAG}', f'{TAG},"x"', "*", f"W/{TAG}"])
def test_a_header_that_names_the_version_is_passed_in_silence(header: str) -> None:
    etags.require_match(asking(if_match=header), SHOWN)


@pytest.mark.parametrize("header", ["", '"x"', TAG.strip('"'), TAG.upper(), f'"{TAG}', "é", '"*"', "**"])
def test_any_other_header_is_refused(header: str) -> None:
    with pytest.raises(errors.PreconditionFailed):
        etags.require_match(asking(if_match=header), SHOWN)


def test_no_header_is_asked_for() -> None:
    with pytest.raises(errors.PreconditionRequired):
        etags.require_match(asking(), SHOWN)
