import itertools
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Lower
from django.db.models.lookups import Exact
from django.test.utils import CaptureQueriesContext

from apps.organizations.models import Membership, Organization
from apps.organizations.rules import Role
from apps.users.models import Session
from kit import clock, ids, statements
from kit.statements import One, Window
from tests.cast import Cast, assemble
from tests.factories.organizations import MembershipFactory, OrganizationFactory
from tests.factories.users import SessionFactory

PATHS = ("id", "role", "user__email", "organization__name")

# Any: the stubs give each queryset a type of its own.
type Members = QuerySet[Membership, Any]

SIMPLE: dict[str, Callable[[Cast], Members]] = {
    "all": lambda _cast: Membership.objects.all(),
    "by organization": lambda cast: Membership.objects.filter(organization_id=cast.acme.id),
    "by an instance": lambda cast: Membership.objects.filter(organization=cast.acme),
    "joined": lambda cast: Membership.objects.filter(user=cast.bob).select_related("user", "organization"),
    "by a joined column": lambda _cast: Membership.objects.filter(user__email="bob@slipway.test"),
    "by a column joined many times": lambda cast: Membership.objects.filter(organization__memberships__user=cast.bob),
    "in": lambda _cast: Membership.objects.filter(role__in=[Role.OWNER, Role.ADMIN]),
    "in none": lambda _cast: Membership.objects.filter(role__in=[]),
    "none": lambda _cast: Membership.objects.none(),
    "excluded": lambda _cast: Membership.objects.exclude(role=Role.OWNER),
    "one or the other": lambda cast: Membership.objects.filter(Q(user=cast.bob) | Q(role=Role.OWNER)),
}
OTHER: dict[str, Callable[[Cast], Members]] = {
    "annotated": lambda _cast: Membership.objects.annotate(one=Value(1)).filter(one=1),
    "compared to a column": lambda _cast: Membership.objects.filter(created_at__lte=F("updated_at")),
    "by a function": lambda _cast: Membership.objects.filter(Exact(Lower("user__email"), "bob@slipway.test")),
    "by a pattern": lambda _cast: Membership.objects.filter(user__email__startswith="bob"),
    "by a subquery": lambda _cast: Membership.objects.filter(user__in=Membership.objects.values("user")),
    "ordered": lambda _cast: Membership.objects.order_by("role"),
    "reversed": lambda _cast: Membership.objects.order_by("id").reverse(),
    "distinct": lambda _cast: Membership.objects.distinct(),
    "only": lambda _cast: Membership.objects.only("role"),
}

each = pytest.mark.parametrize("name", [*SIMPLE, *OTHER])


def windows(position: UUID) -> list[Window]:
    return [
        Window(most, place, is_backward)
        for most, place, is_backward in itertools.product((2, 50), (None, position), (False, True))
    ]


@each
def test_the_rows_are_those_of_the_queryset(name: str) -> None:
    cast = assemble()
    build = (SIMPLE | OTHER)[name]
    middle = MembershipFactory.create(organization=cast.acme).id
    MembershipFactory.create_batch(2, organization=cast.acme)
    # Twice: once while the SQL is written, once when it is known.
    parts: list[Window | One] = [*windows(middle), One(middle), One(ids.new_id())]
    for part in parts * 2:
        expected = list(part.of(build(cast)).values_list(*PATHS))
        assert statements.rows(build(cast), PATHS, part) == expected


def kept_by(build: Callable[[], Members]) -> int:
    """Return how many statements more are known after a first and a second asking."""
    before = len(statements._kept)  # noqa: SLF001  # what is kept shows nowhere else
    statements.rows(build(), PATHS, Window(7))
    statements.rows(build(), PATHS, Window(7))
    return len(statements._kept) - before  # noqa: SLF001  # so here


@pytest.mark.parametrize("name", [name for name in SIMPLE if "none" not in name])
def test_the_sql_of_a_simple_query_is_written_once(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "_kept", {})
    cast = assemble()
    assert kept_by(lambda: SIMPLE[name](cast)) == 1


@pytest.mark.parametrize("name", OTHER)
def test_the_sql_of_any_other_query_is_not_kept(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "_kept", {})
    cast = assemble()
    assert kept_by(lambda: OTHER[name](cast)) == 0


def test_queries_that_differ_in_values_alone_share_their_sql(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "_kept", {})
    cast = assemble()
    names = [
        {row[3] for row in statements.rows(Membership.objects.filter(organization=each), PATHS, Window(9))}
        for each in (cast.acme, cast.charters)
    ]
    assert names == [{"Acme"}, {"Charters"}]
    assert kept_by(lambda: Membership.objects.filter(organization=cast.bob.id)) == 1
    assert kept_by(lambda: Membership.objects.filter(organization=cast.acme)) == 0


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "_kept", {})
    monkeypatch.setattr(statements, "KEPT", 3)
    for most in range(1, 9):
        statements.rows(Membership.objects.all(), PATHS, Window(most))
        assert len(statements._kept) <= 3  # noqa: SLF001  # what is kept shows nowhere else


def test_one_query_is_asked_and_shown_with_its_values() -> None:
    cast = assemble()
    with CaptureQueriesContext(connection) as queries:
        statements.rows(Membership.objects.filter(organization=cast.acme), PATHS, Window(5))
    (query,) = queries.captured_queries
    assert cast.acme.id.hex in query["sql"]


def test_what_is_saved_is_inserted_as_django_would() -> None:
    at = datetime(2026, 1, 5, 9, 0, 0, 1, tzinfo=UTC)
    with clock.fixed(at):
        saved = SessionFactory.create(ip=None, device="Zoë's % phone")
    stored = Session.objects.get(id=saved.id)
    assert (stored.device, stored.ip, stored.created_at, stored.updated_at) == ("Zoë's % phone", None, at, at)
    assert not stored._state.adding  # noqa: SLF001  # Django's own mark


def test_a_value_that_postgresql_works_out_is_left_to_django() -> None:
    organization = Organization(name=Lower(Value("ACME")))
    organization.save()
    assert Organization.objects.get(id=organization.id).name == "acme"


def test_an_insert_that_breaks_a_constraint_is_refused_as_ever() -> None:
    cast = assemble()
    with pytest.raises(IntegrityError), transaction.atomic():
        MembershipFactory.create(user=cast.bob, organization=cast.acme)
    with pytest.raises(DataError), transaction.atomic():
        OrganizationFactory.create(name="x" * 201)
