import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.organizations.models import Invitation, Membership, Organization
from apps.organizations.rules import Role
from apps.users.models import User
from kit import clock, ids
from tests.cast import Cast, assemble
from tests.clients import assert_refused, bearing, client_of, client_of_staff, without_its_request
from tests.factories.organizations import InvitationFactory, MembershipFactory
from tests.factories.users import UserFactory
from tests.memory import everything, unchanged

ACCEPT, DECLINE, JOIN = (f"/api/v1/invitations/{step}" for step in ("accept", "decline", "join"))
DANA = "dana@slipway.test"
PASSWORD = "anchors-aweigh-now"
MANAGED_BY = {
    Role.OWNER: {Role.ADMIN, Role.BILLING, Role.MEMBER, Role.VIEWER},
    Role.ADMIN: {Role.BILLING, Role.MEMBER, Role.VIEWER},
}


def invitations(organization: Organization) -> str:
    return f"/api/v1/organizations/{organization.id}/invitations"


# Any, here and below: an answer is as wide as JSON.
def invited(cast: Cast, email: str = DANA, role: Role = Role.MEMBER) -> Any:
    response = client_of(cast.alice).post(invitations(cast.acme), {"email": email, "role": role})
    assert response.status_code == 201
    return response.json()


def joining(token: str) -> dict[str, str]:
    return {"token": token, "name": "Dana Deck", "password": PASSWORD}


def test_who_has_an_account_accepts_and_is_a_member() -> None:
    cast = assemble()
    token = invited(cast, role=Role.BILLING)["token"]
    dana = client_of(UserFactory.create(email=DANA))
    response = dana.post(ACCEPT, {"token": token})
    assert response.status_code == 201
    assert (response.json()["role"], response.json()["user"]["email"]) == ("billing", DANA)
    assert response.json()["organization"]["name"] == "Acme"
    assert dana.get(f"/api/v1/organizations/{cast.acme.id}").status_code == 200


def test_who_is_new_joins_and_can_sign_in() -> None:
    cast = assemble()
    response = APIClient().post(JOIN, joining(invited(cast, email=" Dana@Slipway.Test ")["token"]))
    assert response.status_code == 201
    assert response.json()["user"]["name"] == "Dana Deck"
    signed_in = APIClient().post("/api/v1/sessions", {"email": DANA, "password": PASSWORD})
    dana = bearing(signed_in.json()["token"])
    assert [row["name"] for row in dana.get("/api/v1/organizations").json()["data"]] == ["Acme"]


def test_a_declined_invitation_is_gone() -> None:
    cast = assemble()
    token = invited(cast)["token"]
    assert APIClient().post(DECLINE, {"token": token}).status_code == 204
    assert not Invitation.objects.exists()
    assert_refused(APIClient().post(DECLINE, {"token": token}), 404, "invitation_not_found")


def test_the_token_is_shown_to_who_invites_and_kept_nowhere() -> None:
    cast = assemble()
    answer = invited(cast)
    assert answer["token"].startswith("sli_")
    assert answer["token"].removeprefix("sli_") not in repr(everything())
    listed = client_of(cast.alice).get(invitations(cast.acme)).json()["data"]
    assert listed == [answer["invitation"]]
    assert listed[0]["invited_by"]["email"] == cast.alice.email
    assert str(Invitation.objects.get()) == f"member {DANA}"


@pytest.mark.parametrize(("actor", "offered"), list(itertools.product(Role, Role)))
def test_a_role_is_offered_by_those_above_it_alone(actor: Role, offered: Role) -> None:
    cast = assemble()
    client = client_of(MembershipFactory.create(organization=cast.acme, role=actor).user)
    there = InvitationFactory.create(organization=cast.acme, role=offered)
    path = f"{invitations(cast.acme)}/{there.id}"
    asked: list[Callable[[], Any]] = [
        lambda: client.post(invitations(cast.acme), {"email": DANA, "role": offered}),
        lambda: client.post(f"{path}/resend"),
        lambda: client.delete(path),
    ]
    if offered in MANAGED_BY.get(actor, ()):
        assert [ask().status_code for ask in asked] == [201, 200, 204]
    else:
        code = "role_not_below_yours" if actor in MANAGED_BY else "permission_denied"
        with unchanged():
            for ask in asked:
                assert_refused(ask(), 403, code)


