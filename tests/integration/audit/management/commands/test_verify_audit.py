import io
import os
import re
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from uuid import UUID

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from apps.audit import selectors, services
from apps.audit.models import Chain, Entry
from apps.audit.rules import Scope
from apps.organizations.models import Organization
from kit import ids
from tests.trails import unguarded

LENGTH = 5


def write(length: int = LENGTH) -> Scope:
    """Write an organization's chain."""
    scope = Scope.organization(ids.new_id())
    with transaction.atomic():
        for number in range(length):
            changes = {"name": (f"Name {number}", f"Name {number + 1}")}
            services.record(
                scope=scope, by=None, action="thing.done", target=Organization(id=scope.id), changes=changes
            )
    return scope


def verify(*options: str) -> tuple[bool, str]:
    """Return whether all is well, and what was said of it."""
    said = io.StringIO()
    try:
        call_command("verify_audit", *options, stdout=said)
    except CommandError as error:
        return False, f"{said.getvalue()}{error}"
    return True, said.getvalue()


def tamper(sql: str, scope: Scope) -> None:
    with unguarded(), connection.cursor() as cursor:
        cursor.execute(sql.format(chain=f"chain_id = '{scope.id}'", head=f"id = '{scope.id}'"))


# The place is filled in at once, the chain later.
INSERT = (
    "INSERT INTO audit_entry SELECT gen_random_uuid(), chain_id, {}, hash, hash, created_at, action, actor_type,"
    " actor_id, impersonator_id, target_type, target_id, changes, ip, request_id FROM audit_entry"
    " WHERE {{chain}} AND sequence = 5"
)
DEEDS = {
    "UPDATE audit_entry SET changes = '{{}}' WHERE {chain} AND sequence = 3": ["3 (ID): altered: its content"],
    "UPDATE audit_entry SET actor_id = gen_random_uuid() WHERE {chain} AND sequence = 1": ["1 (ID): altered"],
    "UPDATE audit_entry SET created_at = created_at + interval '1 us' WHERE {chain} AND sequence = 5": [
        "5 (ID): altered"
    ],
    "UPDATE audit_entry SET hash = sha256('x') WHERE {chain} AND sequence = 3": ["3 (ID): altered"],
    "UPDATE audit_entry SET previous_hash = sha256('x') WHERE {chain} AND sequence = 3": ["3 (ID): altered: its link"],
    "DELETE FROM audit_entry WHERE {chain} AND sequence = 3": ["3: missing"],
    "DELETE FROM audit_entry WHERE {chain} AND sequence = 1": ["1: missing"],
    "DELETE FROM audit_entry WHERE {chain} AND sequence = 5": ["5: missing"],
    "DELETE FROM audit_entry WHERE {chain} AND sequence > 2": ["3: missing, and all up to 5 with it"],
    "DELETE FROM audit_entry WHERE {chain}": ["1: missing, and all up to 5 with it"],
    "DELETE FROM audit_chain WHERE {head}": ["0: missing: the head"],
    "UPDATE audit_chain SET length = 4 WHERE {head}": ["5 (ID): inserted"],
    "UPDATE audit_chain SET hash = sha256('x') WHERE {head}": ["5 (ID): rewritten"],
    "UPDATE audit_entry SET sequence = -sequence WHERE {chain} AND sequence IN (2, 4);"
    "UPDATE audit_entry SET sequence = 6 + sequence WHERE {chain} AND sequence < 0": [
        "2 (ID): altered",
        "4 (ID): altered",
    ],
    INSERT.format(6): ["6 (ID): altered", "6 (ID): inserted"],
    INSERT.format(0): ["0 (ID): inserted"],
}


def test_what_was_written_holds() -> None:
    write()
    write()
    assert verify() == (True, "2 chains hold.\n")


@pytest.mark.parametrize("sql", DEEDS)
def test_what_was_tampered_with_is_named(sql: str) -> None:
    write()
    scope = write()
    write()
    tamper(sql, scope)
    is_well, said = verify()
    assert not is_well
    told = [re.sub(r"id [0-9a-f-]{36}", "ID", line) for line in said.splitlines()[:-1]]
    name = "chain" if "audit_chain WHERE" in sql and "DELETE" in sql else "organization"
    assert len(told) == len(DEEDS[sql])
    for line, expected in zip(told, DEEDS[sql], strict=True):
        assert line.startswith(f"{name} {scope.id}: entry {expected}")


def test_the_altered_entry_is_named_by_its_id() -> None:
    scope = write()
    altered = Entry.objects.get(chain_id=scope.id, sequence=2)
    tamper("UPDATE audit_entry SET action = 'thing.undone' WHERE {chain} AND sequence = 2", scope)
    assert f"entry 2 (id {altered.id}): altered" in verify()[1]


def test_one_organization_is_verified_alone() -> None:
    broken, sound = write(), write()
    tamper("DELETE FROM audit_entry WHERE {chain} AND sequence = 2", broken)
    last = bytes(Chain.objects.get(id=sound.id).hash).hex()
    assert verify("--organization", str(sound.id)) == (
        True,
        f"organization {sound.id}: 5 entries, the last hash is {last}\n1 chains hold.\n",
    )
    assert not verify("--organization", str(broken.id))[0]


def test_an_organization_without_a_log_is_told() -> None:
    is_well, said = verify("--organization", str(ids.new_id()))
    assert not is_well
    assert "missing: the head of the chain" in said


@pytest.mark.parametrize("batch", [1, 2, LENGTH - 1, LENGTH, LENGTH + 1])
def test_it_does_not_matter_how_large_a_batch_is(monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    monkeypatch.setattr(selectors, "BATCH", batch)
    scope = write()
    assert verify()[0]
    tamper("DELETE FROM audit_entry WHERE {chain} AND sequence = 3", scope)
    assert "entry 3: missing" in verify()[1]


def test_what_is_appended_meanwhile_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    scope = write()
    get_head, late = selectors.get_head, iter([True, True])

    def appending(**given: UUID) -> object:
        found = get_head(**given)
        if next(late, False):
            with transaction.atomic():
                services.record(scope=scope, by=None, action="thing.done", target=Organization(), changes={})
        return found

    monkeypatch.setattr(selectors, "get_head", appending)
    assert list(selectors.list_faults(chain_id=scope.id)) == []
    assert Chain.objects.get().length == LENGTH + 2


def peak_of(work: Callable[[], object]) -> int:
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_a_chain_ten_times_as_long_takes_the_same_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selectors, "BATCH", 50)
    short, long = (str(write(length).id) for length in (100, 1000))
    verify("--organization", short)
    peaks = [peak_of(lambda chain=chain: verify("--organization", chain)) for chain in (short, long)]  # type: ignore[misc]  # mypy cannot type the default
    assert peaks[1] < 1.5 * peaks[0]


@pytest.mark.django_db(transaction=True)
def test_the_exit_code_tells() -> None:
    scope = write()
    command = [sys.executable, "manage.py", "verify_audit"]
    environment = {
        **os.environ,
        "POSTGRES_DB": connection.settings_dict["NAME"],
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }

    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False
        )

    assert run().returncode == 0
    tamper("UPDATE audit_entry SET action = 'thing.undone' WHERE {chain} AND sequence = 2", scope)
    done = run()
    assert done.returncode == 1
    assert "entry 2" in done.stdout
    assert "1 faults in 1 chains" in done.stderr
