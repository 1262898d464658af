from datetime import timedelta
from uuid import UUID

import pytest
from rest_framework.test import APIClient

from apps.audit.models import Entry
from apps.users.models import Session, User
from apps.users.services import hash_password
from kit import clock, ids
from tests.cast import assemble
from tests.clients import PROBLEM, assert_refused, bearing, client_of, client_of_staff, without_its_request
from tests.factories.users import SessionFactory, UserFactory
from tests.memory import unchanged

SESSIONS, CURRENT, ME = "/api/v1/sessions", "/api/v1/sessions/current", "/api/v1/users/me"
IMPERSONATIONS = "/api/v1/admin/impersonations"
EMAIL, PASSWORD = "alice@slipway.test", "correct horse"
CREDENTIALS = {"email": EMAIL, "password": PASSWORD}


def someone_with_a_password(*, is_active: bool = True) -> None:
    UserFactory.create(email=EMAIL, password=hash_password(password=PASSWORD), is_active=is_active)


def test_signing_in_gives_a_token_that_opens_the_door() -> None:
    someone_with_a_password()
    response = APIClient().post(SESSIONS, CREDENTIALS, HTTP_USER_AGENT="Firefox", REMOTE_ADDR="203.0.113.9")
    assert response.status_code == 201
    answer = response.json()
    assert set(answer) == {"token", "session", "user"}
    assert answer["user"]["email"] == EMAIL
    assert (answer["session"]["device"], answer["session"]["ip"]) == ("Firefox", "203.0.113.9")
    assert answer["session"]["is_current"]
    assert bearing(answer["token"]).get(ME).json() == answer["user"]


@pytest.mark.parametrize("email", ["ALICE@Slipway.Test", "  alice@slipway.test "])
def test_an_address_may_be_written_in_any_case(email: str) -> None:
    someone_with_a_password()
    assert APIClient().post(SESSIONS, {**CREDENTIALS, "email": email}).status_code == 201


def test_a_stale_token_does_not_keep_anybody_from_signing_in() -> None:
    someone_with_a_password()
    assert bearing("sls_stale").post(SESSIONS, CREDENTIALS).status_code == 201


def test_a_long_name_of_a_device_is_cut() -> None:
    someone_with_a_password()
    response = APIClient().post(SESSIONS, CREDENTIALS, HTTP_USER_AGENT="x" * 5000)
    assert response.json()["session"]["device"] == "x" * 200


def test_wrong_password_unknown_person_and_closed_account_get_the_same_answer() -> None:
    someone_with_a_password()
    UserFactory.create(email="closed@slipway.test", password=hash_password(password=PASSWORD), is_active=False)
    UserFactory.create(email="passwordless@slipway.test")
    attempts = [
        {"email": EMAIL, "password": "wrong horse"},
        {"email": "nobody@slipway.test", "password": PASSWORD},
        {"email": "closed@slipway.test", "password": PASSWORD},
        {"email": "passwordless@slipway.test", "password": "x"},
    ]
    with unchanged():
        answers = [APIClient().post(SESSIONS, attempt) for attempt in attempts]
    for answer in answers:
        assert_refused(answer, 401, "invalid_credentials")
        assert without_its_request(answer) == without_its_request(answers[0])


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["email", "password"]),
        ({"email": EMAIL}, ["password"]),
        ({**CREDENTIALS, "email": "alice"}, ["email"]),
        ({**CREDENTIALS, "email": None}, ["email"]),
        ({**CREDENTIALS, "email": {"a": 1}}, ["email"]),
        ({**CREDENTIALS, "email": f"{'a' * 250}@slipway.test"}, ["email"]),
        ({**CREDENTIALS, "password": ""}, ["password"]),
        ({**CREDENTIALS, "password": "x" * 1025}, ["password"]),
        ({**CREDENTIALS, "password": "\0"}, ["password"]),
        ({**CREDENTIALS, "is_staff": True}, ["is_staff"]),
        ([], [""]),
        ("alice", [""]),
    ],
)
def test_credentials_of_another_shape_are_refused_field_by_field(body: object, fields: list[str]) -> None:
    someone_with_a_password()
    with unchanged():
        assert_refused(APIClient().post(SESSIONS, body), 400, "invalid", fields=fields)


