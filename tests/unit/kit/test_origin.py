from contextvars import copy_context

from kit import origin


def test_outside_of_a_request_there_is_no_address() -> None:
    assert copy_context().run(origin.ip) == ""


def test_a_request_comes_from_its_own_address_whatever_came_before() -> None:
    def addresses() -> list[str]:
        found = []
        for address in ("203.0.113.7", "203.0.113.9"):
            origin.begin(ip=address)
            found.append(origin.ip())
        return found

    assert copy_context().run(addresses) == ["203.0.113.7", "203.0.113.9"]
    assert origin.ip() == ""
