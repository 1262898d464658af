import pytest

from apps.organizations.models import Membership
from apps.seeds import rules, selectors, services
from apps.seeds.services import volume
from apps.users.models import User
from kit.errors import NotFound
from tests.clients import client_of


def grow(members: int) -> tuple[int, list[int]]:
    told: list[int] = []
    return services.seed_volume(members=members, on_progress=told.append), told


def test_the_crowd_joins_acme_as_members() -> None:
    services.seed_demo()
    assert grow(20) == (40, [20])
    crowd = Membership.objects.filter(user__email__endswith=rules.CROWD_DOMAIN)
    assert set(crowd.values_list("organization__name", "role")) == {(rules.ACME, "member")}
    assert selectors.count_crowd() == crowd.count() == 20


def test_growing_in_steps_ends_where_growing_at_once_does() -> None:
    services.seed_demo()
    grow(25)
    digest = selectors.get_digest()
    User.objects.filter(email__endswith=rules.CROWD_DOMAIN).delete()
    assert [grow(members)[0] for members in (10, 25, 25, 5)] == [20, 30, 0, 0]
    assert selectors.get_digest() == digest


def test_progress_is_told_chunk_by_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(volume, "CHUNK", 8)
    services.seed_demo()
    assert grow(20) == (40, [8, 16, 20])


def test_without_the_cast_there_is_nothing_to_join() -> None:
    with pytest.raises(NotFound):
        grow(1)


def test_members_of_the_crowd_are_listed_and_sign_in_like_anybody() -> None:
    services.seed_demo()
    grow(3)
    bob = client_of(User.objects.get(email=rules.BOB.email))
    acme_id = selectors.get_acme_id()
    page = bob.get(f"/api/v1/organizations/{acme_id}/members").json()
    assert {rules.crowd_email(number) for number in range(3)} <= {row["user"]["email"] for row in page["data"]}
    credentials = {"email": rules.crowd_email(2), "password": rules.PASSWORD}
    assert bob.post("/api/v1/sessions", credentials).status_code == 201
