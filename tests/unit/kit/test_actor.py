import dataclasses
from uuid import UUID

import pytest

from kit import errors, ids
from kit.actor import Actor, Key, Person


def a_person(*, is_staff: bool = False, impersonator_id: UUID | None = None) -> Person:
    return Person(user_id=ids.new_id(), session_id=ids.new_id(), is_staff=is_staff, impersonator_id=impersonator_id)


def an_actor(*permissions: str, by: Person | Key | None = None) -> Actor:
    return Actor(by=by or a_person(), organization_id=ids.new_id(), role="member", permissions=frozenset(permissions))


def test_a_granted_permission_is_passed_in_silence() -> None:
    an_actor("members:manage").require("members:manage")


def test_a_missing_permission_is_refused_and_named() -> None:
    with pytest.raises(errors.PermissionDenied, match="members:manage"):
        an_actor("organization:read").require("members:manage")


def test_an_actor_cannot_be_given_more_than_it_was_built_with() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        an_actor().permissions = frozenset({"members:manage"})  # type: ignore[misc]  # what the test forbids


def test_a_person_counts_as_signed_in() -> None:
    assert Person(user_id=ids.new_id(), session_id=ids.new_id()).is_authenticated


def test_what_is_withheld_is_refused_with_the_reason() -> None:
    actor = dataclasses.replace(an_actor(), withheld={"keys:manage": errors.NotWhileImpersonating})
    with pytest.raises(errors.NotWhileImpersonating):
        actor.require("keys:manage")


def test_a_key_is_nobody_but_itself() -> None:
    key = Key(id=ids.new_id(), creator_id=ids.new_id())
    actor = an_actor(by=key)
    assert actor.is_authenticated
    assert (actor.person, actor.user_id, actor.impersonator_id) == (None, None, None)
    assert actor.identity == ("api_key", key.id)
    with pytest.raises(errors.PermissionDenied, match="This API key"):
        actor.require("members:manage")
    with pytest.raises(errors.ApiKeyNotAccepted):
        actor.require_in_person()


def test_an_actor_is_the_person_who_acts() -> None:
    person = a_person()
    actor = an_actor(by=person)
    assert (actor.user_id, actor.impersonator_id) == (person.user_id, None)
    assert actor.identity == person.identity == ("user", person.user_id)
    assert actor.require_in_person() is person


def test_staff_in_somebodys_name_are_not_that_person() -> None:
    person = a_person(impersonator_id=ids.new_id())
    assert an_actor(by=person).impersonator_id == person.impersonator_id
    for acting in (person, an_actor(by=person)):
        with pytest.raises(errors.NotWhileImpersonating):
            acting.require_in_person()


def test_staff_are_staff_only_as_themselves() -> None:
    a_person(is_staff=True).require_staff()
    for person in (a_person(), a_person(is_staff=True, impersonator_id=ids.new_id())):
        with pytest.raises(errors.StaffOnly):
            person.require_staff()


def test_answers_are_kept_for_a_person_wherever_they_are_signed_in_and_for_each_key() -> None:
    person, key = a_person(), Key(id=ids.new_id(), creator_id=ids.new_id())
    assert {person.caller_id, an_actor(by=person).caller_id} == {person.user_id}
    assert {key.caller_id, an_actor(by=key).caller_id} == {key.id}


def test_answers_are_kept_for_each_impersonation() -> None:
    person = a_person(impersonator_id=ids.new_id())
    assert {person.caller_id, an_actor(by=person).caller_id} == {person.session_id}
