"""How is a query asked that differs only in its values? Django writes its SQL once a process; the values are bound.

Building a query and its SQL costs Django several times what PostgreSQL needs to answer it by an index.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, cast
from uuid import UUID

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import connections
from django.db.models import Expression, Field, Model, QuerySet, lookups
from django.db.models.expressions import Col
from django.db.models.fields import related_lookups
from django.db.models.sql import InsertQuery, Query
from django.db.models.sql.compiler import SQLCompiler
from django.db.models.sql.where import WhereNode

from kit.postgresql.base import DatabaseWrapper

# Any, here and below: a column is of any type, and so is a value.
type Row = tuple[Any, ...]
type Column = Field[Any, Any]

KEPT = 500
SIMPLE = {
    lookups.Exact,
    lookups.GreaterThan,
    lookups.GreaterThanOrEqual,
    lookups.In,
    lookups.IsNull,
    lookups.LessThan,
    lookups.LessThanOrEqual,
    related_lookups.RelatedExact,
    related_lookups.RelatedIn,
}
# What a filter may change in a query. With anything else changed there is more to it than FROM and WHERE.
FILTERED = {
    "_lookup_joins", "alias_map", "alias_refcount", "base_table", "model", "select_related", "table_map",
    "used_aliases", "where",
}  # fmt: skip
UNCHANGED = Query(None)


class Parameter(Expression):
    """Stands in a query for a value that comes later."""

    def __init__(self, name: str, field: Column) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, _compiler: SQLCompiler, _connection: object) -> tuple[str, Any]:
        return "%s", (self,)


@dataclass(frozen=True, slots=True)
class Compiled:
    """The SQL of a query, its parameters in order, and what makes Python's values of PostgreSQL's."""

    sql: str
    parameters: tuple[Any, ...]
    convert: Callable[[list[Row]], list[Row]]

    def rows(self, connection: DatabaseWrapper, values: Sequence[Any]) -> list[Row]:
        # Raw SQL: Django wrote it; only so can a statement be prepared, which saves PostgreSQL the planning.
        with connection.preparing_cursor() as cursor:
            cursor.execute(self.sql, values)
            return self.convert(cursor.fetchall())


class Statement:
    """A query of one shape for good; its values are given at each call."""

    def __init__(self, build: Callable[[], QuerySet[Any, Row]]) -> None:
        self.build = build
        self.compiled: Compiled | None = None

    def rows(self, **values: object) -> list[Row]:
        """Return the rows for these values, one for each `Parameter` by its name."""
        connection = _connection("default")
        if self.compiled is None:
            self.compiled = _compile(self.build(), connection)
        bound = [values[each.name] if isinstance(each, Parameter) else each for each in self.compiled.parameters]
        return self.compiled.rows(connection, bound)


@dataclass(frozen=True, slots=True)
class Window:
    """Which rows of a list: at most `most`, newest first from below `position`, or backward from above it."""

    most: int
    position: UUID | None = None
    is_backward: bool = False

    @property
    def shape(self) -> object:
        return self.most, self.position is None, self.is_backward

    @property
    def values(self) -> list[Any]:
        return [] if self.position is None else [self.position]

    def of[M: Model, R](self, queryset: QuerySet[M, R]) -> QuerySet[M, R]:
        queryset = queryset.order_by("id" if self.is_backward else "-id")
        if self.position is not None:
            queryset = queryset.filter(**{"id__gt" if self.is_backward else "id__lt": self.position})
        return queryset[: self.most]


@dataclass(frozen=True, slots=True)
class One:
    """The row of a list that has this id."""

    id: UUID
    shape: ClassVar[object] = "one"

    @property
    def values(self) -> list[Any]:
        return [self.id]

    def of[M: Model, R](self, queryset: QuerySet[M, R]) -> QuerySet[M, R]:
        return queryset.filter(id=self.id)


def rows(queryset: QuerySet[Any], paths: tuple[str, ...], part: Window | One) -> list[Row]:
    """Return the columns `paths` of a part of a queryset, by SQL that is kept when only its values can vary.

    FROM and WHERE are written anew each time, and are the key by which the rest is found: two queries that differ in
    anything but their values never share their SQL.
    """
    connection = _connection(queryset.db)
    if not _is_simple(queryset.query):
        return list(part.of(queryset).values_list(*paths))
    try:
        tables, where, values = _filtered(queryset.query, connection)
    except EmptyResultSet:
        return []
    shape = (queryset.model, paths, part.shape, tables, where)
    if (found := _kept.get(shape)) is None:
        if len(_kept) >= KEPT:
            _kept.clear()
        found = _kept[shape] = _compile(part.of(queryset).values_list(*paths), connection)
    return found.rows(connection, [*values, *part.values])


def insert(instance: Model, fields: Sequence[Column], using: str) -> bool:
    """Insert an instance, and tell whether that was done.

    It is left to Django when one of the values is PostgreSQL's to work out, and under another backend than ours.
    """
    connection = connections[using]
    if not isinstance(connection, DatabaseWrapper):
        return False
    values = [field.pre_save(instance, True) for field in fields]
    if any(hasattr(value, "resolve_expression") for value in values):
        return False
    if (found := _kept.get((model := type(instance), *fields))) is None:
        query = InsertQuery(model)
        query.insert_values(fields, [instance])
        ((sql, _),) = query.get_compiler(connection=connection).as_sql()
        found = _kept[(model, *fields)] = Compiled(sql, (), list)
    with connection.preparing_cursor() as cursor:
        # Raw SQL: as above.
        prepared = [field.get_db_prep_save(value, connection) for field, value in zip(fields, values, strict=True)]
        cursor.execute(found.sql, prepared)
    return True


_kept: dict[object, Compiled] = {}


def _connection(alias: str) -> DatabaseWrapper:
    return cast("DatabaseWrapper", connections[alias])


def _is_simple(query: Query) -> bool:
    """Tell whether the query is a model's, filtered by comparing columns to values, and nothing else."""
    return _compares(query.where) and all(
        name in FILTERED or value == getattr(UNCHANGED, name, None) for name, value in vars(query).items()
    )


def _compares(where: WhereNode) -> bool:
    # Any: the stubs do not know what a condition consists of.
    children: list[Any] = where.children
    return all(
        _compares(child)
        if isinstance(child, WhereNode)
        else type(child) in SIMPLE and type(child.lhs) is Col and child.rhs_is_direct_value()
        for child in children
    )


def _filtered(query: Query, connection: DatabaseWrapper) -> tuple[str, str, Sequence[Any]]:
    """Return the FROM and the WHERE of a query, and the values in the latter.

    :raises EmptyResultSet: when no row can match.
    """
    compiler = query.get_compiler(connection=connection)
    query.get_initial_alias()
    tables, _ = compiler.get_from_clause()
    try:
        where, values = compiler.compile(query.where)
    except FullResultSet:
        where, values = "", ()
    return " ".join(tables), where, values


def _compile(queryset: QuerySet[Any, Row], connection: DatabaseWrapper) -> Compiled:
    compiler = queryset.query.get_compiler(connection=connection)
    sql, parameters = compiler.as_sql()
    converters = compiler.get_converters([column[0] for column in compiler.select])

    def convert(found: list[Row]) -> list[Row]:
        return [tuple(row) for row in compiler.apply_converters(found, converters)] if converters else found

    return Compiled(sql, tuple(parameters), convert)
