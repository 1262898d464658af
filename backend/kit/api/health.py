"""Is this process alive, and can it serve? `/livez` looks at nothing, `/readyz` at everything that serving needs."""

from collections.abc import Callable

import orjson
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse

from kit import errors
from kit.api.errors import response


def livez(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(b'{"status":"ok"}', "application/json")


def readyz(request: HttpRequest) -> HttpResponse:
    found = {name: _problem(check) for name, check in CHECKS.items()}
    failed = [errors.FieldError(name, "unavailable", problem) for name, problem in found.items() if problem]
    if failed:
        names = ", ".join(error.field for error in failed)
        return response(request, errors.Unavailable(f"Not ready: {names}.", errors=failed))
    return HttpResponse(
        orjson.dumps({"status": "ok", "checks": dict.fromkeys(found, "ok")}), content_type="application/json"
    )


def _problem(check: Callable[[], str]) -> str:
    try:
        return check()
    except Exception as error:  # noqa: BLE001  # whatever went wrong is the answer
        return str(error).strip().partition("\n")[0] or type(error).__name__


def _postgres() -> str:
    # Raw SQL: the smallest query there is. A query, since only that replaces a connection which broke meanwhile.
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def _redis() -> str:
    cache.get("readyz")
    return ""


_migrated = False


def _migrations() -> str:
    # Migrations never go away under a running process: ask until they are there, then remember.
    global _migrated  # noqa: PLW0603
    if not _migrated:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if pending:
            return f"{len(pending)} migrations are pending. Run the role `migrate`, as `make up` does."
        _migrated = True
    return ""


CHECKS: dict[str, Callable[[], str]] = {"postgres": _postgres, "redis": _redis, "migrations": _migrations}
