import pytest
from django.test import Client

from tests.factories.audit import ChainFactory, EntryFactory
from tests.factories.users import UserFactory
from tests.memory import unchanged


@pytest.fixture
def staff() -> Client:
    client = Client()
    client.force_login(UserFactory.create(is_staff=True, is_superuser=True))
    return client


def test_staff_read_the_log_and_its_heads(staff: Client) -> None:
    entry, chain = EntryFactory.create(action="thing.done"), ChainFactory.create()
    assert b"thing.done" in staff.get("/admin/audit/entry/").content
    assert str(chain.id).encode() in staff.get("/admin/audit/chain/").content
    assert staff.get(f"/admin/audit/entry/{entry.id}/change/").status_code == 200


def test_not_even_staff_write_to_it(staff: Client) -> None:
    entry = EntryFactory.create()
    with unchanged():
        for path in ("add/", f"{entry.id}/change/", f"{entry.id}/delete/"):
            assert staff.post(f"/admin/audit/entry/{path}", {"post": "yes"}).status_code == 403
