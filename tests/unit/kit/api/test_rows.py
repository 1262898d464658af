import uuid
from collections.abc import Callable
from datetime import UTC, timedelta, timezone
from typing import Any

import pytest
from django.db import models
from django.test.utils import isolate_apps
from hypothesis import given, settings
from hypothesis import strategies as st
from rest_framework import serializers

from kit.api import rows
from kit.api.renderers import JSONRenderer
from kit.models import UpdatedAtField

with isolate_apps("kit"):

    class Harbour(models.Model):  # noqa: DJ008  # it is never shown
        id = models.UUIDField(primary_key=True)
        name = models.CharField(max_length=9)

        class Meta:
            app_label = "kit"

    class Ship(models.Model):  # noqa: DJ008  # so here
        id = models.UUIDField(primary_key=True)
        home = models.ForeignKey(Harbour, models.PROTECT, related_name="+")
        refuge = models.ForeignKey(Harbour, models.PROTECT, related_name="+", null=True)
        name = models.CharField(max_length=9)
        log = models.TextField(null=True)  # noqa: DJ001  # null is what is tested
        mail = models.EmailField()
        slug = models.SlugField()
        site = models.URLField()
        kind = models.CharField(max_length=9, choices=[("brig", "Brig"), ("sloop", "Sloop")])
        address = models.GenericIPAddressField(null=True)
        crew = models.IntegerField()
        tons = models.BigIntegerField(null=True)
        speed = models.FloatField()
        price = models.DecimalField(max_digits=12, decimal_places=2, null=True)
        watch = models.DurationField(null=True)
        is_afloat = models.BooleanField(null=True)
        papers = models.JSONField()
        flags = models.JSONField(null=True)
        refits = models.JSONField()
        launched_on = models.DateField(null=True)
        sails_at = models.TimeField(null=True)
        created_at = models.DateTimeField(null=True)
        updated_at = UpdatedAtField()

        class Meta:
            app_label = "kit"


class HarbourSerializer(serializers.ModelSerializer[Harbour]):
    class Meta:
        model = Harbour
        fields = ["name", "id"]


class RefitSerializer(serializers.Serializer[Any]):
    cost = serializers.DecimalField(max_digits=12, decimal_places=2)
    yard = serializers.CharField()


class ShipSerializer(serializers.ModelSerializer[Ship]):
    home = HarbourSerializer(read_only=True)
    shelter = HarbourSerializer(read_only=True, source="refuge")
    home_id: serializers.PrimaryKeyRelatedField[Harbour] = serializers.PrimaryKeyRelatedField(
        source="home", read_only=True
    )
    title = serializers.CharField(source="name")
    secret = serializers.CharField(write_only=True)
    year = serializers.DateTimeField(source="created_at", format="%Y")
    key = serializers.UUIDField(source="id", format="hex")
    cargo = serializers.IntegerField(source="tons")
    flags = serializers.ListField(child=serializers.ChoiceField(choices=["blue", "red"]), allow_null=True)
    refits = serializers.DictField(child=RefitSerializer())

    class Meta:
        model = Ship
        exclude = ["refuge"]


ids = st.uuids()
instants = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=-3, minutes=-30))]))
harbours = st.builds(Harbour, id=ids, name=st.text())
ships = st.builds(
    Ship,
    id=ids,
    home=harbours,
    refuge=st.none() | harbours,
    name=st.text(),
    log=st.none() | st.text(),
    mail=st.emails(),
    slug=st.text(),
    site=st.text(),
    kind=st.sampled_from(["brig", "sloop", "", "a kind of old"]),
    address=st.none() | st.ip_addresses().map(str),
    crew=st.integers(-(2**31), 2**31 - 1),
    tons=st.none() | st.integers(-(2**63), 2**63 - 1),
    speed=st.floats(allow_nan=False, allow_infinity=False),
    price=st.none() | st.decimals(min_value=-(10**9), max_value=10**9, places=2),
    watch=st.none() | st.timedeltas(),
    is_afloat=st.none() | st.booleans(),
    papers=st.dictionaries(st.text(), st.none() | st.integers(-9, 9) | st.lists(st.text())),
    flags=st.none() | st.lists(st.none() | st.sampled_from(["red", "blue", "", "a flag of old"])),
    refits=st.dictionaries(
        st.text(), st.none() | st.fixed_dictionaries({"yard": st.text(), "cost": st.sampled_from(["1.5", "20.00"])})
    ),
    launched_on=st.none() | st.dates(),
    sails_at=st.none() | st.times(),
    created_at=st.none() | instants,
    updated_at=instants,
)


