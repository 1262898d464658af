from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from apps.users.rules import new_token
from kit import clock
from tests.cast import assemble
from tests.clients import assert_refused, bearing, client_of, client_of_key
from tests.factories.organizations import MembershipFactory
from tests.factories.users import SessionFactory, UserFactory
from tests.logs import recorded
from tests.memory import unchanged

ME = "/api/v1/users/me"


def with_header(authorization: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=authorization)
    return client


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer ", "Bearer x", "Basic YTpi", "Token x", "sls_x", "Bearer é", "Bearer a b", "Bearer\t"],
)
def test_whatever_is_no_token_of_ours_is_refused(authorization: str) -> None:
    with unchanged():
        response = with_header(authorization).get(ME)
    assert_refused(response, 401, "not_authenticated")
    assert response["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("form", ["Bearer {}", "bearer {}", "BEARER {}", "Bearer  {} "])
def test_the_scheme_may_be_written_in_any_case(form: str) -> None:
    token = new_token()
    SessionFactory.create(token=token)
    assert with_header(form.format(token)).get(ME).status_code == 200


def test_a_token_of_an_expired_session_is_refused() -> None:
    token = new_token()
    SessionFactory.create(token=token, expires_at=clock.now())
    assert_refused(bearing(token).get(ME), 401, "not_authenticated")


def test_a_token_of_a_closed_account_is_refused() -> None:
    user = UserFactory.create()
    client = client_of(user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    assert_refused(client.get(ME), 401, "not_authenticated")


def test_the_hash_of_a_token_is_no_token() -> None:
    session = SessionFactory.create()
    assert_refused(bearing(session.token_hash).get(ME), 401, "not_authenticated")


def test_a_session_is_seen_at_most_once_in_five_minutes() -> None:
    token, seen = new_token(), clock.now()
    session = SessionFactory.create(token=token, last_seen_at=seen)

    def last_seen_after(minutes: float) -> datetime:
        with clock.fixed(seen + timedelta(minutes=minutes)):
            assert bearing(token).get(ME).status_code == 200
        session.refresh_from_db()
        return session.last_seen_at

    assert last_seen_after(4.9) == seen
    assert last_seen_after(5) == seen + timedelta(minutes=5)
    assert last_seen_after(9.9) == seen + timedelta(minutes=5)
    assert last_seen_after(10) == seen + timedelta(minutes=10)


def test_a_refused_token_is_not_seen() -> None:
    token = new_token()
    SessionFactory.create(token=token, last_seen_at=clock.now() - timedelta(days=40), expires_at=clock.now())
    with unchanged():
        bearing(token).get(ME)


def test_every_line_of_the_log_says_who_asked_and_for_which_organization() -> None:
    cast = assemble()
    alice = client_of(cast.alice)
    with recorded() as lines:
        alice.get(f"/api/v1/organizations/{cast.acme.id}")
    (line,) = lines()
    assert (line["user_id"], line["organization_id"]) == (str(cast.alice.id), str(cast.acme.id))


def test_the_token_is_in_no_line_of_the_log() -> None:
    token = new_token()
    SessionFactory.create(token=token)
    with recorded(level="debug") as lines:
        bearing(token).get(ME)
        bearing(f"{token}x").get(ME)
    assert lines()
    assert token not in str(lines())


def test_the_door_takes_one_query_for_whoever_comes_in() -> None:
    membership = MembershipFactory.create()
    token = new_token()
    SessionFactory.create(user=membership.user, token=token, impersonator=UserFactory.create(is_staff=True))
    for client in (client_of(membership.user), bearing(token), client_of_key(membership)):
        with CaptureQueriesContext(connection) as queries:
            response = client.get(f"/api/v1/organizations/{membership.organization_id}")
        assert response.status_code == 200
        assert len(queries) == 2  # the other one reads the organization


def test_one_query_more_tells_a_stranger_from_nobody() -> None:
    organization_id = MembershipFactory.create().organization_id
    refused = ((client_of(UserFactory.create()), 404, "not_found"), (bearing(new_token()), 401, "not_authenticated"))
    for client, status, code in refused:
        with CaptureQueriesContext(connection) as queries:
            assert_refused(client.get(f"/api/v1/organizations/{organization_id}"), status, code)
        assert len(queries) == 2
