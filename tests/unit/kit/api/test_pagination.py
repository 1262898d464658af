import pytest
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from apps.users.models import User
from kit import errors
from kit.api.pagination import DEFAULT_LIMIT, MAX_LIMIT, KeysetPagination


def asked(**query: str) -> Request:
    return Request(APIRequestFactory().get("/things", query))


@pytest.mark.parametrize(
    "limit", ["", "0", "-1", str(MAX_LIMIT + 1), "1.0", "1e2", " 5", "+5", "x", "٣", "²", "9" * 5000, "\0", "1\n"]
)
def test_a_limit_that_is_not_a_number_from_1_to_200_is_refused(limit: str) -> None:
    with pytest.raises(errors.Invalid) as raised:
        KeysetPagination().rows(User.objects.none(), asked(limit=limit))
    assert [(error.field, error.code) for error in raised.value.errors] == [("limit", "out_of_range")]


@pytest.mark.parametrize("limit", ["1", str(DEFAULT_LIMIT), str(MAX_LIMIT), "007"])
def test_a_limit_from_1_to_200_is_taken(limit: str) -> None:
    assert KeysetPagination().rows(User.objects.none(), asked(limit=limit)) == []


@pytest.mark.parametrize("cursor", ["", "x", "n:x", "n0199f2d6d4fb7061ae827d5f4b30cebd", "\0", "é:é", ":" * 9000])
def test_a_cursor_that_was_made_up_is_refused(cursor: str) -> None:
    with pytest.raises(errors.InvalidCursor):
        KeysetPagination().rows(User.objects.none(), asked(cursor=cursor))


def test_an_empty_list_leads_nowhere() -> None:
    paginator = KeysetPagination()
    rows = paginator.rows(User.objects.none(), asked())
    page = paginator.get_paginated_response(rows).data
    assert page == {"data": [], "next": None, "previous": None, "has_more": False}
