import itertools
from datetime import UTC, datetime, timedelta

import pytest

from apps.organizations import rules
from apps.organizations.rules import PERMISSIONS, Permission, Role, is_below

READ, MANAGE, MEMBERS = Permission.READ_ORGANIZATION, Permission.MANAGE_ORGANIZATION, Permission.MANAGE_MEMBERS
AUDIT = Permission.READ_AUDIT
KEYS, TRANSFER, DELETE = Permission.MANAGE_KEYS, Permission.TRANSFER_OWNERSHIP, Permission.DELETE_ORGANIZATION
AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)

TABLE = {
    "owner": {READ, MANAGE, MEMBERS, AUDIT, KEYS, TRANSFER, DELETE},
    "admin": {READ, MANAGE, MEMBERS, AUDIT, KEYS},
    "billing": {READ},
    "member": {READ},
    "viewer": {READ},
}
FROM_THE_TOP = ["owner", "admin", "billing", "member", "viewer"]
PAIRS = list(itertools.product(Role, Role))


@pytest.mark.parametrize("role", Role)
def test_each_role_grants_what_the_table_says(role: Role) -> None:
    assert PERMISSIONS[role] == TABLE[role.value]


@pytest.mark.parametrize(("role", "other"), PAIRS)
def test_a_role_stands_below_exactly_those_before_it(role: Role, other: Role) -> None:
    assert is_below(role, other) is (FROM_THE_TOP.index(role) > FROM_THE_TOP.index(other))


@pytest.mark.parametrize(("role", "other"), PAIRS)
def test_a_role_grants_nothing_that_one_above_it_does_not(role: Role, other: Role) -> None:
    if is_below(role, other):
        assert PERMISSIONS[role] <= PERMISSIONS[other]


def test_a_role_nobody_knows_stands_nowhere() -> None:
    with pytest.raises(ValueError, match="emperor"):
        is_below("emperor", Role.OWNER)


@pytest.mark.parametrize("role", Role)
def test_a_key_has_of_its_scopes_what_its_creator_may_do(role: Role) -> None:
    assert rules.key_permissions(role, [MEMBERS, READ]) == TABLE[role.value] & {MEMBERS, READ}
    assert rules.key_permissions(role, []) == frozenset()


def test_no_key_carries_what_is_for_people_themselves() -> None:
    assert rules.key_permissions(Role.OWNER, list(Permission)) == set(rules.SCOPES) == {READ, MANAGE, MEMBERS, AUDIT}


@pytest.mark.parametrize(("minutes", "due"), [(0, False), (4.9, False), (5, True), (600, True)])
def test_a_use_is_worth_a_write_every_five_minutes(minutes: float, due: bool) -> None:  # noqa: FBT001  # a case
    assert rules.is_use_due(AT, AT + timedelta(minutes=minutes)) is due
    assert rules.is_use_due(None, AT)


def test_a_successor_lives_as_long_as_the_key_was_meant_to() -> None:
    assert rules.successor_expires_at(AT, AT + 9 * HOUR, AT + HOUR) == AT + 10 * HOUR
    assert rules.successor_expires_at(AT, None, AT + HOUR) is None


def test_a_key_retires_after_the_overlap_but_no_later_than_it_would_have() -> None:
    assert rules.retires_at(None, AT, HOUR) == rules.retires_at(AT + 9 * HOUR, AT, HOUR) == AT + HOUR
    assert rules.retires_at(AT + HOUR, AT, 9 * HOUR) == AT + HOUR
