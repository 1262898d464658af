import dataclasses

import pytest

from kit import errors, ids
from kit.actor import Actor, Person


def an_actor(*permissions: str) -> Actor:
    return Actor(
        user_id=ids.new_id(),
        session_id=ids.new_id(),
        organization_id=ids.new_id(),
        role="member",
        permissions=frozenset(permissions),
    )


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


def test_a_person_acts_as_a_user_and_nobody_acts_for_them() -> None:
    actor = an_actor()
    assert actor.identity == ("user", actor.user_id)
    assert actor.impersonator_id is None
