import threading
from collections import Counter
from collections.abc import Callable
from unittest.mock import Mock

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.idempotency import services
from apps.idempotency.models import IdempotencyKey
from apps.organizations.models import Membership, Organization
from apps.organizations.rules import Role
from apps.organizations.views import OrganizationsView
from apps.users.rules import new_token
from tests.architecture.api import Operation, operation, operations, resolved
from tests.cast import Cast, assemble, membership_of
from tests.clients import assert_refused, bearing, client_of, client_of_key
from tests.factories.organizations import MembershipFactory
from tests.factories.users import SessionFactory, UserFactory
from tests.memory import everything, unchanged
from tests.operations import Call, good, staff

ORGANIZATIONS = "/api/v1/organizations"


def shows_token(operation: Operation) -> bool:
    answers = operation.success[1].get("content", {}).values()
    return any("token" in resolved(content["schema"]).get("properties", {}) for content in answers)


KEYED = [each.id for each in operations() if "idempotency_key_malformed" in each.codes]
REQUIRED = [each.id for each in operations() if "idempotency_key_required" in each.codes]
# Whose retry does not come to its answer: the token, and with it the caller, is gone.
ENDS_ITSELF = {"sign_out"}

# A token that an answer shows stands nowhere else.
SECRETS = [name for name in KEYED if shows_token(operation(name))]

each_keyed = pytest.mark.parametrize("name", KEYED)


def call(name: str) -> tuple[Cast, Call]:
    cast = assemble()
    return cast, good(name, cast)


def test_every_unsafe_operation_takes_a_key_and_every_post_needs_one() -> None:
    unsafe = {each.id: each.method for each in operations() if each.told.get("security")}
    assert set(KEYED) == {name for name, method in unsafe.items() if method != "get"}
    assert set(REQUIRED) == {name for name, method in unsafe.items() if method == "post"}


@each_keyed
def test_the_same_request_again_has_no_second_effect_and_the_same_answer(name: str) -> None:
    _, request = call(name)
    request.saying(idempotency_key='"retry-1"')
    first = request.send()
    assert first.status_code < 300
    assert "Idempotency-Replayed" not in first
    with unchanged():
        again = request.send()
    if name in ENDS_ITSELF:
        assert_refused(again, 401, "not_authenticated")
    else:
        assert (again.status_code, again.content) == (first.status_code, first.content)
        assert again["Idempotency-Replayed"] == "true"
        assert again.get("ETag") == first.get("ETag")
        assert again.get("Content-Type") == first.get("Content-Type")


@each_keyed
@pytest.mark.parametrize("header", ["", '""', "a b", '"open', "x" * 256, "é"])
def test_a_malformed_key_is_refused_before_anything_is_done(name: str, header: str) -> None:
    _, request = call(name)
    with unchanged():
        assert_refused(request.saying(idempotency_key=header).send(), 400, "idempotency_key_malformed")


@pytest.mark.parametrize("name", REQUIRED)
def test_a_post_without_a_key_is_refused_before_anything_is_done(name: str) -> None:
    _, request = call(name)
    with unchanged():
        assert_refused(request.carelessly().send(), 400, "idempotency_key_required")


@pytest.mark.parametrize("header", ["retry-1", '"retry-1"', ' "retry-1" ', '"' + "x" * 255 + '"', "x" * 255])
def test_a_key_may_be_quoted_or_bare(header: str) -> None:
    _, request = call("create_organization")
    assert request.saying(idempotency_key=header).send().status_code == 201


def test_quotes_belong_to_no_key() -> None:
    _, request = call("create_organization")
    first = request.saying(idempotency_key='"retry-1"').send()
    assert request.saying(idempotency_key="retry-1").send().content == first.content
    assert Organization.objects.filter(name="Barges").count() == 1


