import pytest

from kit import transactions


def test_without_a_connection_no_transaction_is_open() -> None:
    assert not transactions.is_open()
    transactions.require_none("Calling somebody")


def test_what_belongs_to_a_transaction_is_refused_without_one() -> None:
    with pytest.raises(RuntimeError, match="Recording outside of a database transaction"):
        transactions.require_one("Recording")