@pytest.mark.parametrize("role", Role)
def test_invitations_are_seen_by_those_who_manage_members(role: Role) -> None:
    cast = assemble()
    client = client_of(MembershipFactory.create(organization=cast.acme, role=role).user)
    one = InvitationFactory.create(organization=cast.acme)
    answers = [client.get(invitations(cast.acme)), client.get(f"{invitations(cast.acme)}/{one.id}")]
    assert {answer.status_code for answer in answers} == {200 if role in MANAGED_BY else 403}


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["email", "role"]),
        ({"email": "dana", "role": "member"}, ["email"]),
        ({"email": "a\0@slipway.test", "role": "member"}, ["email", "email"]),
        ({"email": DANA, "role": "emperor"}, ["role"]),
        ({"email": DANA, "role": "member", "token": "mine"}, ["token"]),
        ({"email": DANA, "role": "member", "expires_at": "2100-01-01T00:00:00Z"}, ["expires_at"]),
    ],
)
def test_a_wrong_invitation_is_not_made(body: dict[str, object], fields: list[str]) -> None:
    cast = assemble()
    alice = client_of(cast.alice)
    with unchanged():
        assert_refused(alice.post(invitations(cast.acme), body), 400, "invalid", fields=fields)


def test_nobody_is_invited_twice_nor_a_member() -> None:
    cast = assemble()
    invited(cast)
    alice = client_of(cast.alice)
    with unchanged():
        for email, code in (
            (DANA, "already_invited"),
            (DANA.upper(), "already_invited"),
            (cast.bob.email, "already_member"),
        ):
            response = alice.post(invitations(cast.acme), {"email": email, "role": "viewer"})
            assert_refused(response, 409, code)


def test_an_address_is_invited_by_two_organizations_independently() -> None:
    cast = assemble()
    invited(cast)
    response = client_of(cast.charlie).post(invitations(cast.charters), {"email": DANA, "role": "viewer"})
    assert response.status_code == 201


def test_a_token_that_is_wrong_used_expired_revoked_or_replaced_is_told_apart_by_nobody() -> None:
    cast = assemble()
    dana = client_of(UserFactory.create(email=DANA))
    used, revoked = invited(cast), invited(cast, "revoked@slipway.test")
    resent = invited(cast, "resent@slipway.test")
    assert dana.post(ACCEPT, {"token": used["token"]}).status_code == 201
    alice = client_of(cast.alice)
    assert alice.delete(f"{invitations(cast.acme)}/{revoked['invitation']['id']}").status_code == 204
    assert alice.post(f"{invitations(cast.acme)}/{resent['invitation']['id']}/resend").status_code == 200
    InvitationFactory.create(organization=cast.acme, email=DANA, token="sli_late", expires_at=clock.now())
    tokens = ["sli_wrong", used["token"], revoked["token"], resent["token"], "sli_late"]
    with unchanged():
        answers = [answer for token in tokens for answer in every_use_of(token, dana)]
    for answer in answers:
        assert_refused(answer, 404, "invitation_not_found")
        assert without_its_request(answer) == without_its_request(answers[0])


def every_use_of(token: str, client: APIClient) -> list[Any]:
    return [
        client.post(ACCEPT, {"token": token}),
        APIClient().post(DECLINE, {"token": token}),
        APIClient().post(JOIN, joining(token)),
    ]


def test_nobody_accepts_for_somebody_else() -> None:
    cast = assemble()
    token = invited(cast)["token"]
    charlie = client_of(cast.charlie)
    with unchanged():
        real, made_up = (charlie.post(ACCEPT, {"token": given}) for given in (token, "sli_wrong"))
    assert_refused(real, 404, "invitation_not_found")
    assert without_its_request(real) == without_its_request(made_up)