def test_one_key_is_for_one_body_one_method_and_one_address() -> None:
    cast, request = call("update_organization")
    request.saying(idempotency_key="retry-1").send()
    path, client = request.path, request.client
    with unchanged():
        answers = [
            request.send(data={"name": "Another"}),
            request.send(data='{"name" : "Acme Ltd"}', content_type="application/json"),
            client.delete(f"{path}/members/{Membership.objects.get(user=cast.bob).id}", headers=request.headers),
            client.patch(f"{path}?x=1", {"name": "Acme Ltd"}, headers=request.headers),
        ]
    for answer in answers:
        assert_refused(answer, 422, "idempotency_key_reused")


def test_a_refusal_leaves_the_key_free() -> None:
    _, request = call("create_organization")
    request.saying(idempotency_key="retry-1")
    with unchanged():
        assert_refused(request.send(data={"name": ""}), 400, "invalid")
        assert_refused(request.send(data="{", content_type="application/json"), 400, "malformed_json")
    assert request.send().status_code == 201


def test_a_mistake_of_ours_leaves_the_key_free(monkeypatch: pytest.MonkeyPatch) -> None:
    _, request = call("create_organization")
    request.saying(idempotency_key="retry-1")
    with monkeypatch.context() as patch, unchanged():
        patch.setattr(services, "keep_answer", Mock(side_effect=ZeroDivisionError))
        assert_refused(request.send(), 500, "internal_error")
    assert request.send().status_code == 201
    assert Organization.objects.filter(name="Barges").count() == 1


def test_the_same_key_of_another_person_or_organization_is_another_key() -> None:
    cast = assemble()
    MembershipFactory.create(user=cast.alice, organization=cast.charters, role=Role.ADMIN)
    names = [
        client_of(who).patch(f"{ORGANIZATIONS}/{where.id}", {"name": "New"}, headers={"Idempotency-Key": "retry-1"})
        for who, where in ((cast.alice, cast.acme), (cast.alice, cast.charters), (cast.charlie, cast.charters))
    ]
    made = client_of(cast.bob).post(ORGANIZATIONS, {"name": "New"}, headers={"Idempotency-Key": "retry-1"})
    assert [answer.status_code for answer in (*names, made)] == [200, 200, 200, 201]
    assert not any("Idempotency-Replayed" in answer for answer in (*names, made))
    assert IdempotencyKey.objects.count() == 4


def test_who_is_out_gets_no_answer_from_before() -> None:
    cast = assemble()
    admin = MembershipFactory.create(organization=cast.acme, role=Role.ADMIN)
    request = Call(
        client_of(admin.user),
        good("update_organization", cast).operation,
        f"{ORGANIZATIONS}/{cast.acme.id}",
        {"name": "A"},
    )
    assert request.saying(idempotency_key="retry-1").send().status_code == 200
    admin.delete()
    assert_refused(request.send(), 404, "not_found")


def test_a_key_of_an_api_key_is_not_its_creators_nor_anothers() -> None:
    cast = assemble()
    path, headers = f"{ORGANIZATIONS}/{cast.acme.id}", {"Idempotency-Key": "retry-1"}
    clients = [client_of(cast.alice), *(client_of_key(membership_of(cast.alice)) for _ in range(2))]
    for number, client in enumerate(clients):
        answers = [client.patch(path, {"name": f"Name {number}"}, headers=headers) for _ in range(2)]
        assert [(answer.status_code, "Idempotency-Replayed" in answer) for answer in answers] == [
            (200, False),
            (200, True),
        ]


def test_staff_in_somebodys_name_hear_nothing_of_what_that_person_asked() -> None:
    cast = assemble()
    token = new_token()
    SessionFactory.create(user=cast.alice, impersonator=staff(), token=token)
    headers = {"Idempotency-Key": "retry-1"}
    for client in (client_of(cast.alice), bearing(token)):
        answer = client.post(ORGANIZATIONS, {"name": "Barges"}, headers=headers)
        assert (answer.status_code, "Idempotency-Replayed" in answer) == (201, False)
    assert Organization.objects.filter(name="Barges").count() == 2


def test_every_answer_that_shows_a_token_is_sealed() -> None:
    assert set(SECRETS) == {
        "create_api_key",
        "create_invitation",
        "impersonate_user",
        "resend_invitation",
        "rotate_api_key",
    }


