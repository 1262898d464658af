"""Rows become JSON without objects in between, but where a serializer is named here with its reason."""

import importlib
from typing import Any

import pytest
from rest_framework.serializers import ModelSerializer

from kit.api import rows
from tests.architecture.sources import APPS, BACKEND

# Serializers that Django REST Framework presents, row by row, and why.
PRESENT_BY_THEMSELVES = {
    "SessionSerializer": "`is_current` depends on who asks, and such a list has few rows",
}


# Any, here and below: of any model.
def serializer_classes() -> list[type[ModelSerializer[Any]]]:
    rooms = [f"apps.{app}.serializers" for app in APPS if (BACKEND / "apps" / app / "serializers.py").exists()]
    found = [
        value for room in rooms for value in vars(importlib.import_module(room)).values() if isinstance(value, type)
    ]
    return [each for each in found if issubclass(each, ModelSerializer) and each.__module__ in rooms]


@pytest.mark.parametrize("serializer_class", serializer_classes(), ids=lambda each: each.__name__)
def test_a_serializer_is_compiled_or_named(serializer_class: type[ModelSerializer[Any]]) -> None:
    is_compiled = rows.shape_of(serializer_class) is not None
    assert is_compiled == (serializer_class.__name__ not in PRESENT_BY_THEMSELVES)


def test_nothing_is_named_that_is_not_there() -> None:
    assert PRESENT_BY_THEMSELVES.keys() <= {each.__name__ for each in serializer_classes()}
