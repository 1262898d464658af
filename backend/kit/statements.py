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
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler
from django.db.models.sql.where import WhereNode

from kit.postgresql.base import DatabaseWrapper

# Any: a column is of any type.
type Row = tuple[Any, ...]
type Column = Field[Any, Any]
type Values = Sequence[object]

KEPT = 500
SIMPLE = frozenset(
    {
        lookups.Exact,
        lookups.GreaterThan,
        lookups.GreaterThanOrEqual,
        lookups.In,
        lookups.IsNull,
        lookups.LessThan,
        lookups.LessThanOrEqual,
        lookups.IntegerGreaterThanOrEqual,
        lookups.IntegerLessThan,
        related_lookups.RelatedExact,
        related_lookups.RelatedIn,
    }
)
# What a filter may change in a query. With anything else changed there is more to it than FROM and WHERE.
FILTERED = frozenset(
    {"alias_map", "alias_refcount", "base_table", "model", "select_related", "table_map", "used_aliases", "where"}
)
UNCHANGED = Query(None)


class Parameter(Expression):
    """Stands in a query for a value that comes later."""

    def __init__(self, name: str, field: Column) -> None:
        super().__init__(output_field=field)
        self.name = name

    # Any: the parameters of an SQL are of any type.
    def as_sql(self, _compiler: SQLCompiler, _connection: object) -> tuple[str, list[Any]]:
        return "%s", [self]


class Statement:
    """A query whose parameters are bound at each call."""

    def __init__(self, build: Callable[[], QuerySet[Any, Row]]) -> None:
        self.build = build
        self.sql = ""

    def rows(self, **values: object) -> list[Row]:
        """Return the rows for these values, one for each `Parameter` by its name."""
        if not self.sql:
            queryset = self.build()
            self.alias = queryset.db
            self.sql, self.parameters, self.convert = _compiled(queryset, cast("DatabaseWrapper", connections[self.alias]))
        bound = [values[each.name] if isinstance(each, Parameter) else each for each in self.parameters]
        return self.convert(_fetched(cast("DatabaseWrapper", connections[self.alias]), self.sql, bound))


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
    def values(self) -> list[object]:
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
    def values(self) -> list[object]:
        return [self.id]

    def of[M: Model, R](self, queryset: QuerySet[M, R]) -> QuerySet[M, R]:
        return queryset.filter(id=self.id)


def rows(queryset: QuerySet[Any], paths: tuple[str, ...], part: Window | One) -> list[Row]:
    """Return the columns `paths` of a part of a queryset, whose SQL is kept when only its values will vary."""
    connection = cast("DatabaseWrapper", connections[queryset.db])
    try:
        found = _shape(queryset.query, connection)
    except EmptyResultSet:
        return []
    if found is None:
        return list(part.of(queryset).values_list(*paths))
    tables, where, values = found
    shape = (queryset.model, paths, part.shape, tables, where)
    if (kept := _kept.get(shape)) is None:
        if len(_kept) >= KEPT:
            _kept.clear()
        kept = _kept[shape] = _compiled(part.of(queryset).values_list(*paths), connection)
    sql, _, convert = kept
    return convert(_fetched(connection, sql, [*values, *part.values]))


type Compiled = tuple[str, list[object], Callable[[list[Row]], list[Row]]]
_kept: dict[object, Compiled] = {}


def _shape(query: Query, connection: DatabaseWrapper) -> tuple[str, str, list[object]] | None:
    """Return the FROM and WHERE of a simple query, and its values; None when there is more to it than that."""
    if not (_is_only_filtered(query) and _is_simple(query.where)):
        return None
    compiler = query.get_compiler(connection=connection)
    query.get_initial_alias()
    tables, table_values = compiler.get_from_clause()
    try:
        where, values = compiler.compile(query.where)
    except FullResultSet:
        where, values = "", []
    return None if table_values else (" ".join(tables), where, list(values))


def _is_only_filtered(query: Query) -> bool:
    return all(
        name in FILTERED or name == "_lookup_joins" or value == getattr(UNCHANGED, name, None)
        for name, value in vars(query).items()
    )


def _is_simple(where: WhereNode) -> bool:
    return all(
        _is_simple(child)
        if isinstance(child, WhereNode)
        else type(child) in SIMPLE and type(child.lhs) is Col and child.rhs_is_direct_value()
        for child in where.children
    )


def _compiled(queryset: QuerySet[Any, Any], connection: DatabaseWrapper) -> Compiled:
    compiler = queryset.query.get_compiler(connection=connection)
    sql, values = compiler.as_sql()
    converters = compiler.get_converters([column[0] for column in compiler.select[: compiler.col_count]])

    def converted(found: list[Row]) -> list[Row]:
        return [tuple(row) for row in compiler.apply_converters(found, converters)] if converters else found

    return sql, list(values), converted


def _fetched(connection: DatabaseWrapper, sql: str, values: Values) -> list[Row]:
    # Raw SQL: Django wrote it; only so can a statement be prepared, which saves PostgreSQL the planning.
    with connection.preparing_cursor() as cursor:
        cursor.execute(sql, values)
        return cast("list[Row]", cursor.fetchall())