@pytest.mark.parametrize("variant", [EMAIL, EMAIL.upper(), f" {EMAIL}", f"{EMAIL}\t", f"\u3000{EMAIL}"])
def test_the_eleventh_guess_in_a_minute_has_to_wait(variant: str) -> None:
    someone_with_a_password()
    wrong = {"email": EMAIL, "password": "wrong horse"}
    assert {APIClient().post(SESSIONS, wrong).status_code for _ in range(10)} == {401}
    with unchanged():
        response = APIClient().post(SESSIONS, {**CREDENTIALS, "email": variant})
    assert_refused(response, 429, "too_many_requests")
    assert 0 < int(response["Retry-After"]) <= 60


def test_guesses_at_one_account_from_one_address_hold_up_nobody_else() -> None:
    someone_with_a_password()
    for _ in range(11):
        APIClient().post(SESSIONS, {"email": "bob@slipway.test", "password": "x"})
    assert APIClient().post(SESSIONS, CREDENTIALS).status_code == 201
    elsewhere = APIClient().post(SESSIONS, {"email": "bob@slipway.test", "password": "x"}, REMOTE_ADDR="203.0.113.9")
    assert elsewhere.status_code == 401


def test_the_list_of_sessions_shows_mine_alone_and_which_is_this_one() -> None:
    cast = assemble()
    SessionFactory.create(user=cast.bob)
    expired = SessionFactory.create(user=cast.alice, expires_at=clock.now())
    other = SessionFactory.create(user=cast.alice)
    rows = client_of(cast.alice).get(SESSIONS).json()["data"]
    assert [row["is_current"] for row in rows] == [True, False]
    assert rows[1]["id"] == str(other.id)
    assert str(expired.id) not in {row["id"] for row in rows}
    assert all("token" not in name for row in rows for name in row)


def test_a_revoked_session_is_refused_at_once() -> None:
    alice = UserFactory.create()
    here, there = client_of(alice), client_of(alice)
    other = there.get(SESSIONS).json()["data"][0]["id"]
    assert here.delete(f"{SESSIONS}/{other}").status_code == 204
    assert_refused(there.get(ME), 401, "not_authenticated")
    assert here.get(ME).status_code == 200


def test_signing_out_ends_this_session_alone() -> None:
    alice = UserFactory.create()
    here, there = client_of(alice), client_of(alice)
    assert here.delete(CURRENT).status_code == 204
    assert_refused(here.delete(CURRENT), 401, "not_authenticated")
    assert there.get(ME).status_code == 200


def test_someone_elses_session_is_as_unknown_as_one_that_never_was() -> None:
    cast = assemble()
    foreign = SessionFactory.create(user=cast.alice)
    charlie = client_of(cast.charlie)
    with unchanged():
        answers = [charlie.delete(f"{SESSIONS}/{each}") for each in (foreign.id, ids.new_id())]
    for answer in answers:
        assert_refused(answer, 404, "session_not_found")
    assert without_its_request(answers[0]) == without_its_request(answers[1])
    assert Session.objects.filter(id=foreign.id).exists()


def test_my_profile_says_who_i_am_and_no_more() -> None:
    alice = UserFactory.create()
    profile = client_of(alice).get(ME).json()
    assert set(profile) == {"id", "email", "name", "locale", "timezone", "created_at"}
    assert (profile["id"], profile["email"]) == (str(alice.id), alice.email)


