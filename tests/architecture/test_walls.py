"""The walls around tests stand: unit tests reach nothing, and a query for each row fails its test."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from apps.organizations import selectors
from apps.organizations.models import Membership
from kit.api import rows
from tests.architecture.sources import BACKEND, ROOT
from tests.cast import assemble
from tests.clients import client_of

REACHES_OUT = """
import socket
import pytest
from apps.users.models import User
from django.core.cache import cache
from pytest_socket import SocketBlockedError

blocked = pytest.raises((SocketBlockedError, UserWarning), match="A test tried to use socket")

def test_a_socket():
    with blocked:
        socket.create_connection(("127.0.0.1", 9))

def test_the_cache():
    with blocked:
        cache.get("x")

def test_the_database():
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        User.objects.exists()

def test_it_later():
    pytest.skip("no time")
"""
ASKS_FOR_THE_DATABASE = """
import pytest

@pytest.mark.django_db
def test_it():
    pass
"""


def run_as_unit_test(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    """Run a file as if it stood in tests/unit."""
    unit = folder / "tests" / "unit"
    unit.mkdir(parents=True)
    for path in ("pytest.ini", "tests/conftest.py", "tests/settings.py", "tests/unit/conftest.py"):
        shutil.copy(ROOT / path, folder / path)
    (unit / "test_probe.py").write_text(text)
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "DJANGO"))}
    environment = {**clean, "PYTHONPATH": f"{folder}:{ROOT}:{BACKEND}"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/unit"]
    return subprocess.run(command, check=False, cwd=folder, env=environment, capture_output=True, text=True)


def test_a_unit_test_reaches_neither_socket_nor_cache_nor_database_and_skips_nothing(tmp_path: Path) -> None:
    done = run_as_unit_test(tmp_path, REACHES_OUT)
    assert "1 failed, 3 passed" in done.stdout, done.stdout
    assert "Unexpected skip" in done.stdout


def test_a_unit_test_that_asks_for_the_database_is_told_where_it_belongs(tmp_path: Path) -> None:
    done = run_as_unit_test(tmp_path, ASKS_FOR_THE_DATABASE)
    assert done.returncode != 0
    assert "it belongs in tests/integration" in done.stdout + done.stderr


@pytest.mark.django_db
@pytest.mark.parametrize(("joined", "status"), [(["user", "organization"], 200), (["organization"], 500)])
def test_a_query_for_each_row_fails_the_request(
    monkeypatch: pytest.MonkeyPatch, joined: list[str], status: int
) -> None:
    cast = assemble()
    members = Membership.objects.filter(organization=cast.acme).select_related(*joined)
    monkeypatch.setattr(
        selectors, "list_members", lambda *, actor: members.filter(organization_id=actor.organization_id)
    )
    # What is compiled takes one query whatever is joined; the wall is for what is not.
    monkeypatch.setattr(rows, "shape_of", lambda _serializer: None)
    client = client_of(cast.alice)
    assert client.get(f"/api/v1/organizations/{cast.acme.id}/members").status_code == status
