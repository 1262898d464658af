"""How does a row become JSON with no object in between? As its `ModelSerializer` says, compiled once a process.

A serializer is read once: which columns it shows, and under which names. Where each of its fields would only pass on
what the database holds, two functions are made that write the very same JSON: one takes a row of these columns, the
other an instance. A serializer with any other field, or a method of its own, is not compiled: it presents by itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from rest_framework import ISO_8601, relations, serializers
from rest_framework.settings import api_settings

# Any, here and below: a row has values of any type, and so has JSON.
type Json = dict[str, Any]
type Field = serializers.Field[Any, Any, Any, Any]
type Column = models.Field[Any, Any]
type SerializerClass = type[serializers.BaseSerializer[Any]]

# orjson writes what these model fields hold just as the field of the serializer would.
AS_STORED: dict[type[Field], set[str]] = {
    serializers.BooleanField: {"BooleanField"},
    serializers.CharField: {"CharField", "TextField"},
    serializers.ChoiceField: {"CharField"},
    serializers.DateField: {"DateField"},
    serializers.DateTimeField: {"DateTimeField"},
    serializers.EmailField: {"CharField"},
    serializers.FloatField: {"FloatField"},
    serializers.IntegerField: {
        "BigIntegerField",
        "IntegerField",
        "PositiveIntegerField",
        "PositiveSmallIntegerField",
        "SmallIntegerField",
    },
    serializers.IPAddressField: {"GenericIPAddressField"},
    serializers.JSONField: {"JSONField"},
    serializers.SlugField: {"SlugField"},
    serializers.URLField: {"CharField"},
    serializers.UUIDField: {"UUIDField"},
}
# These have to write the value themselves, and ask for nothing else. (orjson drops zeros of a time's fraction.)
BY_ITSELF = {serializers.BigIntegerField, serializers.DecimalField, serializers.DurationField, serializers.TimeField}
# What a column of JSON holds, they write member by member.
COMPOSED = {serializers.DictField, serializers.ListField}
FORMATS = {
    serializers.DateField: "DATE_FORMAT",
    serializers.DateTimeField: "DATETIME_FORMAT",
}
# Whoever writes one of these has a representation of their own in mind.
OWN_WAYS = ("__init__", "__new__", "fields", "get_fields", "_readable_fields", "to_representation", "get_attribute")


class NotCompilable(Exception):
    """The serializer shows more than columns."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a serializer shows: the columns to select, and how a row of them, or an instance, becomes JSON."""

    paths: tuple[str, ...]
    of_row: Callable[[tuple[Any, ...]], Json]
    of_instance: Callable[[models.Model], Json]


def present(serializer_class: SerializerClass, instance: models.Model) -> Json:
    """Return `instance` as the serializer shows it."""
    shape = shape_of(serializer_class)
    shown: Json = shape.of_instance(instance) if shape else serializer_class(instance).data
    return shown


def shape_of(serializer_class: SerializerClass) -> Shape | None:
    """Return what the serializer shows, or None when it has to be asked itself, row by row.

    The first column is the primary key, whether it is shown or not.
    """
    if serializer_class not in _shapes:
        _shapes[serializer_class] = _shape(serializer_class)
    return _shapes[serializer_class]


_shapes: dict[SerializerClass, Shape | None] = {}


def _shape(serializer_class: SerializerClass) -> Shape | None:
    places: dict[str, int] = {}
    try:
        model, _ = _fields(serializer_class)
        places[model._meta.pk.attname] = 0
        of_row = _compiled(serializer_class, lambda path: f"it[{places.setdefault('__'.join(path), len(places))}]")
        of_instance = _compiled(serializer_class, lambda path: ".".join(("it", *path)), write_instants=_in_utc)
    except NotCompilable:
        return None
    return Shape(tuple(places), of_row, of_instance)


type Source = Callable[[tuple[str, ...]], str]
type Writer = Callable[[Any], Any]