def test_an_invitation_expires_after_seven_days() -> None:
    cast = assemble()
    at = clock.now()
    with clock.fixed(at):
        token = invited(cast)["token"]
    with clock.fixed(at + timedelta(days=7)), unchanged():
        assert_refused(APIClient().post(JOIN, joining(token)), 404, "invitation_not_found")
    with clock.fixed(at + timedelta(days=7, microseconds=-1)):
        assert APIClient().post(JOIN, joining(token)).status_code == 201


def test_a_resent_invitation_has_its_full_time_again() -> None:
    cast = assemble()
    late = InvitationFactory.create(organization=cast.acme, email=DANA, expires_at=clock.now())
    answer = client_of(cast.alice).post(f"{invitations(cast.acme)}/{late.id}/resend").json()
    assert APIClient().post(JOIN, joining(answer["token"])).status_code == 201


def test_who_has_an_account_signs_in_instead_of_joining() -> None:
    cast = assemble()
    UserFactory.create(email=DANA)
    token = invited(cast)["token"]
    with unchanged():
        assert_refused(APIClient().post(JOIN, joining(token)), 409, "account_exists")


def test_who_became_a_member_meanwhile_is_told_so() -> None:
    cast = assemble()
    token = invited(cast)["token"]
    dana = UserFactory.create(email=DANA)
    MembershipFactory.create(organization=cast.acme, user=dana)
    client = client_of(dana)
    with unchanged():
        assert_refused(client.post(ACCEPT, {"token": token}), 409, "already_member")


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"password": "short"}, ["password"]),
        ({"password": "password1234"}, ["password"]),
        ({"name": ""}, ["name"]),
        ({"name": "a\0b"}, ["name"]),
        ({"email": "eve@slipway.test"}, ["email"]),
        ({"role": "owner"}, ["role"]),
        ({"token": ["x"]}, ["token"]),
        ({"token": "x" * 201}, ["token"]),
    ],
)
def test_who_joins_with_a_wrong_form_is_not_made(changed: dict[str, object], fields: list[str]) -> None:
    cast = assemble()
    token = invited(cast)["token"]
    with unchanged():
        response = APIClient().post(JOIN, {**joining(token), **changed})
    assert_refused(response, 400, "invalid", fields=fields)


@pytest.mark.parametrize("state", ["suspended_at", "deletion_scheduled_at"])
def test_nobody_joins_an_organization_that_is_closed(state: str) -> None:
    cast = assemble()
    token = invited(cast)["token"]
    dana = client_of(UserFactory.create(email=DANA))
    Organization.objects.filter(id=cast.acme.id).update(**{state: clock.now()})
    with unchanged():
        assert_refused(dana.post(ACCEPT, {"token": token}), 404, "invitation_not_found")


def test_staff_do_not_accept_in_somebodys_name() -> None:
    cast = assemble()
    token = invited(cast)["token"]
    dana = UserFactory.create(email=DANA)
    started = client_of_staff().post(f"/api/v1/admin/users/{dana.id}/impersonation", {"reason": "Ticket 4711"})
    as_dana = bearing(started.json()["token"])
    with unchanged():
        assert_refused(as_dana.post(ACCEPT, {"token": token}), 403, "not_while_impersonating")


def test_an_invitation_of_another_organization_is_as_unknown_as_none() -> None:
    cast = assemble()
    foreign = InvitationFactory.create(organization=cast.charters)
    alice = client_of(cast.alice)
    with unchanged():
        for found in (foreign.id, ids.new_id()):
            path = f"{invitations(cast.acme)}/{found}"
            for answer in (alice.get(path), alice.delete(path), alice.post(f"{path}/resend")):
                assert_refused(answer, 404, "invitation_not_found")


def test_who_has_not_signed_in_accepts_nothing() -> None:
    cast = assemble()
    token = invited(cast)["token"]
    with unchanged():
        assert_refused(APIClient().post(ACCEPT, {"token": token}), 401, "not_authenticated")
    assert not User.objects.filter(email=DANA).exists()
    assert Membership.objects.filter(organization=cast.acme).count() == 2
