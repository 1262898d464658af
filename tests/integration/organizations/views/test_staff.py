import pytest

from apps.organizations.models import Organization
from kit import clock, ids
from tests.cast import Cast, assemble, membership_of
from tests.clients import assert_refused, client_of, client_of_key, client_of_staff
from tests.factories.organizations import OrganizationFactory
from tests.memory import unchanged

TABLE = "/api/v1/admin/organizations"
REASON = {"suspension_reason": "Ticket 4711: sends spam"}


def suspension(cast: Cast) -> str:
    return f"{TABLE}/{cast.acme.id}/suspension"


def test_staff_see_every_organization_newest_first() -> None:
    cast = assemble()
    table = client_of_staff().get(TABLE).json()
    assert [row["name"] for row in table["data"]] == ["Charters", "Acme"]
    assert (table["total"], table["is_total_exact"]) == (2, True)
    assert table["data"][1]["id"] == str(cast.acme.id)


def test_members_of_a_suspended_organization_read_and_change_nothing() -> None:
    cast = assemble()
    alice, key = client_of(cast.alice), client_of_key(membership_of(cast.alice))
    organization = f"/api/v1/organizations/{cast.acme.id}"
    answer = client_of_staff().post(suspension(cast), REASON)
    assert (answer.status_code, answer.json()["suspension_reason"]) == (201, REASON["suspension_reason"])
    assert alice.get(organization).json()["suspended_at"]
    assert "spam" not in alice.get(organization).text
    assert alice.get(f"{organization}/members").status_code == 200
    with unchanged():
        asked = [
            alice.patch(organization, {"name": "X"}),
            alice.delete(f"{organization}/members/{membership_of(cast.alice).id}"),
            alice.post(f"{organization}/deletion"),
            alice.delete(f"{organization}/deletion"),
            alice.get(f"{organization}/api-keys"),
            key.get(organization),
        ]
    for refused in asked:
        assert_refused(refused, 403, "organization_suspended")


def test_a_reinstated_organization_works_as_before() -> None:
    cast = assemble()
    staff, alice, key = client_of_staff(), client_of(cast.alice), client_of_key(membership_of(cast.alice))
    organization = f"/api/v1/organizations/{cast.acme.id}"
    staff.post(suspension(cast), REASON)
    assert staff.delete(suspension(cast)).json()["suspended_at"] is None
    assert alice.patch(organization, {"name": "X"}).status_code == 200
    assert key.get(organization).status_code == 200
    assert Organization.objects.get(id=cast.acme.id).suspension_reason == ""


def test_what_is_so_already_is_not_done_again() -> None:
    cast = assemble()
    staff = client_of_staff()
    with unchanged():
        assert_refused(staff.delete(suspension(cast)), 409, "organization_not_suspended")
    staff.post(suspension(cast), REASON)
    with unchanged():
        assert_refused(staff.post(suspension(cast), REASON), 409, "organization_already_suspended")
        assert_refused(staff.post(f"{TABLE}/{ids.new_id()}/suspension", REASON), 404, "organization_not_found")
        assert_refused(staff.delete(f"{TABLE}/{ids.new_id()}/suspension"), 404, "organization_not_found")


@pytest.mark.parametrize("body", [{}, {"suspension_reason": ""}, {"suspension_reason": "x" * 501}])
def test_a_suspension_has_a_reason(body: dict[str, str]) -> None:
    cast = assemble()
    staff = client_of_staff()
    with unchanged():
        assert_refused(staff.post(suspension(cast), body), 400, "invalid", fields=["suspension_reason"])


def test_the_owner_of_an_organization_is_no_staff() -> None:
    cast = assemble()
    alice = client_of(cast.alice)
    with unchanged():
        for answer in (alice.get(TABLE), alice.post(suspension(cast), REASON), alice.delete(suspension(cast))):
            assert_refused(answer, 403, "staff_only")


def test_staff_do_not_come_in_as_members() -> None:
    cast = assemble()
    assert_refused(client_of_staff().get(f"/api/v1/organizations/{cast.acme.id}"), 404, "not_found")


def test_a_suspended_organization_that_is_to_be_deleted_says_suspended() -> None:
    cast = assemble()
    Organization.objects.filter(id=cast.acme.id).update(suspended_at=clock.now(), deletion_scheduled_at=clock.now())
    alice = client_of(cast.alice)
    with unchanged():
        restored = alice.delete(f"/api/v1/organizations/{cast.acme.id}/deletion")
    assert_refused(restored, 403, "organization_suspended")
    assert OrganizationFactory.create().suspended_at is None