def shape_of(serializer_class: rows.SerializerClass) -> rows.Shape:
    shape = rows.shape_of(serializer_class)
    assert shape
    return shape


# Any: a column is of any type.
def value(instance: Any, path: str) -> Any:
    """Return what the database would answer for the column: instants in UTC, nothing beyond a missing row."""
    for step in path.split("__"):
        instance = getattr(instance, step) if instance is not None else None
    return instance.astimezone(UTC) if hasattr(instance, "astimezone") else instance


@settings(max_examples=150, deadline=None)
@given(ship=ships)
def test_a_row_and_an_instance_become_the_bytes_that_the_serializer_makes(ship: Ship) -> None:
    shape = shape_of(ShipSerializer)
    expected = JSONRenderer().render(ShipSerializer(ship).data)
    row = tuple(value(ship, path) for path in shape.paths)
    assert JSONRenderer().render(shape.of_row(row)) == expected
    assert JSONRenderer().render(shape.of_instance(ship)) == expected


def test_the_first_column_is_the_primary_key_even_where_it_is_not_shown() -> None:
    class Nameplate(serializers.ModelSerializer[Harbour]):
        class Meta:
            model = Harbour
            fields = ["name"]

    assert shape_of(Nameplate).paths == ("id", "name")
    assert shape_of(Nameplate).of_row((uuid.UUID(int=1), "Ystad")) == {"name": "Ystad"}


def test_each_column_is_asked_for_once() -> None:
    paths = shape_of(ShipSerializer).paths
    assert len(paths) == len(set(paths))
    assert {"refuge_id", "refuge__name", "home_id", "home__name"} <= set(paths)
    assert "secret" not in paths


class Upper(serializers.CharField):
    def to_representation(self, value: str) -> str:
        return value.upper()


# Any: fields of every kind.
def with_field(field: Any, model: type[models.Model] = Harbour) -> rows.SerializerClass:
    meta = type("Meta", (), {"model": model, "fields": ["name"]})
    return type("Odd", (serializers.ModelSerializer,), {"name": field, "Meta": meta})


def with_way(name: str, way: Callable[..., object]) -> rows.SerializerClass:
    return type("Odd", (HarbourSerializer,), {name: way})


@pytest.mark.parametrize(
    "serializer_class",
    [
        with_field(serializers.SerializerMethodField(method_name="get_fields")),
        with_field(serializers.ReadOnlyField()),
        with_field(Upper()),
        with_field(serializers.CharField(source="get_name")),
        with_field(serializers.CharField(source="home.name")),
        with_field(serializers.IntegerField()),
        with_field(serializers.ListField(child=serializers.CharField())),
        with_field(serializers.ListField(source="papers", child=Upper()), Ship),
        with_field(serializers.DictField(source="papers", child=HarbourSerializer()), Ship),
        with_field(HarbourSerializer(source="*")),
        with_field(HarbourSerializer(many=True)),
        with_field(serializers.StringRelatedField[Harbour]()),
        with_way("to_representation", lambda _self, _instance: {}),
        with_way("get_fields", lambda _self: {}),
        with_way("__init__", lambda _self, *_args, **_kwargs: None),
        serializers.Serializer,
    ],
    ids=lambda serializer_class: repr(serializer_class)[:60],
)
def test_whatever_shows_more_than_columns_presents_by_itself(serializer_class: rows.SerializerClass) -> None:
    assert rows.shape_of(serializer_class) is None


def test_what_presents_by_itself_is_asked() -> None:
    shouting = with_field(Upper())
    assert rows.present(shouting, Harbour(id=uuid.UUID(int=1), name="Ystad")) == {"name": "YSTAD"}
    assert rows.present(HarbourSerializer, Harbour(id=uuid.UUID(int=1), name="Ystad"))["name"] == "Ystad"
