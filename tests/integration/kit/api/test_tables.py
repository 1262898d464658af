import pytest

from apps.users.models import User
from kit.api import tables
from tests.clients import assert_refused, client_of_staff
from tests.factories.users import UserFactory

USERS = "/api/v1/admin/users"


def test_every_row_comes_once_newest_first() -> None:
    staff = client_of_staff()
    UserFactory.create_batch(6)
    pages = [staff.get(USERS, {"limit": 3, "offset": offset}).json() for offset in (0, 3, 6, 9)]
    seen = [row["id"] for page in pages for row in page["data"]]
    assert seen == [str(user.id) for user in User.objects.order_by("-id")]
    assert [len(page["data"]) for page in pages] == [3, 3, 1, 0]
    assert set(pages[0]) == {"data", "limit", "offset", "total", "is_total_exact"}
    assert {(page["limit"], page["total"], page["is_total_exact"]) for page in pages} == {(3, 7, True)}


@pytest.mark.parametrize(("bound", "total", "exact"), [(6, 6, True), (5, 5, False)])
def test_a_total_is_counted_no_further_than_one_can_leaf(
    monkeypatch: pytest.MonkeyPatch,
    bound: int,
    total: int,
    exact: bool,  # noqa: FBT001  # a case
) -> None:
    staff = client_of_staff()
    UserFactory.create_batch(5)
    monkeypatch.setattr(tables, "MAX_OFFSET", bound)
    table = staff.get(USERS).json()
    assert (table["total"], table["is_total_exact"]) == (total, exact)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("limit", "0"), ("limit", "201"), ("limit", "-1"), ("limit", "1" + "0" * 21), ("limit", "x"), ("limit", ""),
        ("offset", "10001"), ("offset", "-1"), ("offset", "1" + "0" * 21), ("offset", "1e3"), ("offset", "\u0663"),
    ],
)  # fmt: skip
def test_a_number_out_of_bounds_is_refused_by_name(name: str, value: str) -> None:
    assert_refused(client_of_staff().get(USERS, {name: value}), 400, "invalid", fields=[name])


def test_the_bounds_themselves_are_served() -> None:
    table = client_of_staff().get(USERS, {"limit": "200", "offset": "10000"}).json()
    assert (table["data"], table["total"]) == ([], 1)
