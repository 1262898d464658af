import pytest
import structlog
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404
from rest_framework import exceptions, serializers

from kit import errors
from kit.api.errors import body, refusal_of

MEMBERS = ["type", "title", "status", "code", "detail", "instance", "request_id", "errors"]


class PartSerializer(serializers.Serializer[None]):
    name = serializers.CharField()
    sizes = serializers.ListField(child=serializers.IntegerField(min_value=1), required=False)


class OrderSerializer(serializers.Serializer[None]):
    title = serializers.CharField(max_length=5)
    parts = PartSerializer(many=True)
    tags = serializers.DictField(child=serializers.IntegerField(), required=False)

    def validate(self, attrs: dict[str, object]) -> dict[str, object]:
        if attrs["title"] == "no":
            raise serializers.ValidationError("Not today.", code="closed")
        return attrs


def found(**given: object) -> list[tuple[str, str]]:
    serializer = OrderSerializer(data=given)
    with pytest.raises(exceptions.ValidationError) as raised:
        serializer.is_valid(raise_exception=True)
    return [(error.field, error.code) for error in refusal_of(raised.value).errors]


def test_each_wrong_field_has_a_row() -> None:
    assert found(title="far too long") == [("title", "max_length"), ("parts", "required")]


def test_a_field_of_an_element_of_a_list_is_named_by_its_path() -> None:
    assert found(title="a", parts=[{"name": "x"}, {"name": ""}]) == [("parts.1.name", "blank")]


def test_an_element_of_a_list_within_a_list_is_named_by_its_path() -> None:
    assert found(title="a", parts=[{"name": "x", "sizes": [1, 0, "z"]}]) == [
        ("parts.0.sizes.1", "min_value"),
        ("parts.0.sizes.2", "invalid"),
    ]


def test_a_list_of_mistakes_that_a_validator_made_itself_is_numbered_too() -> None:
    error = exceptions.ValidationError({"parts": [{}, {"name": ["Too short."]}]})
    assert [each.field for each in refusal_of(error).errors] == ["parts.1.name"]


def test_an_entry_of_a_dictionary_is_named_by_its_key() -> None:
    assert found(title="a", parts=[], tags={"red": "x"}) == [("tags.red", "invalid")]


def test_a_mistake_of_a_list_itself_is_named_after_the_list() -> None:
    assert found(title="a", parts="x") == [("parts", "not_a_list")]


def test_a_mistake_of_the_whole_body_names_no_field() -> None:
    assert found(title="no", parts=[]) == [("", "closed")]


def test_a_field_named_message_is_not_taken_for_a_message() -> None:
    error = exceptions.ValidationError({"message": ["Too short."], "code": ["Unknown."]}, code="invalid")
    assert [each.field for each in refusal_of(error).errors] == ["message", "code"]


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (errors.Conflict("Taken."), errors.Conflict),
        (Http404(), errors.NotFound),
        (PermissionDenied(), errors.PermissionDenied),
        (SuspiciousOperation(), errors.BadRequest),
        (DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes"), errors.BadRequest),
        (DataError("integer out of range"), errors.InternalError),
        (exceptions.ParseError(), errors.MalformedJson),
        (exceptions.NotAuthenticated(), errors.NotAuthenticated),
        (exceptions.AuthenticationFailed(), errors.NotAuthenticated),
        (exceptions.PermissionDenied(), errors.PermissionDenied),
        (exceptions.NotFound(), errors.NotFound),
        (exceptions.MethodNotAllowed("PUT"), errors.MethodNotAllowed),
        (exceptions.NotAcceptable(), errors.NotAcceptable),
        (exceptions.UnsupportedMediaType("text/plain"), errors.UnsupportedMediaType),
        (exceptions.Throttled(wait=3), errors.TooManyRequests),
        (OperationalError(), errors.Unavailable),
        (InterfaceError(), errors.Unavailable),
        (ZeroDivisionError(), errors.InternalError),
    ],
)
def test_every_exception_means_a_refusal(error: Exception, expected: type[errors.Refusal]) -> None:
    assert type(refusal_of(error)) is expected


@pytest.mark.parametrize(("wait", "seconds"), [(0.2, "1"), (3.0, "3"), (3.1, "4"), (None, "1")])
def test_a_throttled_caller_is_told_to_wait_whole_seconds(wait: float | None, seconds: str) -> None:
    assert refusal_of(exceptions.Throttled(wait=wait)).sent_headers["Retry-After"] == seconds


def test_what_nobody_foresaw_tells_the_caller_nothing() -> None:
    refusal = refusal_of(RuntimeError("password=hunter2"))
    assert "hunter2" not in str(body(refusal, "/"))


def test_a_problem_document_has_exactly_these_members() -> None:
    with structlog.contextvars.bound_contextvars(request_id="r-12345678"):
        document = body(errors.Invalid(errors=[errors.FieldError("name", "blank", "Say it.")]), "/api/v1/things")
    assert list(document) == MEMBERS
    assert document["type"] == "/api/errors#invalid"
    assert document["instance"] == "/api/v1/things"
    assert document["request_id"] == "r-12345678"
    assert document["errors"] == [{"field": "name", "code": "blank", "detail": "Say it."}]
