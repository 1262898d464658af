import json
import uuid
from collections import OrderedDict
from datetime import UTC, datetime
from decimal import Decimal
from types import MappingProxyType

import pytest
from rest_framework.exceptions import ErrorDetail
from rest_framework.serializers import Serializer
from rest_framework.utils.serializer_helpers import ReturnDict, ReturnList

from apps.organizations.rules import Role
from kit.api.renderers import JSONRenderer


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"a": [1, 2.5, None, True]}, {"a": [1, 2.5, None, True]}),
        (OrderedDict(b=1, a=2), {"b": 1, "a": 2}),
        (MappingProxyType({"a": 1}), {"a": 1}),
        (ReturnDict({"a": 1}, serializer=Serializer()), {"a": 1}),
        (ReturnList([1], serializer=Serializer()), [1]),
        (ErrorDetail("Wrong.", code="wrong"), "Wrong."),
        (Role.OWNER, "owner"),
        (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (Decimal("1.10"), "1.10"),
        (datetime(2026, 1, 5, 9, tzinfo=UTC), "2026-01-05T09:00:00Z"),
        ("Zoë", "Zoë"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_serializers_return_becomes_json(value: object, expected: object) -> None:
    assert json.loads(JSONRenderer().render(value)) == expected


def test_no_content_is_no_byte() -> None:
    assert JSONRenderer().render(None) == b""