def _compiled(
    serializer_class: SerializerClass, source: Source, *, write_instants: Writer | None = None
) -> Callable[[Any], Json]:
    """Return the function that makes the JSON of `it`, where `source` writes the Python that reads a path of it."""
    writers: dict[str, Writer] = {}

    def written(field: Field, path: tuple[str, ...]) -> str:
        write = _writer(field) or (write_instants if isinstance(field, serializers.DateTimeField) else None)
        if write is None:
            return source(path)
        name = f"write_{len(writers)}"
        writers[name] = write
        return f"(None if {source(path)} is None else {name}({source(path)}))"

    def shown(serializer_class: SerializerClass, path: tuple[str, ...]) -> str:
        model, fields = _fields(serializer_class)
        members = []
        for name, field in fields.items():
            column = _column(model, field)
            if isinstance(field, serializers.BaseSerializer):
                value = shown(type(field), (*path, column.name))
                if column.null:
                    value = f"(None if {source((*path, column.attname))} is None else {value})"
            else:
                value = written(field, (*path, column.attname))
            members.append(f"{name!r}: {value}")
        return f"{{{', '.join(members)}}}"

    function: Callable[[Any], Json] = eval(f"lambda it: {shown(serializer_class, ())}", writers)  # noqa: S307  # our own names
    return function


def _fields(serializer_class: SerializerClass) -> tuple[type[models.Model], dict[str, Field]]:
    """Return what a serializer shows, as long as it leaves showing to Django REST Framework."""
    if not issubclass(serializer_class, serializers.ModelSerializer):
        raise NotCompilable(serializer_class)
    if any(getattr(serializer_class, way) is not getattr(serializers.ModelSerializer, way) for way in OWN_WAYS):
        raise NotCompilable(serializer_class)
    fields = serializer_class().fields.items()
    return serializer_class.Meta.model, {name: field for name, field in fields if not field.write_only}


def _column(model: type[models.Model], field: Field) -> Column:
    """Return the column that a field shows, as long as it shows it as it is."""
    try:
        column = model._meta.get_field(field.source or "")
    except FieldDoesNotExist as error:
        raise NotCompilable(field) from error
    if not isinstance(column, models.Field) or not column.concrete:
        raise NotCompilable(field)
    if isinstance(field, serializers.ModelSerializer):
        is_known = column.related_model is field.Meta.model
    elif type(field) is relations.PrimaryKeyRelatedField:
        is_known = column.is_relation and field.pk_field is None
    elif type(field) in COMPOSED:
        is_known = column.get_internal_type() == "JSONField" and _asks_for_nothing(field)
    else:
        is_known = type(field) in BY_ITSELF or column.get_internal_type() in AS_STORED.get(type(field), ())
    if not is_known:
        raise NotCompilable(field)
    return column


def _asks_for_nothing(field: Field) -> bool:
    """Tell whether a field needs nothing but a value to write it: neither the request nor a query."""
    if isinstance(field, serializers.DictField | serializers.ListField):
        return type(field) in COMPOSED and _asks_for_nothing(field.child)
    if isinstance(field, serializers.Serializer):
        is_plain = all(getattr(type(field), way) is getattr(serializers.Serializer, way) for way in OWN_WAYS)
        return is_plain and all(_asks_for_nothing(each) for each in field.fields.values())
    return type(field) in AS_STORED or type(field) in BY_ITSELF


def _writer(field: Field) -> Writer | None:
    """Return what writes the value of a field, where orjson would not write it the same way."""
    if type(field) in BY_ITSELF | COMPOSED or _has_a_format(field):
        return field.to_representation
    return None


def _has_a_format(field: Field) -> bool:
    match field:
        case serializers.UUIDField():
            return bool(field.uuid_format != "hex_verbose")
        case serializers.DateField() | serializers.DateTimeField():
            return bool(getattr(field, "format", getattr(api_settings, FORMATS[type(field)])) != ISO_8601)
        case serializers.ChoiceField():
            return not all(isinstance(choice, str) for choice in field.choices)
        case serializers.JSONField():
            return bool(field.binary)
    return False


def _in_utc(at: datetime) -> datetime:
    # What was read is in UTC; what an instance was given may not be.
    return at.astimezone(UTC)
