import inspect
from collections import Counter

import pytest

from kit import errors

CATALOGUE = errors.catalogue()


def test_no_two_refusals_share_a_code() -> None:
    assert [code for code, count in Counter(refusal.code for refusal in CATALOGUE).items() if count > 1] == []


def test_the_catalogue_is_ordered_by_status_and_code() -> None:
    order = [(refusal.status, refusal.code) for refusal in CATALOGUE]
    assert order == sorted(order)


@pytest.mark.parametrize("refusal", CATALOGUE, ids=lambda refusal: refusal.code)
def test_every_refusal_says_what_it_means(refusal: type[errors.Refusal]) -> None:
    assert 400 <= refusal.status < 600
    assert refusal.code.replace("_", "").isalpha()
    assert refusal.code.islower()
    assert not refusal.title.endswith(".")
    assert inspect.getdoc(refusal) != inspect.getdoc(refusal.__base__)


@pytest.mark.parametrize("refusal", [errors.BadGateway, errors.Unavailable, errors.GatewayTimeout])
def test_what_passes_by_itself_says_when_to_try_again(refusal: type[errors.Refusal]) -> None:
    assert refusal().sent_headers == {"Retry-After": "2"}


def test_a_refusal_without_a_sentence_of_its_own_says_its_title() -> None:
    assert errors.NotFound().detail == f"{errors.NotFound.title}."
    assert errors.NotFound("Nobody here.").detail == "Nobody here."


def test_headers_of_one_refusal_stay_with_it() -> None:
    hurried = errors.Unavailable(headers={"Retry-After": "1"})
    assert hurried.sent_headers == {"Retry-After": "1"}
    assert errors.Unavailable().sent_headers == {"Retry-After": "2"}
