"""Every list is paged, walks an index, and asks the same few queries however many rows it shows."""

import re
from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from tests.architecture import crowd
from tests.architecture.api import Json, Operation, operations, resolved, views
from tests.clients import client_of

# What stands in the route of each list; a new list needs its line here, and its rows in crowd.py.
CASES: dict[str, Callable[[], dict[str, object]]] = {
    "/api/v1/organizations": dict,
    "/api/v1/organizations/<uuid:organization_id>/api-keys": crowd.acme,
    "/api/v1/organizations/<uuid:organization_id>/audit": crowd.audited,
    "/api/v1/organizations/<uuid:organization_id>/invitations": crowd.acme,
    "/api/v1/organizations/<uuid:organization_id>/members": crowd.acme,
    "/api/v1/sessions": dict,
}
# Staff leaf through these by limit and offset.
TABLES = {"/api/v1/admin/impersonations", "/api/v1/admin/organizations", "/api/v1/admin/users"}
# For each filter of a list a value that few of its rows have.
FILTERS: dict[str, Callable[[], dict[str, str]]] = {
    "/api/v1/organizations/<uuid:organization_id>/audit": crowd.rare_facts,
}
# Small static enumerations that are served whole, and why.
UNPAGED: dict[str, str] = {}
PAGE = {"data", "next", "previous", "has_more"}
TABLE = {"data", "limit", "offset", "total", "is_total_exact"}
MOST_QUERIES = 2
MOST_QUERIES_OF_A_TABLE = 3
MEMBERS_OF_A_TABLE = 30
ROWS = 10
MOST_DISCARDED = 10 * ROWS

SLOW = (
    "SELECT * FROM users_user WHERE name = 'Nobody'",
    "SELECT * FROM organizations_membership ORDER BY role LIMIT 50",
    "SELECT * FROM users_user WHERE name = 'Nobody' ORDER BY id LIMIT 1",
)

each_list = pytest.mark.parametrize("route", CASES)
each_table = pytest.mark.parametrize("route", sorted(TABLES))


def answers_with_many(operation: Operation) -> bool:
    schemas = (resolved(content["schema"]) for content in operation.success[1].get("content", {}).values())
    return any("array" in str(schema.get("type")) or "data" in schema.get("properties", {}) for schema in schemas)


LISTS = [operation for operation in operations() if operation.method == "get" and answers_with_many(operation)]


def test_every_list_has_its_case() -> None:
    paged = {route for route, view in views().items() if hasattr(view, "get") and hasattr(view, "pagination_class")}
    assert paged == set(CASES) | TABLES
    routes = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route) for route in paged}
    assert routes | set(UNPAGED) == {operation.path for operation in LISTS}


@pytest.mark.parametrize("operation", LISTS, ids=lambda operation: operation.id)
def test_a_list_is_paged_in_the_one_shape(operation: Operation) -> None:
    page = resolved(operation.success[1]["content"]["application/json"]["schema"])
    limit = next(parameter["schema"] for parameter in operation.told["parameters"] if parameter["name"] == "limit")
    members = TABLE if operation.path in TABLES else PAGE
    assert operation.path in UNPAGED or set(page["required"]) == set(page["properties"]) == members
    assert limit["maximum"] <= 200


@pytest.fixture
def newest(db: None) -> APIClient:  # noqa: ARG001  # a fixture may need another's work alone
    return client_of(crowd.gather())


def address(route: str) -> str:
    given = CASES[route]()
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(given[found[1]]), route)


def page(client: APIClient, address: str, **query: str | int) -> Json:
    answer = client.get(address, query)
    assert answer.status_code == 200
    found: Json = answer.json()
    return found


def plans_of(queries: CaptureQueriesContext) -> Iterator[Json]:
    with connection.cursor() as cursor:
        for query in queries.captured_queries:
            # Raw SQL: there is no other way to the plan of a query as it was sent.
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {query['sql']}")
            for (found,) in cursor.fetchall():
                yield from nodes_of(found[0]["Plan"])


def nodes_of(plan: Json) -> Iterator[Json]:
    yield plan
    for inner in plan.get("Plans", ()):
        yield from nodes_of(inner)


