import itertools

import pytest

from apps.organizations.rules import PERMISSIONS, Permission, Role, is_below

READ, MANAGE, MEMBERS = Permission.READ_ORGANIZATION, Permission.MANAGE_ORGANIZATION, Permission.MANAGE_MEMBERS
AUDIT = Permission.READ_AUDIT

TABLE = {
    "owner": {READ, MANAGE, MEMBERS, AUDIT},
    "admin": {READ, MANAGE, MEMBERS, AUDIT},
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
