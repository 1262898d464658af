from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from apps.organizations.models import ApiKey
from apps.organizations.rules import SCOPES, Permission, Role
from kit import clock, ids
from tests.cast import Cast, assemble, membership_of
from tests.clients import assert_refused, bearing, client_of, client_of_key
from tests.factories.organizations import ApiKeyFactory, MembershipFactory
from tests.memory import everything, unchanged

READ, MEMBERS = Permission.READ_ORGANIZATION, Permission.MANAGE_MEMBERS
NIGHTLY = {"name": "Nightly export", "scopes": [READ]}


def keys(cast: Cast) -> str:
    return f"/api/v1/organizations/{cast.acme.id}/api-keys"


# Any: an answer is as wide as JSON.
def created(cast: Cast, **given: object) -> Any:
    response = client_of(cast.alice).post(keys(cast), {**NIGHTLY, **given})
    assert response.status_code == 201
    return response.json()


def reads(client: APIClient, cast: Cast) -> int:
    return client.get(f"/api/v1/organizations/{cast.acme.id}").status_code


def test_a_key_opens_its_organization() -> None:
    cast = assemble()
    answer = created(cast)
    assert set(answer) == {"token", "api_key"}
    assert answer["token"].startswith("slp_live_")
    assert answer["token"].endswith(answer["api_key"]["hint"])
    assert answer["api_key"]["created_by"]["email"] == cast.alice.email
    assert answer["api_key"]["expires_at"] is None
    key = bearing(answer["token"])
    assert key.get(f"/api/v1/organizations/{cast.acme.id}").json()["name"] == "Acme"
    assert len(key.get(f"/api/v1/organizations/{cast.acme.id}/members").json()["data"]) == 2


def test_the_token_is_nowhere_in_the_database_and_never_shown_again() -> None:
    cast = assemble()
    token = created(cast)["token"]
    secret = token.removeprefix("slp_live_")
    assert secret not in repr(everything())
    assert secret not in client_of(cast.alice).get(keys(cast)).text


def test_a_key_may_do_what_its_scopes_say_and_no_more() -> None:
    cast = assemble()
    member = f"/api/v1/organizations/{cast.acme.id}/members/{membership_of(cast.bob).id}"
    reader, manager = (client_of_key(membership_of(cast.alice), scope) for scope in (READ, MEMBERS))
    with unchanged():
        assert_refused(reader.patch(member, {"role": "viewer"}), 403, "permission_denied")
        assert_refused(manager.get(member), 403, "permission_denied")
    both = client_of_key(membership_of(cast.alice), READ, MEMBERS)
    assert both.patch(member, {"role": "viewer"}).json()["role"] == "viewer"
    assert both.delete(member).status_code == 204


@pytest.mark.parametrize("role", Role)
def test_keys_are_for_owner_and_admin(role: Role) -> None:
    cast = assemble()
    client = client_of(MembershipFactory.create(organization=cast.acme, role=role).user)
    path = f"{keys(cast)}/{ApiKeyFactory.create(membership=membership_of(cast.alice)).id}"
    if role in {Role.OWNER, Role.ADMIN}:
        assert client.post(keys(cast), NIGHTLY).status_code == 201
        assert len(client.get(keys(cast)).json()["data"]) == 2
        assert client.get(path).status_code == 200
        assert client.post(f"{path}/rotation", {}).status_code == 201
        assert client.delete(path).status_code == 204
    else:
        with unchanged():
            asked = [client.get(keys(cast)), client.get(path), client.post(keys(cast), NIGHTLY)]
            asked += [client.post(f"{path}/rotation", {}), client.delete(path)]
        for response in asked:
            assert_refused(response, 403, "permission_denied")


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({}, ["name", "scopes"]),
        ({**NIGHTLY, "name": ""}, ["name"]),
        ({**NIGHTLY, "scopes": []}, ["scopes"]),
        ({**NIGHTLY, "scopes": ["keys:manage"]}, ["scopes.0"]),
        ({**NIGHTLY, "scopes": ["organization:delete"]}, ["scopes.0"]),
        ({**NIGHTLY, "scopes": "organization:read"}, ["scopes"]),
        ({**NIGHTLY, "expires_at": "2020-01-01T00:00:00Z"}, ["expires_at"]),
        ({**NIGHTLY, "expires_at": "soon"}, ["expires_at"]),
        ({**NIGHTLY, "token_hash": "x"}, ["token_hash"]),
        ({**NIGHTLY, "created_by": str(ids.new_id())}, ["created_by"]),
    ],
)
def test_a_wrong_key_is_not_made(given: dict[str, object], fields: list[str]) -> None:
    cast = assemble()
    alice = client_of(cast.alice)
    with unchanged():
        assert_refused(alice.post(keys(cast), given), 400, "invalid", fields=fields)


