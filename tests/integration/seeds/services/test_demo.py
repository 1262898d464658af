from apps.organizations.models import Membership, Organization
from apps.seeds import rules, selectors, services
from apps.users.models import User
from tests.clients import client_of
from tests.memory import everything, unchanged
from tests.trails import erase

SESSIONS = "/api/v1/sessions"


def forget_everything() -> None:
    erase()
    Organization.objects.all().delete()
    User.objects.all().delete()


def test_the_cast_is_made_once() -> None:
    assert services.seed_demo()
    with unchanged():
        assert not services.seed_demo()


def test_a_second_stack_gets_the_very_same_rows() -> None:
    services.seed_demo()
    before, digest = everything(), selectors.get_digest()
    forget_everything()
    assert selectors.get_digest() != digest
    services.seed_demo()
    assert everything() == before
    assert selectors.get_digest() == digest


def test_any_difference_changes_the_digest() -> None:
    services.seed_demo()
    digest = selectors.get_digest()
    User.objects.filter(email=rules.BOB.email).update(name="Bob B.")
    assert selectors.get_digest() != digest


def test_alice_owns_acme_bob_is_a_member_and_charlie_sees_nothing_of_it() -> None:
    services.seed_demo()
    roles = set(Membership.objects.values_list("user__email", "organization__name", "role"))
    assert roles == {
        (rules.ALICE.email, rules.ACME, "owner"),
        (rules.BOB.email, rules.ACME, "member"),
        (rules.CHARLIE.email, rules.CHARTERS, "owner"),
    }
    assert list(User.objects.filter(is_staff=True).values_list("email", flat=True)) == [rules.ALICE.email]


def test_everybody_of_the_cast_signs_in_with_the_printed_password() -> None:
    services.seed_demo()
    for person in rules.CAST:
        anyone = client_of(User.objects.get(email=person.email))
        credentials = {"email": person.email, "password": rules.PASSWORD}
        assert anyone.post(SESSIONS, credentials).json()["user"]["name"] == person.name