def test_i_change_my_own_profile_and_nobody_elses() -> None:
    cast = assemble()
    changes = {"name": "Alice A.", "locale": "pt-BR", "timezone": "Europe/Lisbon"}
    answer = client_of(cast.alice).patch(ME, changes)
    assert answer.status_code == 200
    assert {name: answer.json()[name] for name in changes} == changes
    cast.alice.refresh_from_db()
    cast.bob.refresh_from_db()
    assert (cast.alice.name, cast.alice.locale, cast.alice.timezone) == tuple(changes.values())
    assert cast.bob.name == "Bob"
    assert cast.alice.updated_at > cast.alice.created_at


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"email": "eve@slipway.test"}, ["email"]),
        ({"id": "0199f2d6-a1c8-7d3e-9b5f-4a2c1e0d9b8a"}, ["id"]),
        ({"name": "Eve", "is_staff": True, "password": "x"}, ["is_staff", "password"]),
        ({"name": ""}, ["name"]),
        ({"name": "  "}, ["name"]),
        ({"name": "a\0b"}, ["name"]),
        ({"name": "x" * 201}, ["name"]),
        ({"name": None}, ["name"]),
        ({"name": ["x"]}, ["name"]),
        ({"locale": "english"}, ["locale"]),
        ({"locale": "EN"}, ["locale"]),
        ({"timezone": "Mars/Olympus"}, ["timezone"]),
        ({"timezone": "../etc/passwd"}, ["timezone"]),
        ({"name": "Eve", "timezone": "Mars/Olympus"}, ["timezone"]),
        ({}, []),
    ],
)
def test_a_wrong_change_of_my_profile_changes_nothing(changes: dict[str, object], fields: list[str]) -> None:
    alice = client_of(UserFactory.create())
    with unchanged():
        assert_refused(alice.patch(ME, changes), 400, "invalid", fields=fields)


@pytest.mark.parametrize(
    ("method", "path"),
    [("get", ME), ("patch", ME), ("get", SESSIONS), ("delete", CURRENT), ("delete", f"{SESSIONS}/{UUID(int=7)}")],
)
def test_who_has_not_signed_in_is_asked_to(method: str, path: str) -> None:
    response = getattr(APIClient(), method)(path)
    assert_refused(response, 401, "not_authenticated")
    assert response["WWW-Authenticate"] == "Bearer"


def test_every_member_of_a_problem_document_is_there_for_anybody() -> None:
    assert set(APIClient().get(ME).json()) == PROBLEM


def impersonating(client: APIClient, user_id: object, reason: str = "Ticket 4711") -> APIClient:
    response = client.post(f"/api/v1/admin/users/{user_id}/impersonation", {"reason": reason})
    assert response.status_code == 201
    return bearing(response.json()["token"])


def test_staff_see_everybody() -> None:
    cast = assemble()
    table = client_of_staff().get("/api/v1/admin/users").json()
    assert {cast.alice.email, cast.bob.email, cast.charlie.email} < {row["email"] for row in table["data"]}
    assert table["data"][0]["is_staff"]


def test_staff_act_in_somebodys_name_and_the_session_says_so() -> None:
    cast = assemble()
    staff = UserFactory.create(is_staff=True, name="Stan")
    as_bob = impersonating(client_of(staff), cast.bob.id)
    assert as_bob.get(ME).json()["email"] == cast.bob.email
    assert as_bob.get(f"/api/v1/organizations/{cast.acme.id}").status_code == 200
    own, theirs = client_of(cast.bob).get(SESSIONS).json()["data"]
    assert own["impersonator"] is None
    assert theirs["impersonator"] == {"id": str(staff.id), "email": staff.email, "name": "Stan"}
    (going_on,) = client_of(staff).get(IMPERSONATIONS).json()["data"]
    assert (going_on["id"], going_on["user"]["email"]) == (theirs["id"], cast.bob.email)
    assert going_on["impersonation_reason"] == "Ticket 4711"


def test_what_staff_do_in_somebodys_name_is_told_of_both() -> None:
    cast = assemble()
    staff = UserFactory.create(is_staff=True)
    as_alice = impersonating(client_of(staff), cast.alice.id)
    as_alice.patch(f"/api/v1/organizations/{cast.acme.id}", {"name": "Acme Ltd"})
    renamed, started = (
        Entry.objects.get(action="organization.renamed"),
        Entry.objects.get(action="impersonation.started"),
    )
    assert (renamed.actor_id, renamed.impersonator_id) == (cast.alice.id, staff.id)
    assert (started.actor_id, started.chain_id, started.impersonator_id) == (staff.id, cast.alice.id, None)