def slow_steps(queries: CaptureQueriesContext) -> list[Json]:
    """Return the steps that read a whole table, sort, or read far more rows than they pass on."""
    return [
        node
        for node in plans_of(queries)
        if node["Node Type"] in {"Seq Scan", "Sort"}
        or node.get("Rows Removed by Filter", 0) * node["Actual Loops"] > MOST_DISCARDED
    ]


@each_list
def test_every_page_of_a_list_walks_an_index(newest: APIClient, route: str) -> None:
    where = address(route)
    with CaptureQueriesContext(connection) as queries:
        first = page(newest, where, limit=ROWS)
        second = page(newest, where, limit=ROWS, cursor=first["next"])
        page(newest, where, limit=ROWS, cursor=second["previous"])
    assert len(queries) >= 3
    assert slow_steps(queries) == []


@pytest.mark.parametrize("route", FILTERS)
def test_every_filter_of_a_list_has_an_index(newest: APIClient, route: str) -> None:
    where = address(route)
    for name, value in FILTERS[route]().items():
        with CaptureQueriesContext(connection) as queries:
            first = page(newest, where, limit=ROWS, **{name: value})
            page(newest, where, limit=ROWS, cursor=first["next"], **{name: value})
        assert len(first["data"]) == ROWS, name
        assert slow_steps(queries) == [], name


@pytest.mark.usefixtures("newest")
def test_every_filter_in_the_document_has_its_case() -> None:
    told = {
        operation.path: {parameter["name"] for parameter in operation.told["parameters"] if parameter["in"] == "query"}
        for operation in LISTS
    }
    filters = {path: names - {"limit", "cursor", "offset"} for path, names in told.items()}
    cases = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route): set(values()) for route, values in FILTERS.items()}
    assert {path: names for path, names in filters.items() if names} == cases


@pytest.mark.usefixtures("newest")
def test_a_slow_step_is_found() -> None:
    for sql in SLOW:
        with CaptureQueriesContext(connection) as queries, connection.cursor() as cursor:
            cursor.execute(sql)
        assert slow_steps(queries), sql


@each_list
def test_twice_the_rows_take_the_same_few_queries(newest: APIClient, route: str) -> None:
    where = address(route)
    with CaptureQueriesContext(connection) as of_half:
        half = page(newest, where, limit=ROWS)
    with CaptureQueriesContext(connection) as of_all:
        whole = page(newest, where, limit=2 * ROWS)
    assert (len(half["data"]), len(whole["data"])) == (ROWS, 2 * ROWS)
    assert len(of_half) == len(of_all) <= MOST_QUERIES


@each_list
@pytest.mark.django_db
def test_a_page_is_never_longer_than_allowed(route: str) -> None:
    client = client_of(crowd.few())
    assert client.get(address(route), {"limit": 200}).status_code == 200
    assert client.get(address(route), {"limit": 201}).status_code == 400


@each_table
def test_every_page_of_a_table_walks_an_index_as_far_as_it_must(newest: APIClient, route: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        first = page(newest, route, limit=ROWS)
        page(newest, route, limit=ROWS, offset=ROWS)
    assert first["total"] >= MEMBERS_OF_A_TABLE
    with connection.cursor() as cursor:
        # On a few thousand rows to read and sort them all may look as cheap as to walk an index: is there one to walk?
        cursor.execute("SET LOCAL enable_sort = off; SET LOCAL enable_seqscan = off")
    assert slow_steps(queries) == []


@each_table
def test_twice_the_rows_of_a_table_take_the_same_few_queries(newest: APIClient, route: str) -> None:
    with CaptureQueriesContext(connection) as of_half:
        half = page(newest, route, limit=ROWS)
    with CaptureQueriesContext(connection) as of_all:
        whole = page(newest, route, limit=2 * ROWS)
    assert (len(half["data"]), len(whole["data"])) == (ROWS, 2 * ROWS)
    assert len(of_half) == len(of_all) <= MOST_QUERIES_OF_A_TABLE


def test_an_operation_that_leafs_by_offset_is_for_staff() -> None:
    leafing = {operation.path for operation in LISTS if "offset" in str(operation.told["parameters"])}
    assert leafing == TABLES
