from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.audit.models import Entry
from apps.organizations.models import Membership
from apps.organizations.rules import Role
from kit import clock, ids
from tests.cast import Cast, assemble
from tests.clients import assert_refused, client_of, without_its_request
from tests.factories.audit import EntryFactory
from tests.factories.organizations import MembershipFactory
from tests.memory import unchanged

AT = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)


def address(organization_id: object) -> str:
    return f"/api/v1/organizations/{organization_id}/audit"


# Any: rows as JSON.
def rows(client: APIClient, cast: Cast, **query: str | int) -> list[dict[str, Any]]:
    answer = client.get(address(cast.acme.id), query)
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.json()["data"]
    return found


def entry_at(cast: Cast, minutes: float = 0, **given: object) -> Entry:
    at = AT + timedelta(minutes=minutes)
    made: Entry = EntryFactory.create(chain_id=cast.acme.id, id=ids.id_at(at), created_at=at, **given)
    return made


def test_what_was_done_in_the_organization_is_listed_newest_first() -> None:
    cast = assemble()
    alice, bob = client_of(cast.alice), Membership.objects.get(user=cast.bob)
    path = f"/api/v1/organizations/{cast.acme.id}"
    renamed = alice.patch(path, {"name": "Acme Ltd"}, REMOTE_ADDR="203.0.113.9")
    alice.patch(f"{path}/members/{bob.id}", {"role": "admin"})
    alice.delete(f"{path}/members/{bob.id}")
    removed, promoted, first = rows(alice, cast)
    assert first.pop("created_at") <= promoted["created_at"] <= removed["created_at"]
    assert first.pop("id")
    assert first == {
        "sequence": 1,
        "action": "organization.renamed",
        "actor_type": "user",
        "actor_id": str(cast.alice.id),
        "impersonator_id": None,
        "target_type": "organization",
        "target_id": str(cast.acme.id),
        "changes": {"name": {"before": "Acme", "after": "Acme Ltd"}},
        "ip": "203.0.113.9",
        "request_id": renamed["X-Request-Id"],
    }
    assert promoted["changes"] == {"role": {"before": "member", "after": "admin"}}
    assert (removed["action"], removed["target_id"]) == ("member.removed", str(bob.id))
    assert removed["changes"]["user_id"] == {"before": str(cast.bob.id), "after": None}


@pytest.mark.parametrize("role", Role)
def test_owner_and_admin_read_it_and_nobody_else(role: Role) -> None:
    cast = assemble()
    entry_at(cast)
    client = client_of(MembershipFactory.create(organization=cast.acme, role=role).user)
    if role in {Role.OWNER, Role.ADMIN}:
        assert len(rows(client, cast)) == 1
    else:
        with unchanged():
            assert_refused(client.get(address(cast.acme.id)), 403, "permission_denied")


def test_an_outsider_cannot_tell_a_log_from_none() -> None:
    cast = assemble()
    entry_at(cast)
    charlie = client_of(cast.charlie)
    with unchanged():
        real, made_up = (charlie.get(address(where)) for where in (cast.acme.id, ids.new_id()))
    assert_refused(real, 404, "not_found")
    assert without_its_request(real) == without_its_request(made_up)


def test_who_has_not_signed_in_learns_nothing() -> None:
    cast = assemble()
    with unchanged():
        assert_refused(APIClient().get(address(cast.acme.id)), 401, "not_authenticated")


def test_each_organization_sees_its_own_log() -> None:
    cast = assemble()
    entry_at(cast)
    foreign = EntryFactory.create(chain_id=cast.charters.id)
    query = {"target_id": str(foreign.target_id)}
    assert rows(client_of(cast.alice), cast, **query) == []
    assert len(client_of(cast.charlie).get(address(cast.charters.id), query).json()["data"]) == 1


