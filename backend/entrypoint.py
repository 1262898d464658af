"""Where every process of the backend begins: wait for PostgreSQL and Redis, then become the role that was asked for.

    python entrypoint.py backend|worker|beat|migrate
    python entrypoint.py manage <arguments of manage.py>

It imports nothing of Django, so that waiting costs little and the role starts the moment the stores answer.
"""

import json
import os
import re
import socket
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import psycopg

PAUSE_SECONDS = 0.15
CONNECT_TIMEOUT_SECONDS = 2
SECONDS_BETWEEN_REPORTS = 5
# libpq gives no code for a refused sign-in, only the server's sentence.
REFUSALS = ("password authentication failed", "does not exist", "no pg_hba.conf entry", "no password supplied")

SOURCES = [str(folder) for folder in map(Path, ("apps", "clients", "config", "kit")) if folder.is_dir()]

type Environment = Mapping[str, str]


class NotYet(Exception):
    """The store does not answer; it may a moment later."""


class Refused(Exception):
    """Waiting longer would change nothing."""


def main(arguments: list[str], environment: Environment) -> None:
    try:
        command = command_of(arguments, environment)
        deadline = time.monotonic() + float(environment.get("STARTUP_TIMEOUT_SECONDS") or 60)
        wait_for(check_postgresql, environment, deadline)
        if arguments[0] != "migrate":
            wait_for(check_redis, environment, deadline)
    except Refused as refusal:
        report("critical", str(refusal))
        sys.exit(1)
    os.execv(sys.executable, [sys.executable, *command])


def command_of(arguments: list[str], environment: Environment) -> list[str]:
    celery = ["-m", "celery", "--app", "config", "--quiet"]
    loglevel = f"--loglevel={environment.get('LOG_LEVEL') or 'info'}"
    concurrency = f"--concurrency={environment.get('WORKER_CONCURRENCY') or 2}"
    # Workers need not know of each other, and asking around costs a second of each start.
    worker = [*celery, "worker", loglevel, concurrency, "--without-mingle", "--without-gossip"]
    match arguments:
        case ["backend"]:
            return ["-m", "gunicorn", "config.wsgi:application"]
        case ["worker"] if environment.get("RELOAD") == "1":
            return ["-m", "watchfiles", "--filter", "python", " ".join([sys.executable, *worker]), *SOURCES]
        case ["worker"]:
            return worker
        case ["beat"]:
            return [*celery, "beat", loglevel, "--pidfile="]
        case ["migrate"]:
            return ["manage.py", "migrate_once"]
        case ["manage", *rest]:
            return ["manage.py", *rest]
        case _:
            asked = " ".join(arguments) or "nothing"
            raise Refused(f"entrypoint.py knows backend, worker, beat, migrate and manage; it was asked for {asked}.")


def wait_for(check: Callable[[Environment], None], environment: Environment, deadline: float) -> None:
    started = time.monotonic()
    next_report = started + SECONDS_BETWEEN_REPORTS
    while True:
        try:
            return check(environment)
        except NotYet as reason:
            now = time.monotonic()
            if now >= deadline:
                raise Refused(f"{reason} Gave up after {now - started:.0f} s (STARTUP_TIMEOUT_SECONDS).") from reason
            if now >= next_report:
                report("info", f"waiting since {now - started:.0f} s: {reason}")
                next_report = now + SECONDS_BETWEEN_REPORTS
            time.sleep(PAUSE_SECONDS)


def check_postgresql(environment: Environment) -> None:
    host, port = address(environment, "POSTGRES", 5432)
    user, database = environment.get("POSTGRES_USER") or "slipway", environment.get("POSTGRES_DB") or "slipway"
    password = secret(environment, "POSTGRES_PASSWORD")
    try:
        psycopg.connect(
            host=host,
            port=port,
            user=user,
            dbname=database,
            password=password,
            connect_timeout=CONNECT_TIMEOUT_SECONDS,
        ).close()
    except psycopg.OperationalError as error:
        said = re.search(r"(?:FATAL:|failed:)\s+(?!FATAL|connection to)(.+)", str(error))
        reason = said[1] if said else str(error).strip().splitlines()[0]
        if any(refusal in reason for refusal in REFUSALS):
            raise Refused(
                f"PostgreSQL at {host}:{port} refuses user {user} for database {database}: {reason}. "
                "Check POSTGRES_USER, POSTGRES_PASSWORD and POSTGRES_DB; "
                "stored data keep the password they were created with."
            ) from error
        raise NotYet(
            f"PostgreSQL does not answer at {host}:{port} ({reason}). Start it, or set POSTGRES_HOST and POSTGRES_PORT."
        ) from error


def check_redis(environment: Environment) -> None:
    host, port = address(environment, "REDIS", 6379)
    password = secret(environment, "REDIS_PASSWORD")
    request = f"*2\r\n$4\r\nAUTH\r\n${len(password.encode())}\r\n{password}\r\nPING\r\n"
    try:
        with socket.create_connection((host, port), CONNECT_TIMEOUT_SECONDS) as connection:
            connection.sendall(request.encode())
            answer = connection.recv(1024)
            while answer.count(b"\r\n") < 2 and (more := connection.recv(1024)):
                answer += more
    except OSError as error:
        raise NotYet(
            f"Redis does not answer at {host}:{port} ({error}). Start it, or set REDIS_HOST and REDIS_PORT."
        ) from error
    if b"-WRONGPASS" in answer or b"-NOAUTH" in answer or b"-ERR AUTH" in answer:
        raise Refused(f"Redis at {host}:{port} refuses the password. Check REDIS_PASSWORD.")
    if b"+PONG" not in answer:
        raise NotYet(f"Redis at {host}:{port} is not ready ({answer.decode(errors='replace').strip()}).")


def address(environment: Environment, name: str, port: int) -> tuple[str, int]:
    host = environment.get(f"{name}_HOST")
    if not host:
        raise Refused(f"{name}_HOST is not set: name the host of the store.")
    return host, int(environment.get(f"{name}_PORT") or port)


def secret(environment: Environment, name: str) -> str:
    value, file = environment.get(name), environment.get(f"{name}_FILE")
    if value and file:
        raise Refused(f"Both {name} and {name}_FILE are set: keep one of them.")
    try:
        value = Path(file).read_text().strip() if file else value
    except OSError as error:
        raise Refused(f"{name}_FILE names {file}, which cannot be read: {error.strerror}.") from error
    if not value:
        raise Refused(f"{name} is not set: `make up` writes one into .env; elsewhere set {name} or {name}_FILE.")
    return value


def report(level: str, event: str) -> None:
    timestamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    line = {"timestamp": timestamp, "level": level, "logger": "entrypoint", "event": event}
    print(json.dumps(line, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:], os.environ)