@pytest.mark.parametrize("name", SECRETS)
def test_a_token_that_was_shown_is_kept_sealed_and_shown_again_to_the_same_caller_alone(name: str) -> None:
    cast, request = call(name)
    request.saying(idempotency_key="retry-1")
    first = request.send()
    kept = bytes(IdempotencyKey.objects.get().body)
    assert first.json()["token"].encode() not in kept
    assert first.json()["token"] not in repr(everything())
    with unchanged():
        again = request.send()
    assert (again.status_code, again.content) == (first.status_code, first.content)
    request.client = client_of(request.caller or cast.alice)
    with unchanged():
        assert_refused(request.send(), 422, "idempotency_key_reused")


@pytest.fixture
def secret_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(OrganizationsView, "secret_methods", frozenset({"POST"}))


@pytest.mark.usefixtures("secret_answers")
def test_an_answer_with_a_secret_is_kept_sealed_and_shown_to_the_same_token_alone() -> None:
    alice = UserFactory.create()
    here, there = client_of(alice), client_of(alice)
    headers = {"Idempotency-Key": "retry-1"}
    first = here.post(ORGANIZATIONS, {"name": "Barges"}, headers=headers)
    assert b"Barges" not in bytes(IdempotencyKey.objects.get().body)
    assert here.post(ORGANIZATIONS, {"name": "Barges"}, headers=headers).content == first.content
    with unchanged():
        assert_refused(there.post(ORGANIZATIONS, {"name": "Barges"}, headers=headers), 422, "idempotency_key_reused")


@pytest.mark.django_db(transaction=True)
def test_a_key_costs_two_statements_and_no_savepoint() -> None:
    alice = client_of(UserFactory.create())
    with CaptureQueriesContext(connection) as queries:
        assert alice.post(ORGANIZATIONS, {"name": "Barges"}).status_code == 201
    words = [query["sql"].split()[0] for query in queries.captured_queries]
    # Who asks; then the claim, the organization, its owner, the trace, the answer.
    assert words == ["SELECT", "BEGIN", "INSERT", "INSERT", "INSERT", "WITH", "UPDATE", "COMMIT"]


def copies(count: int, send: Callable[[], int]) -> Counter[int]:
    """Send at the same moment, and count the statuses of the answers."""
    statuses: list[int] = []
    start = threading.Barrier(count)

    def run() -> None:
        start.wait()
        try:
            statuses.append(send())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(statuses)


@pytest.mark.django_db(transaction=True)
def test_sixty_four_copies_at_the_same_moment_make_one_thing() -> None:
    token = client_of(UserFactory.create()).token

    def send() -> int:
        answer = bearing(token).post(ORGANIZATIONS, {"name": "Barges"}, headers={"Idempotency-Key": "retry-1"})
        return int(answer.status_code)

    found = copies(64, send)
    assert set(found) <= {201, 409}
    assert found[201] >= 1
    assert send() == 201
    assert Organization.objects.count() == 1
    assert len(everything()["idempotency.IdempotencyKey"]) == 1


@pytest.mark.django_db(transaction=True)
def test_while_the_first_is_running_the_second_is_told_to_wait() -> None:
    alice = client_of(UserFactory.create())
    headers = {"Idempotency-Key": "retry-1"}
    answers = []
    original = OrganizationsView.post

    def meanwhile(view: OrganizationsView, request: object) -> object:
        def ask() -> None:
            try:
                answers.append(alice.post(ORGANIZATIONS, {"name": "Barges"}, headers=headers))
            finally:
                connection.close()

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(OrganizationsView, "post", original)
            thread = threading.Thread(target=ask)
            thread.start()
            thread.join()
        return original(view, request)  # type: ignore[arg-type]  # the request at hand

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(OrganizationsView, "post", meanwhile)
        first = alice.post(ORGANIZATIONS, {"name": "Barges"}, headers=headers)
    (second,) = answers
    assert first.status_code == 201
    assert_refused(second, 409, "idempotency_key_in_use")
    assert second["Retry-After"] == "1"
    assert Organization.objects.count() == 1
