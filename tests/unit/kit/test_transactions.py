from kit import transactions


def test_without_a_connection_no_transaction_is_open() -> None:
    assert not transactions.is_open()
    transactions.require_none("Calling somebody")
