import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection

BACKEND = settings.BASE_DIR
PENDING = """
from django.db import migrations

class Migration(migrations.Migration):
    operations = [migrations.RunSQL("ALTER TABLE users_user ADD COLUMN nickname text")]
"""
SETTINGS = """
from config.settings import *
MIGRATION_MODULES = {"seeds": "pending"}
"""


def connected(database: str) -> psycopg.Connection:
    at = connection.settings_dict
    return psycopg.connect(
        host=at["HOST"], port=at["PORT"], user=at["USER"], password=at["PASSWORD"], dbname=database, autocommit=True
    )


@pytest.fixture
def empty_database() -> Iterator[str]:
    """A database that nobody migrated yet."""
    name = f"{connection.settings_dict['NAME']}_empty"
    with connected("postgres") as postgres:
        postgres.execute(f"DROP DATABASE IF EXISTS {name}")
        postgres.execute(f"CREATE DATABASE {name}")
        yield name
        postgres.execute(f"DROP DATABASE {name} WITH (FORCE)")


def migrate(database: str, *path: Path, module: str = "config.settings") -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "POSTGRES_DB": database,
        "DJANGO_SETTINGS_MODULE": module,
        "PYTHONPATH": os.pathsep.join(map(str, (BACKEND, *path))),
    }
    command = [sys.executable, "manage.py", "migrate_once"]
    return subprocess.run(
        command, cwd=BACKEND, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def times_of_reads(database: str, held_up: int) -> list[float]:
    """Read until `held_up` reads had to wait for a migration, and return the seconds that each read took."""
    times: list[float] = []
    deadline = time.perf_counter() + 30
    with connected(database) as reader:
        while sum(seconds > 0.1 for seconds in times) < held_up and time.perf_counter() < deadline:
            started = time.perf_counter()
            reader.execute("SELECT count(*) FROM users_user")
            times.append(time.perf_counter() - started)
            time.sleep(0.01)
    return times


def test_two_at_the_same_time_migrate_once(empty_database: str) -> None:
    with ThreadPoolExecutor() as pool:
        first, second = pool.map(migrate, [empty_database] * 2)
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert sorted("No migrations to apply" in done.stdout for done in (first, second)) == [False, True]
    with connected(empty_database) as database:
        twice = database.execute("SELECT app, name FROM django_migrations GROUP BY 1, 2 HAVING count(*) > 1")
        assert twice.fetchall() == []
    third = migrate(empty_database)
    assert "No migrations to apply" in third.stdout


def test_it_gives_way_to_a_long_reader_and_holds_up_nobody(empty_database: str, tmp_path: Path) -> None:
    (tmp_path / "pending").mkdir()
    (tmp_path / "pending/0001_nickname.py").write_text(PENDING)
    (tmp_path / "pending/__init__.py").touch()
    (tmp_path / "slow_settings.py").write_text(SETTINGS)
    assert migrate(empty_database).returncode == 0
    with ThreadPoolExecutor() as pool, connected(empty_database) as long_reader:
        with long_reader.transaction():
            long_reader.execute("SELECT count(*) FROM users_user")
            migrating = pool.submit(migrate, empty_database, tmp_path, module="slow_settings")
            assert max(times_of_reads(empty_database, held_up=2)) < 1
            assert not migrating.done()
        done = migrating.result()
        assert done.returncode == 0, done.stderr
        assert "gave way to its readers" in done.stdout
        long_reader.execute("SELECT nickname FROM users_user")
