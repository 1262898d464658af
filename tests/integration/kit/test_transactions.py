import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.organizations.models import Organization
from kit import errors, transactions
from tests.factories.organizations import OrganizationFactory


@transactions.atomic
def make(*names: str, then_refuse: bool = False) -> None:
    for name in names:
        OrganizationFactory.create(name=name)
    if then_refuse:
        raise errors.Conflict


def test_the_transaction_of_a_test_itself_does_not_count() -> None:
    assert not transactions.is_open()


def test_a_transaction_that_somebody_opened_counts() -> None:
    with transaction.atomic():
        assert transactions.is_open()
        with transaction.atomic():
            assert transactions.is_open()
    assert not transactions.is_open()


@pytest.mark.django_db(transaction=True)
def test_outside_of_tests_every_transaction_counts() -> None:
    assert not transactions.is_open()
    with transaction.atomic():
        assert transactions.is_open()
    assert not transactions.is_open()


@pytest.mark.django_db(transaction=True)
def test_what_speaks_to_somebody_outside_is_refused_within_a_transaction() -> None:
    transactions.require_none("Calling a provider")
    with transaction.atomic(), pytest.raises(RuntimeError, match="Calling a provider inside a database transaction"):
        transactions.require_none("Calling a provider")
    transactions.require_none("Calling a provider")


def test_what_belongs_to_a_transaction_is_done_within_one() -> None:
    with transaction.atomic():
        transactions.require_one("Recording")
    with pytest.raises(RuntimeError, match="Recording outside of a database transaction"):
        transactions.require_one("Recording")


def test_a_refusal_takes_back_what_the_service_wrote() -> None:
    with pytest.raises(errors.Conflict):
        make("Acme", "Barges", then_refuse=True)
    assert not Organization.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_within_anothers_transaction_a_service_is_a_part_of_it() -> None:
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        make("Acme")
        make("Barges")
    assert [query["sql"].split()[0] for query in queries.captured_queries] == ["BEGIN", "INSERT", "INSERT", "COMMIT"]


@pytest.mark.django_db(transaction=True)
def test_what_a_service_refuses_takes_back_all_of_anothers_transaction() -> None:
    @transactions.atomic
    def make_more() -> None:
        make("Acme")
        make("Barges", then_refuse=True)

    with pytest.raises(errors.Conflict):
        make_more()
    assert not Organization.objects.exists()