@pytest.mark.parametrize("method", ["get", "patch", "delete", "post"])
def test_a_key_does_not_reach_what_concerns_people(method: str) -> None:
    cast = assemble()
    key = client_of_key(membership_of(cast.alice))
    places = [
        "users/me",
        "sessions/current",
        "organizations",
        "invitations/accept",
        "admin/users",
        "admin/organizations",
    ]
    with unchanged():
        for place in places:
            answer = getattr(key, method)(f"/api/v1/{place}", {})
            assert_refused(answer, 403, "api_key_not_accepted")


def test_a_key_finds_nothing_in_another_organization() -> None:
    cast = assemble()
    key = client_of_key(membership_of(cast.alice))
    with unchanged():
        for place in (cast.charters.id, ids.new_id()):
            assert_refused(key.get(f"/api/v1/organizations/{place}"), 404, "not_found")


def test_a_key_makes_no_keys_and_takes_no_ownership() -> None:
    cast = assemble()
    key = client_of_key(membership_of(cast.alice))
    organization = f"/api/v1/organizations/{cast.acme.id}"
    with unchanged():
        assert_refused(key.post(keys(cast), NIGHTLY), 403, "permission_denied")
        assert_refused(key.post(f"{organization}/deletion"), 403, "permission_denied")
        offer = {"membership_id": str(membership_of(cast.bob).id)}
        assert_refused(key.post(f"{organization}/ownership-transfer", offer), 403, "permission_denied")
        assert_refused(key.post(f"{organization}/ownership-transfer/accept"), 403, "api_key_not_accepted")


def test_a_revoked_key_is_refused_at_once() -> None:
    cast = assemble()
    answer = created(cast)
    key = bearing(answer["token"])
    assert reads(key, cast) == 200
    path = f"{keys(cast)}/{answer['api_key']['id']}"
    assert client_of(cast.alice).delete(path).status_code == 204
    assert_refused(key.get(f"/api/v1/organizations/{cast.acme.id}"), 401, "not_authenticated")
    assert_refused(client_of(cast.alice).delete(path), 404, "api_key_not_found")
    assert_refused(client_of(cast.alice).get(path), 404, "api_key_not_found")


def test_a_key_expires() -> None:
    cast = assemble()
    end = clock.now() + timedelta(hours=1)
    key = bearing(created(cast, expires_at=end.isoformat())["token"])
    assert reads(key, cast) == 200
    with clock.fixed(end):
        assert reads(key, cast) == 401


def test_a_key_never_may_more_than_its_creator_now() -> None:
    cast = assemble()
    membership = MembershipFactory.create(organization=cast.acme, role=Role.ADMIN)
    key = client_of_key(membership)
    organization = f"/api/v1/organizations/{cast.acme.id}"
    assert key.patch(organization, {"name": "Acme Ltd"}).status_code == 200
    membership.role = Role.MEMBER
    membership.save(update_fields=["role"])
    with unchanged():
        assert_refused(key.patch(organization, {"name": "X"}), 403, "permission_denied")
    assert key.get(organization).status_code == 200
    membership.delete()
    assert_refused(key.get(organization), 401, "not_authenticated")


def test_a_key_of_a_closed_account_is_refused_also_after_the_account_is_gone() -> None:
    cast = assemble()
    membership = MembershipFactory.create(organization=cast.acme, role=Role.ADMIN)
    key = client_of_key(membership)
    membership.user.is_active = False
    membership.user.save(update_fields=["is_active"])
    assert reads(key, cast) == 401
    membership.user.delete()
    assert reads(key, cast) == 401
    (row,) = client_of(cast.alice).get(keys(cast)).json()["data"]
    assert row["created_by"] is None


def test_a_key_manages_nobody_above_its_creator() -> None:
    cast = assemble()
    admin = MembershipFactory.create(organization=cast.acme, role=Role.ADMIN)
    key = client_of_key(admin)
    path = f"/api/v1/organizations/{cast.acme.id}/members"
    with unchanged():
        for target in (membership_of(cast.alice), admin):
            assert_refused(key.delete(f"{path}/{target.id}"), 403, "role_not_below_yours")


