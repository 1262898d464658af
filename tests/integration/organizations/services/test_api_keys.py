from datetime import timedelta

from apps.organizations import selectors, services
from apps.organizations.rules import Permission
from kit import clock, ids
from kit.actor import Person
from tests.cast import assemble, membership_of
from tests.clients import client_of_key
from tests.factories.organizations import ApiKeyFactory
from tests.memory import everything
from tests.trails import actions, faults

SCOPES = [Permission.READ_ORGANIZATION]


def test_the_life_of_a_key_is_in_the_log_but_not_its_token() -> None:
    cast = assemble()
    person = Person(user_id=cast.alice.id, session_id=ids.new_id())
    alice = selectors.get_actor(person=person, organization_id=cast.acme.id)
    key, token = services.create_api_key(actor=alice, name="Nightly", scopes=SCOPES)
    later = clock.now()
    _, successor = services.rotate_api_key(actor=alice, key_id=key.id, overlap=timedelta(), at=later)
    services.revoke_api_key(actor=alice, key_id=key.id)
    assert actions(cast.acme.id) == ["api_key.created", "api_key.rotated", "api_key.revoked"]
    assert faults() == []
    log = repr(everything()["audit.Entry"])
    assert token not in log
    assert successor not in log
    assert key.token_hash not in log


def test_what_a_key_does_is_told_of_the_key() -> None:
    cast = assemble()
    client_of_key(membership_of(cast.alice)).patch(f"/api/v1/organizations/{cast.acme.id}", {"name": "Acme Ltd"})
    (entry,) = everything()["audit.Entry"]
    (key,) = everything()["organizations.ApiKey"]
    assert (entry["actor_type"], entry["actor_id"]) == ("api_key", key["id"])


def test_keys_that_expired_long_ago_go_and_the_others_stay() -> None:
    at = clock.now()
    ages = [timedelta(days=30), timedelta(days=29), -timedelta(days=1)]
    made = [ApiKeyFactory.create(expires_at=at - age) for age in ages]
    assert services.delete_expired_api_keys(at=at) == 1
    assert [row["id"] for row in everything()["organizations.ApiKey"]] == [key.id for key in made[1:]]