def test_an_impersonation_ends_after_half_an_hour() -> None:
    cast = assemble()
    at = clock.now()
    with clock.fixed(at):
        as_bob = impersonating(client_of_staff(), cast.bob.id)
    with clock.fixed(at + timedelta(minutes=30, microseconds=-1)):
        assert as_bob.get(ME).status_code == 200
    with clock.fixed(at + timedelta(minutes=30)):
        assert_refused(as_bob.get(ME), 401, "not_authenticated")
        assert client_of_staff().get(IMPERSONATIONS).json()["data"] == []


@pytest.mark.parametrize("ends", ["staff", "other staff", "the person"])
def test_an_impersonation_is_ended_early(ends: str) -> None:
    cast = assemble()
    as_bob = impersonating(client_of_staff(), cast.bob.id)
    session = Session.objects.get(user=cast.bob)
    path = f"{IMPERSONATIONS}/{session.id}"
    if ends == "staff":
        assert as_bob.delete(CURRENT).status_code == 204
    elif ends == "other staff":
        assert client_of_staff().delete(path).status_code == 204
    else:
        assert client_of(cast.bob).delete(f"{SESSIONS}/{session.id}").status_code == 204
    assert_refused(as_bob.get(ME), 401, "not_authenticated")
    assert_refused(client_of_staff().delete(path), 404, "impersonation_not_found")


@pytest.mark.parametrize("lost", ["is_staff", "is_active"])
def test_an_impersonation_lives_no_longer_than_the_rights_of_staff(lost: str) -> None:
    cast = assemble()
    staff = UserFactory.create(is_staff=True)
    as_bob = impersonating(client_of(staff), cast.bob.id)
    setattr(staff, lost, False)
    staff.save(update_fields=[lost])
    assert_refused(as_bob.get(ME), 401, "not_authenticated")


@pytest.mark.parametrize("target", [{"is_staff": True}, {"is_superuser": True}, {"is_active": False}])
def test_neither_staff_nor_closed_accounts_are_impersonated(target: dict[str, bool]) -> None:
    user, staff = UserFactory.create(**target), client_of_staff()
    with unchanged():
        response = staff.post(f"/api/v1/admin/users/{user.id}/impersonation", {"reason": "Ticket"})
    assert_refused(response, 409, "cannot_impersonate")


def test_nobody_but_staff_impersonates_and_nobody_while_impersonating() -> None:
    cast = assemble()
    session = SessionFactory.create(user=cast.bob, impersonator=UserFactory.create(is_staff=True))
    clients = [client_of(cast.alice), impersonating(client_of_staff(), cast.bob.id)]
    # Bob became one of the staff meanwhile.
    as_newcomer = impersonating(client_of_staff(), cast.charlie.id)
    User.objects.filter(id=cast.charlie.id).update(is_staff=True)
    with unchanged():
        for client in [*clients, as_newcomer]:
            for answer in (
                client.get("/api/v1/admin/users"),
                client.get(IMPERSONATIONS),
                client.delete(f"{IMPERSONATIONS}/{session.id}"),
                client.post(f"/api/v1/admin/users/{cast.alice.id}/impersonation", {"reason": "Curious"}),
            ):
                assert_refused(answer, 403, "staff_only")


def test_staff_do_not_end_the_sessions_of_whom_they_impersonate() -> None:
    cast = assemble()
    own = SessionFactory.create(user=cast.bob)
    as_bob = impersonating(client_of_staff(), cast.bob.id)
    with unchanged():
        assert_refused(as_bob.delete(f"{SESSIONS}/{own.id}"), 403, "not_while_impersonating")


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": "x" * 501}, {"reason": None}])
def test_an_impersonation_has_a_reason(body: dict[str, object]) -> None:
    cast, staff = assemble(), client_of_staff()
    with unchanged():
        response = staff.post(f"/api/v1/admin/users/{cast.bob.id}/impersonation", body)
    assert_refused(response, 400, "invalid", fields=["reason"])


def test_nobody_is_impersonated_whom_there_is_not() -> None:
    staff = client_of_staff()
    own = SessionFactory.create()
    with unchanged():
        response = staff.post(f"/api/v1/admin/users/{ids.new_id()}/impersonation", {"reason": "Ticket"})
        assert_refused(response, 404, "user_not_found")
        # A session of the person's own is no impersonation.
        assert_refused(staff.delete(f"{IMPERSONATIONS}/{own.id}"), 404, "impersonation_not_found")