def test_a_rotated_key_lives_on_for_the_overlap() -> None:
    cast = assemble()
    old = created(cast, expires_at=(clock.now() + timedelta(days=90)).isoformat())
    path = f"{keys(cast)}/{old['api_key']['id']}"
    at = clock.now()
    with clock.fixed(at):
        new = client_of(cast.alice).post(f"{path}/rotation", {"overlap_seconds": 3600}).json()
    assert new["token"] != old["token"]
    assert (new["api_key"]["name"], new["api_key"]["scopes"]) == (old["api_key"]["name"], old["api_key"]["scopes"])
    assert abs(datetime.fromisoformat(new["api_key"]["expires_at"]) - at - timedelta(days=90)) < timedelta(seconds=9)
    for seconds, statuses in ((3599, [200, 200]), (3600, [401, 200])):
        with clock.fixed(at + timedelta(seconds=seconds)):
            assert [reads(bearing(key["token"]), cast) for key in (old, new)] == statuses
    alice = client_of(cast.alice)
    with unchanged():
        assert_refused(alice.post(f"{path}/rotation", {}), 409, "api_key_already_rotated")


def test_a_key_rotated_without_overlap_is_refused_at_once() -> None:
    cast = assemble()
    old = created(cast)
    client_of(cast.alice).post(f"{keys(cast)}/{old['api_key']['id']}/rotation", {"overlap_seconds": 0})
    assert reads(bearing(old["token"]), cast) == 401


def test_whoever_rotates_a_key_takes_it_over() -> None:
    cast = assemble()
    leaver = MembershipFactory.create(organization=cast.acme, role=Role.ADMIN)
    old = ApiKeyFactory.create(membership=leaver)
    leaver.delete()
    new = client_of(cast.alice).post(f"{keys(cast)}/{old.id}/rotation", {}).json()
    assert new["api_key"]["created_by"]["id"] == str(cast.alice.id)
    assert reads(bearing(new["token"]), cast) == 200


@pytest.mark.parametrize("seconds", [-1, 7 * 86400 + 1, "soon", None, 1.5])
def test_an_overlap_out_of_bounds_rotates_nothing(seconds: object) -> None:
    cast = assemble()
    key, alice = ApiKeyFactory.create(membership=membership_of(cast.alice)), client_of(cast.alice)
    with unchanged():
        response = alice.post(f"{keys(cast)}/{key.id}/rotation", {"overlap_seconds": seconds})
    assert_refused(response, 400, "invalid", fields=["overlap_seconds"])


def test_an_expired_key_is_not_rotated() -> None:
    cast = assemble()
    key = ApiKeyFactory.create(membership=membership_of(cast.alice), expires_at=clock.now())
    alice = client_of(cast.alice)
    with unchanged():
        assert_refused(alice.post(f"{keys(cast)}/{key.id}/rotation", {}), 409, "api_key_expired")
        assert_refused(alice.post(f"{keys(cast)}/{ids.new_id()}/rotation", {}), 404, "api_key_not_found")


def test_a_use_is_noted_at_most_once_in_five_minutes() -> None:
    cast = assemble()
    at = clock.now()
    key = bearing(created(cast)["token"])

    def last_used_after(minutes: float) -> datetime | None:
        with clock.fixed(at + timedelta(minutes=minutes)):
            assert reads(key, cast) == 200
        return ApiKey.objects.get().last_used_at

    assert last_used_after(1) == at + timedelta(minutes=1)
    assert last_used_after(5.9) == at + timedelta(minutes=1)
    assert last_used_after(6) == at + timedelta(minutes=6)


def test_a_key_is_found_by_one_query() -> None:
    cast = assemble()
    key = client_of_key(membership_of(cast.alice))
    with CaptureQueriesContext(connection) as queries:
        assert reads(key, cast) == 200
    assert len(queries) == 2


@pytest.mark.parametrize("token", ["slp_live_", "slp_live_x", "SLP_LIVE_x", "slp_test_x"])
def test_whatever_is_no_key_is_refused(token: str) -> None:
    cast = assemble()
    with unchanged():
        answer = bearing(token).get(f"/api/v1/organizations/{cast.acme.id}")
    assert_refused(answer, 401, "not_authenticated")


def test_a_key_of_another_organization_is_as_unknown_as_none() -> None:
    cast = assemble()
    foreign = ApiKeyFactory.create(membership=membership_of(cast.charlie))
    alice = client_of(cast.alice)
    with unchanged():
        for path in (f"{keys(cast)}/{foreign.id}", f"{keys(cast)}/{ids.new_id()}"):
            assert_refused(alice.get(path), 404, "api_key_not_found")
            assert_refused(alice.delete(path), 404, "api_key_not_found")
            assert_refused(alice.post(f"{path}/rotation", {}), 404, "api_key_not_found")
    assert alice.get(keys(cast)).json()["data"] == []


def test_scopes_are_kept_in_order_and_once() -> None:
    cast = assemble()
    scopes = [scope.value for scope in SCOPES]
    assert created(cast, scopes=list(reversed(scopes)))["api_key"]["scopes"] == sorted(scopes)
    assert str(ApiKey.objects.get()).startswith("Nightly export …")
