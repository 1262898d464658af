from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from apps.organizations.models import Organization
from apps.users.models import User
from tests.architecture.api import operations
from tests.cast import assemble
from tests.clients import assert_refused, bearing, client_of
from tests.factories.users import UserFactory
from tests.memory import unchanged
from tests.operations import good

READS = [operation.id for operation in operations() if "304" in operation.told["responses"]]
CHANGES = [operation.id for operation in operations() if "precondition_failed" in operation.codes]
# Nobody could have read a version of what these change, or there is nothing to lose.
UNCONDITIONAL = {
    "end_impersonation": "the same, for a session in somebody's name",
    "reinstate_organization": "a suspension has no read of its own; when there is none, that is refused",
    "restore_organization": "the same, for a deletion that is scheduled",
    "revoke_api_key": "its version moves whenever it is used, and a key that leaked must go at once",
    "revoke_session": "a session is ended whatever it is; there is no read of one",
    "sign_out": "the same, for the session at hand",
}
ANOTHER = '"0123456789abcdef"'


def test_every_change_is_conditional_or_on_the_list() -> None:
    changes = {operation.id for operation in operations() if operation.method in {"put", "patch", "delete"}}
    assert set(CHANGES) == changes - set(UNCONDITIONAL)
    assert set(UNCONDITIONAL) <= changes


def test_every_read_of_one_thing_has_a_version() -> None:
    lists = {operation.id for operation in operations() if operation.id.startswith("list_")}
    assert set(READS) == {operation.id for operation in operations() if operation.method == "get"} - lists


@pytest.mark.parametrize("name", READS)
def test_who_has_the_present_version_is_not_sent_it_again(name: str) -> None:
    request = good(name, assemble())
    first = request.send()
    assert first.status_code == 200
    again = request.saying(if_none_match=f"{ANOTHER}, {first['ETag']}").send()
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert "Content-Type" not in again
    other = request.saying(if_none_match=ANOTHER).send()
    assert (other.status_code, other.content, other["ETag"]) == (200, first.content, first["ETag"])


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_asks_for_the_version_and_for_the_right_one(name: str) -> None:
    request = good(name, assemble()).carelessly()
    with unchanged():
        assert_refused(request.send(), 428, "precondition_required")
        assert_refused(request.saying(if_match=ANOTHER).send(), 412, "precondition_failed")
    assert request.saying(if_match="*").send().status_code < 300


@pytest.mark.parametrize("name", UNCONDITIONAL)
def test_what_has_no_version_is_changed_without(name: str) -> None:
    assert good(name, assemble()).carelessly().send().status_code < 300


@pytest.mark.parametrize(
    ("read", "change"),
    [("read_me", "update_me"), ("read_organization", "update_organization"), ("read_member", "change_role")],
)
def test_the_answer_to_a_change_has_the_version_that_a_read_finds(read: str, change: str) -> None:
    cast = assemble()
    reading, changing = good(read, cast), good(change, cast).carelessly()
    before = reading.send()["ETag"]
    changed = changing.saying(if_match=before).send()
    assert changed.status_code == 200
    assert changed["ETag"] == reading.send()["ETag"] != before
    with unchanged():
        assert_refused(changing.send(), 412, "precondition_failed")


def test_the_version_that_was_read_may_be_removed() -> None:
    cast = assemble()
    version = good("read_member", cast).send()["ETag"]
    assert good("remove_member", cast).carelessly().saying(if_match=version).send().status_code == 204


def test_a_change_of_what_is_nested_is_another_version() -> None:
    cast = assemble()
    reading = good("read_member", cast)
    before = reading.send()["ETag"]
    User.objects.filter(id=cast.bob.id).update(name="Robert")
    assert reading.send()["ETag"] != before


def test_who_leaves_needs_no_version() -> None:
    cast = assemble()
    bob = client_of(cast.bob)
    bob.careless = True
    path = f"/api/v1/organizations/{cast.acme.id}/members/{cast.bob.memberships.get().id}"
    assert bob.delete(path).status_code == 204


def test_a_list_has_no_version() -> None:
    assert "ETag" not in client_of(UserFactory.create()).get("/api/v1/organizations")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["update_me", "update_organization"])
def test_of_fifty_changes_of_one_version_one_is_made(name: str) -> None:
    cast = assemble()
    client = client_of(cast.alice)
    token = client.token
    request = good(name, cast)
    version = client.get(request.path)["ETag"]

    def change(number: int) -> int:
        try:
            mine = bearing(token)
            answer = mine.patch(request.path, {"name": f"Name {number}"}, headers={"If-Match": version})
            return int(answer.status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        statuses = sorted(pool.map(change, range(50)))
    assert statuses == [200] + [412] * 49
    assert Organization.objects.filter(name="Acme").count() == (name == "update_me")