def test_nobody_changes_it_through_the_api() -> None:
    cast = assemble()
    entry_at(cast)
    alice = client_of(cast.alice)
    with unchanged():
        for method in ("post", "put", "patch", "delete"):
            assert_refused(getattr(alice, method)(address(cast.acme.id), {}), 405, "method_not_allowed")


def test_it_is_filtered_by_what_was_done_by_whom_and_to_what() -> None:
    cast = assemble()
    alice = client_of(cast.alice)
    wanted, other = entry_at(cast, action="member.removed"), entry_at(cast)
    for query in (
        {"action": "member.removed"},
        {"actor_id": str(wanted.actor_id)},
        {"target_id": str(wanted.target_id)},
        {"action": "member.removed", "actor_id": str(wanted.actor_id), "since": AT.isoformat()},
    ):
        assert [row["id"] for row in rows(alice, cast, **query)] == [str(wanted.id)]
    assert rows(alice, cast, action="member.removed", actor_id=str(other.actor_id)) == []
    assert rows(alice, cast, action="member.rem") == []


@pytest.mark.parametrize("zone", ["Z", "+00:00"])
def test_it_is_filtered_by_time_from_since_up_to_but_not_at_until(zone: str) -> None:
    cast = assemble()
    alice = client_of(cast.alice)
    made = [str(entry_at(cast, minutes).id) for minutes in (0, 1, 1.00001, 2)]

    def between(**query: str) -> list[str]:
        return [row["id"] for row in reversed(rows(alice, cast, **query))]

    def at(minutes: float) -> str:
        return (AT + timedelta(minutes=minutes)).isoformat().replace("+00:00", zone)

    assert between(since=at(1)) == made[1:]
    assert between(until=at(1)) == made[:1]
    assert between(since=at(1), until=at(2)) == made[1:3]
    assert between(since=at(1.00001), until=at(1.00002)) == made[2:3]
    assert between(since=at(3)) == between(until=at(0)) == []
    assert between(since="0001-01-01T00:00:00Z", until="9999-12-31T23:59:59Z") == made


def test_the_pages_of_a_filtered_list_hold_what_the_filter_lets_through() -> None:
    cast = assemble()
    alice = client_of(cast.alice)
    made = [str(entry_at(cast, n, action="member.removed" if n % 2 else "member.added").id) for n in range(10)]
    query: dict[str, str | int] = {"action": "member.removed", "limit": 2}
    seen, has_more = [], True
    while has_more:
        answer = alice.get(address(cast.acme.id), query).json()
        seen += [row["id"] for row in answer["data"]]
        has_more, query["cursor"] = answer["has_more"], answer["next"]
    assert seen == made[1::2][::-1]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"actor_id": "alice"}, "actor_id"),
        ({"target_id": "1"}, "target_id"),
        ({"action": "x" * 65}, "action"),
        ({"action": ""}, "action"),
        ({"action": "a\0b"}, "action"),
        ({"since": "yesterday"}, "since"),
        ({"since": "2026-13-01T00:00:00Z"}, "since"),
        ({"until": "9999-12-31T23:59:59-23:00"}, "until"),
        ({"until": "10000-01-01T00:00:00Z"}, "until"),
        ({"since": "1e400"}, "since"),
    ],
)
def test_a_filter_that_makes_no_sense_is_named(query: dict[str, str], field: str) -> None:
    cast = assemble()
    alice = client_of(cast.alice)
    with unchanged():
        assert_refused(alice.get(address(cast.acme.id), query), 400, "invalid", fields=[field])


def test_an_entry_that_a_moved_clock_dates_stands_where_its_time_is() -> None:
    cast = assemble()
    alice = client_of(cast.alice)
    path = f"/api/v1/organizations/{cast.acme.id}"
    for days, name in ((0, "now"), (-9, "before")):
        with clock.fixed(clock.now() + timedelta(days=days)):
            alice.patch(path, {"name": name})
    assert [row["changes"]["name"]["after"] for row in rows(alice, cast)] == ["now", "before"]
