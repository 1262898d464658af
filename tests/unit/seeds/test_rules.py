from apps.seeds import rules
from apps.users.rules import normalized_email


def test_the_addresses_of_the_cast_are_written_as_they_are_stored() -> None:
    assert all(person.email == normalized_email(person.email) for person in rules.CAST)


def test_nobody_of_the_cast_is_in_the_crowd() -> None:
    assert not any(person.email.endswith(f"@{rules.CROWD_DOMAIN}") for person in rules.CAST)


def test_only_alice_is_staff() -> None:
    assert [person for person in rules.CAST if person.is_staff] == [rules.ALICE]


def test_addresses_of_the_crowd_stand_in_the_order_of_their_numbers() -> None:
    addresses = [rules.crowd_email(number) for number in (0, 9, 10, 999_999, 1_000_000)]
    assert addresses == sorted(set(addresses))
