from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.organizations.models import Membership
from apps.organizations.serializers import MembershipSerializer
from kit.api.renderers import JSONRenderer
from tests.cast import Cast, assemble
from tests.clients import client_of
from tests.factories.organizations import MembershipFactory


def members(cast: Cast) -> str:
    return f"/api/v1/organizations/{cast.acme.id}/members"


def as_serialized(*memberships: Membership) -> list[bytes]:
    return [JSONRenderer().render(MembershipSerializer(each).data) for each in memberships]


def test_a_list_answers_the_bytes_that_its_serializer_makes() -> None:
    cast = assemble()
    MembershipFactory.create_batch(3, organization=cast.acme)
    newest_first = Membership.objects.filter(organization=cast.acme).order_by("-id")
    answer = client_of(cast.alice).get(members(cast))
    assert answer.content.startswith(b'{"data":[' + b",".join(as_serialized(*newest_first)) + b"],")


def test_a_row_answers_the_bytes_that_its_serializer_makes() -> None:
    cast = assemble()
    bobs = Membership.objects.get(user=cast.bob)
    answer = client_of(cast.alice).get(f"{members(cast)}/{bobs.id}")
    assert [answer.content] == as_serialized(bobs)


@pytest.mark.parametrize(
    ("most", "path"),
    [
        (2, members),
        (2, lambda cast: f"{members(cast)}/{Membership.objects.get(user=cast.bob).id}"),
        (2, lambda cast: f"/api/v1/organizations/{cast.acme.id}"),
        (2, lambda _cast: "/api/v1/organizations"),
        (2, lambda _cast: "/api/v1/users/me"),
    ],
)
def test_a_read_takes_two_queries(most: int, path: Callable[[Cast], str]) -> None:
    cast = assemble()
    client, address = client_of(cast.alice), path(cast)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    assert len(queries) <= most


def test_a_write_takes_six_statements_and_the_two_of_its_transaction() -> None:
    client = client_of(assemble().alice)
    with CaptureQueriesContext(connection) as queries:
        assert client.post("/api/v1/organizations", {"name": "Acme"}, format="json").status_code == 201
    assert len([query for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]) == 6


def test_an_answer_to_a_form_leaves_nothing_for_the_next() -> None:
    client = client_of(assemble().alice)
    for _ in range(2):
        refused = client.post("/api/v1/organizations", {"name": ""}, format="json")
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "name")
        made = client.post("/api/v1/organizations", {"name": "Acme"}, format="json")
        assert (made.status_code, made.json()["name"]) == (201, "Acme")
