"""The API document is complete: every operation is named, shown by examples, and tells its errors."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command
from rest_framework.test import APIClient

from kit import errors
from tests.architecture.api import PAGES, PREFIX, Json, Operation, document, operations, resolved, validator, views

CATALOGUE = {refusal.code: refusal for refusal in errors.catalogue()}
OPEN_TO_ALL = {"sign_in", "join_as_new", "decline_invitation"}
ALWAYS = {
    "bad_request",
    "not_acceptable",
    "too_many_requests",
    "internal_error",
    "bad_gateway",
    "unavailable",
    "gateway_timeout",
}
WITH_BODY = {"malformed_json", "invalid", "payload_too_large", "unsupported_media_type"}
WITH_KEY = {"idempotency_key_malformed", "idempotency_key_in_use", "idempotency_key_reused"}
PROBLEM = {"type", "title", "status", "code", "detail", "instance", "request_id", "errors"}
FOREIGN = re.compile(r"""(?:=|\(|import|url)\s*["'(]?\s*(?:https?:)?//([\w.-]+)""")

each_operation = pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.id)


def test_the_document_is_valid_openapi_3_1_without_a_warning(tmp_path: Path) -> None:
    call_command("spectacular", file=str(tmp_path / "api.yaml"), validate=True, fail_on_warn=True)
    assert document()["openapi"].startswith("3.1.")


@pytest.mark.parametrize("route", views())
def test_every_route_of_the_api_begins_with_its_version(route: str) -> None:
    assert route.startswith(PREFIX)


def test_every_route_is_in_the_document() -> None:
    routes = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route): view for route, view in views().items()}
    served = {(route, method.lower()) for route, view in routes.items() for method in view().allowed_methods}
    assert {(operation.path, operation.method) for operation in operations()} == {
        (route, method) for route, method in served if method != "options"
    }


def test_operations_have_names_of_their_own() -> None:
    names = [operation.id for operation in operations()]
    assert len(names) == len(set(names))


@each_operation
def test_an_operation_says_what_it_does(operation: Operation) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)+", operation.id)
    assert re.fullmatch(r"[A-Z].{5,60}[^.]", operation.told["summary"])
    assert operation.told["tags"]


@each_operation
def test_what_is_sent_and_answered_is_shown_by_true_examples(operation: Operation) -> None:
    for body in operation.bodies():
        assert body.get("examples")
        for example in body["examples"].values():
            assert list(validator(body["schema"]).iter_errors(example["value"])) == []


@each_operation
def test_an_answer_without_a_body_is_a_204(operation: Operation) -> None:
    status, answer = operation.success
    assert (status == "204") == (not answer.get("content"))


@each_operation
def test_a_body_is_a_form_that_takes_no_unknown_fields(operation: Operation) -> None:
    for body in operation.told.get("requestBody", {}).get("content", {}).values():
        assert resolved(body["schema"])["additionalProperties"] is False


def expected_codes(operation: Operation) -> set[str]:
    told = operation.told
    has_cursor = any(parameter["name"] == "cursor" for parameter in told.get("parameters", ()))
    takes_key = operation.method != "get" and operation.id not in OPEN_TO_ALL
    return (
        ALWAYS
        | (WITH_KEY if takes_key else set())
        | ({"idempotency_key_required"} if takes_key and operation.method == "post" else set())
        | (WITH_BODY if "requestBody" in told else set())
        | ({"not_authenticated"} if told.get("security") else set())
        | ({"not_found"} if "{" in operation.path else set())
        | ({"invalid", "invalid_cursor"} if has_cursor else set())
    )


@each_operation
def test_an_operation_tells_every_general_error(operation: Operation) -> None:
    assert expected_codes(operation) <= operation.codes <= set(CATALOGUE)


@each_operation
def test_every_error_has_its_response_with_an_example(operation: Operation) -> None:
    shown: dict[str, Json] = {}
    for status, answer in operation.told["responses"].items():
        if status[0] in "45":
            assert list(answer["content"]) == ["application/problem+json"]
            (content,) = answer["content"].values()
            for code, example in content["examples"].items():
                assert validator(content["schema"]).is_valid(example["value"])
                assert (str(CATALOGUE[code].status), code) == (status, example["value"]["code"])
                shown |= {code: example["value"]}
    assert set(shown) == operation.codes


@each_operation
def test_an_operation_tells_the_headers_that_it_takes(operation: Operation) -> None:
    taken = {each["name"]: each for each in operation.told.get("parameters", ()) if each["in"] == "header"}
    assert ("Idempotency-Key" in taken) == (operation.codes >= WITH_KEY)
    assert ("If-Match" in taken) == ("precondition_required" in operation.codes)
    assert ("If-None-Match" in taken) == ("304" in operation.told["responses"])
    if "Idempotency-Key" in taken:
        assert taken["Idempotency-Key"]["required"] == (operation.method == "post")
    assert all(each["description"] for each in taken.values())


@each_operation
def test_an_operation_tells_the_headers_that_it_answers_with(operation: Operation) -> None:
    known = document()["components"]["headers"]
    for answer in operation.told["responses"].values():
        assert {header["$ref"].rpartition("/")[2] for header in answer["headers"].values()} <= set(known)
    assert {"RateLimit", "RateLimit-Policy"} <= set(operation.success[1]["headers"])


def test_an_error_has_exactly_the_members_of_the_one_shape() -> None:
    problem = document()["components"]["schemas"]["Problem"]
    assert set(problem["required"]) == set(problem["properties"]) == PROBLEM
    assert problem["additionalProperties"] is False


def test_only_who_comes_in_needs_no_token() -> None:
    assert {operation.id for operation in operations() if not operation.told.get("security")} == OPEN_TO_ALL


def test_every_refusal_has_a_code_and_a_page_of_its_own() -> None:
    assert len(CATALOGUE) == len(errors.catalogue())
    for code, refusal in CATALOGUE.items():
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", code)
        assert 400 <= refusal.status < 600
        assert refusal.title
        assert refusal.__doc__
        assert refusal.__doc__ != refusal.__base__.__doc__


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_the_documentation_loads_nothing_from_elsewhere(page: str) -> None:
    answer = APIClient().get(page, headers={"accept": "text/html"})
    assert answer.status_code == 200
    assert FOREIGN.findall(answer.text) == []
    assert "'self'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "text", ['<script src="https://cdn.x.test/a.js">', "<link href=//x.test/a>", "@import 'http://x.test'"]
)
def test_what_is_loaded_from_elsewhere_is_found(text: str) -> None:
    assert len(FOREIGN.findall(text)) == 1
