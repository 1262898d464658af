import pytest
from django.db import transaction

from kit import transactions


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
