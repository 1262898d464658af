from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.organizations.models import Membership, Organization
from apps.organizations.rules import Role
from tests.cast import assemble
from tests.clients import assert_refused, client_of
from tests.factories.organizations import MembershipFactory, OrganizationFactory
from tests.factories.users import UserFactory

# Any: a page as JSON.
type Page = dict[str, Any]

MEMBERS = "/api/v1/organizations/{}/members"


def a_crowd(members: int = 7) -> tuple[APIClient, str, list[str]]:
    """Return a reader, the address of a list, and the ids that belong there, newest first."""
    organization: Organization = OrganizationFactory.create()
    rows = MembershipFactory.create_batch(members, organization=organization, role=Role.VIEWER)
    MembershipFactory.create_batch(3)
    return client_of(rows[0].user), MEMBERS.format(organization.id), [str(row.id) for row in reversed(rows)]


def ids_of(page: Page) -> list[str]:
    return [row["id"] for row in page["data"]]


def walk(reader: APIClient, path: str, limit: int, direction: str, start: str | None = None) -> list[Page]:
    """Return the pages from the first, or from `start`, to the last in one direction; give up when there is no end."""
    pages: list[Page] = []
    cursor = start
    while cursor or not pages:
        query = {"limit": str(limit)} | ({"cursor": cursor} if cursor else {})
        pages.append(reader.get(path, query).json())
        assert 0 < len(pages[-1]["data"]) <= limit
        assert len(pages) < 20
        cursor = pages[-1][direction]
    return pages


@pytest.mark.parametrize("limit", [1, 2, 3, 6, 7, 8, 200])
def test_forward_every_row_comes_once_newest_first(limit: int) -> None:
    reader, path, expected = a_crowd()
    pages = walk(reader, path, limit, "next")
    assert [row for page in pages for row in ids_of(page)] == expected
    assert [page["has_more"] for page in pages] == [True] * (len(pages) - 1) + [False]
    assert pages[0]["previous"] is None


@pytest.mark.parametrize("limit", [1, 2, 3, 6])
def test_backward_every_row_comes_once_again(limit: int) -> None:
    reader, path, expected = a_crowd()
    last = walk(reader, path, limit, "next")[-1]
    pages = walk(reader, path, limit, "previous", start=last["previous"])
    assert [row for page in [*reversed(pages), last] for row in ids_of(page)] == expected
    assert all(page["has_more"] for page in pages)
    assert pages[-1]["previous"] is None


def test_one_page_holds_a_short_list() -> None:
    reader, path, expected = a_crowd(2)
    page = reader.get(path).json()
    assert ids_of(page) == expected
    assert (page["next"], page["previous"], page["has_more"]) == (None, None, False)


def test_a_page_has_fifty_rows_unless_asked_otherwise() -> None:
    reader, path, expected = a_crowd(51)
    page = reader.get(path).json()
    assert ids_of(page) == expected[:50]
    assert page["has_more"]


def test_rows_that_come_and_go_meanwhile_shift_nothing() -> None:
    reader, path, expected = a_crowd()
    page = reader.get(path, {"limit": 3}).json()
    MembershipFactory.create(organization=Membership.objects.get(id=expected[0]).organization)
    Membership.objects.filter(id=expected[2]).delete()
    assert ids_of(reader.get(path, {"limit": 3, "cursor": page["next"]}).json()) == expected[3:6]


def test_a_cursor_that_was_altered_is_refused() -> None:
    reader, path, _ = a_crowd()
    cursor = reader.get(path, {"limit": 3}).json()["next"]
    flipped = cursor.translate(str.maketrans("0123456789abcdef", "1032547698badcfe"))
    for altered in (flipped, cursor[:-1], f"{cursor}x", f"p{cursor[1:]}", cursor.upper(), f"{cursor}\0"):
        assert_refused(reader.get(path, {"cursor": altered}), 400, "invalid_cursor")


def test_a_cursor_of_another_organization_is_refused() -> None:
    reader, path, _ = a_crowd()
    cursor = reader.get(path, {"limit": 3}).json()["next"]
    cast = assemble()
    response = client_of(cast.alice).get(MEMBERS.format(cast.acme.id), {"cursor": cursor})
    assert_refused(response, 400, "invalid_cursor")


def test_a_cursor_of_another_list_is_refused() -> None:
    reader, path, _ = a_crowd()
    cursor = reader.get(path, {"limit": 3}).json()["next"]
    assert_refused(reader.get("/api/v1/sessions", {"cursor": cursor}), 400, "invalid_cursor")


@pytest.mark.parametrize("limit", ["0", "201", "-1", "1e9", "x", "", "9" * 4000])
def test_a_limit_out_of_bounds_is_refused_by_name(limit: str) -> None:
    reader, path, _ = a_crowd(1)
    assert_refused(reader.get(path, {"limit": limit}), 400, "invalid", fields=["limit"])


@pytest.mark.parametrize("path", ["/api/v1/organizations", "/api/v1/sessions"])
def test_every_list_has_the_same_members(path: str) -> None:
    page = client_of(UserFactory.create()).get(path).json()
    assert set(page) == {"data", "next", "previous", "has_more"}
