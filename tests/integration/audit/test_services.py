import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, OperationalError, connection, models, transaction
from django.test.utils import CaptureQueriesContext

from apps.audit import rules, services
from apps.audit.models import Chain, Entry
from apps.audit.rules import PLATFORM, Scope
from apps.organizations import selectors as organization_selectors
from apps.organizations import services as organizations
from apps.organizations.models import Membership, Organization
from apps.organizations.rules import Role
from apps.users import services as users
from apps.users.models import Session
from kit import clock, ids, logging, origin
from kit.actor import Actor, Person
from tests.cast import Cast, assemble
from tests.factories.users import UserFactory
from tests.memory import unchanged
from tests.trails import actions, faults

AT = datetime(2026, 1, 5, 9, 30, 0, 123456, tzinfo=UTC)
THREADS, WRITES = 8, 25


def acting(cast: Cast) -> Actor:
    person = Person(user_id=cast.alice.id, session_id=ids.new_id())
    return organization_selectors.get_actor(person=person, organization_id=cast.acme.id)


def note(scope: Scope, action: str = "thing.done") -> None:
    with transaction.atomic():
        services.record(scope=scope, by=None, action=action, target=Organization(id=scope.id), changes={})


def some_scope() -> Scope:
    return Scope.organization(ids.new_id())


def at_once(work: Callable[[int], object], threads: int = THREADS) -> None:
    """Run `work` with the number of its thread, all beginning at the same moment."""
    start = threading.Barrier(threads)

    def run(number: int) -> None:
        try:
            start.wait()
            work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(run, range(threads)))


def test_a_fact_is_kept_with_who_what_where_and_when() -> None:
    scope, session = some_scope(), Session(id=ids.new_id())
    by = Person(user_id=ids.new_id(), session_id=ids.new_id(), impersonator_id=ids.new_id())
    logging.begin(request_id="a-request")
    origin.begin(ip="2001:DB8::7")
    with clock.fixed(AT), transaction.atomic():
        changes = {"role": (Role.MEMBER, Role.ADMIN), "user_id": (None, by.user_id)}
        services.record(scope=scope, by=by, action="session.opened", target=session, changes=changes)
    entry = Entry.objects.get()
    assert (entry.chain_id, entry.sequence, entry.created_at) == (scope.id, 1, AT)
    assert (entry.actor_type, entry.actor_id, entry.impersonator_id) == ("user", by.user_id, by.impersonator_id)
    assert (entry.action, entry.target_type, entry.target_id) == ("session.opened", "session", session.id)
    assert entry.changes == {
        "role": {"before": "member", "after": "admin"},
        "user_id": {"before": None, "after": str(by.user_id)},
    }
    assert (entry.ip, entry.request_id) == ("2001:db8::7", "a-request")
    assert str(entry) == f"session.opened by user {by.user_id}"
    assert faults() == []


def test_what_the_platform_does_itself_has_no_actor() -> None:
    scope = some_scope()
    note(scope)
    entry = Entry.objects.get()
    assert (entry.actor_type, entry.actor_id, entry.ip, entry.request_id) == ("platform", None, None, "")
    assert str(entry) == "thing.done by platform"
    assert str(Chain.objects.get()) == f"organization {scope.id}"


def test_entries_follow_each_other_and_chains_do_not_mix() -> None:
    one, other = some_scope(), Scope.person(ids.new_id())
    for scope in (one, other, one, one, PLATFORM, other):
        note(scope)
    places = Entry.objects.order_by("chain_id", "sequence").values_list("chain_id", "sequence")
    assert list(places) == sorted(
        [(one.id, 1), (one.id, 2), (one.id, 3), (other.id, 1), (other.id, 2), (PLATFORM.id, 1)]
    )
    assert {chain.id: chain.length for chain in Chain.objects.all()} == {one.id: 3, other.id: 2, PLATFORM.id: 1}
    assert faults() == []


def test_what_a_user_may_write_comes_back_as_it_was_hashed() -> None:
    scope = some_scope()
    texts = ["", "é ü 漢字 🚀", '"quoted" \\ back', "line\nbreak\ttab\x1f", "\u2028", "x" * 10_000]
    numbers = [0, -1, 2**63 - 1, -(2**63)]
    with transaction.atomic():
        changes: dict[str, tuple[object, object]] = {f"field {n}": (None, v) for n, v in enumerate([*texts, *numbers])}
        changes |= {"é": (True, False), "list": ([], ["b", "a", None, 1])}
        services.record(scope=scope, by=None, action="thing.done", target=Organization(id=scope.id), changes=changes)
    assert Entry.objects.get().changes["field 1"]["after"] == texts[1]
    assert faults() == []


def test_a_fact_outside_of_its_transaction_is_refused() -> None:
    scope = some_scope()
    with unchanged(), pytest.raises(RuntimeError, match="outside of a database transaction"):
        services.record(scope=scope, by=None, action="thing.done", target=Organization(id=scope.id), changes={})


@pytest.mark.parametrize(
    ("action", "target", "changes", "error"),
    [
        ("done", Organization(), {}, ValueError),
        ("thing.done", Organization(id=None), {}, ValueError),
        ("thing.done", Organization(), {"price": (1.5, 2.5)}, TypeError),
    ],
)
def test_a_fact_that_makes_no_sense_is_refused(
    action: str, target: models.Model, changes: rules.Changes, error: type[Exception]
) -> None:
    with unchanged(), pytest.raises(error), transaction.atomic():
        services.record(scope=some_scope(), by=None, action=action, target=target, changes=changes)


def test_what_is_rolled_back_leaves_no_gap() -> None:
    scope = some_scope()
    note(scope)
    with transaction.atomic():
        note(scope, "thing.lost")
        transaction.set_rollback(True)
    note(scope)
    assert actions(scope.id) == ["thing.done"] * 2
    assert faults() == []


FORBIDDEN = {
    "alter an entry": "UPDATE audit_entry SET action = 'x'",
    "alter no entry": "UPDATE audit_entry SET action = 'x' WHERE false",
    "delete an entry": "DELETE FROM audit_entry",
    "delete a head": "DELETE FROM audit_chain",
    "empty the entries": "ALTER TABLE audit_entry ENABLE TRIGGER audit_entry_truncate; TRUNCATE audit_entry",
    "empty the heads": "ALTER TABLE audit_chain ENABLE TRIGGER audit_chain_truncate; TRUNCATE audit_chain",
    "turn a head back": "UPDATE audit_chain SET length = length - 1",
    "leap ahead": "UPDATE audit_chain SET length = length + 2, previous_hash = hash",
    "cut a link": "UPDATE audit_chain SET length = length + 1, previous_hash = sha256('')",
    "change a hash": "UPDATE audit_chain SET hash = sha256('')",
    "rename a chain": "UPDATE audit_chain SET id = gen_random_uuid(), length = length + 1, previous_hash = hash",
}


@pytest.mark.parametrize("deed", FORBIDDEN)
def test_the_database_itself_refuses_to(deed: str) -> None:
    note(some_scope())
    refused = pytest.raises(IntegrityError, match="The audit log is append-only")
    with unchanged(), refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FORBIDDEN[deed])


def test_a_place_in_a_chain_is_taken_once() -> None:
    note(some_scope())
    entry = Entry.objects.get()
    entry.id = ids.new_id()
    with pytest.raises(IntegrityError, match="audit_entry_sequence_unique"), transaction.atomic():
        entry.save(force_insert=True)


def test_a_chain_is_forgotten_as_a_whole_and_the_platform_remembers_its_end() -> None:
    gone, stays = some_scope(), some_scope()
    for scope in (gone, stays, gone):
        note(scope)
    last = Chain.objects.get(id=gone.id)
    services.forget(scope=gone)
    assert not Chain.objects.filter(id=gone.id).exists()
    assert actions(gone.id) == []
    assert actions(stays.id) == ["thing.done"]
    remembered = Entry.objects.get(chain_id=PLATFORM.id)
    assert (remembered.action, remembered.target_type, remembered.target_id) == ("chain.forgotten", "chain", gone.id)
    assert remembered.changes == {
        "length": {"before": 2, "after": None},
        "hash": {"before": bytes(last.hash).hex(), "after": None},
    }
    assert faults() == []


def test_a_chain_that_began_anew_is_not_deleted_by_the_memory_of_the_old_one() -> None:
    scope = some_scope()
    note(scope)
    services.forget(scope=scope)
    note(scope)
    with unchanged(), pytest.raises(IntegrityError, match="not remembered"), transaction.atomic():
        Chain.objects.filter(id=scope.id).delete()


def test_forgetting_what_never_began_does_nothing() -> None:
    with unchanged():
        services.forget(scope=some_scope())


def statements_of(work: Callable[[], object]) -> tuple[int, int]:
    """Return how many statements `work` takes, and how many of them write to the audit log."""
    with CaptureQueriesContext(connection) as queries:
        work()
    sent = [query["sql"] for query in queries.captured_queries]
    # Those of the transaction itself are savepoints within that of the test.
    counted = [sql for sql in sent if not sql.startswith(("SAVEPOINT", "RELEASE"))]
    return len(counted), sum("audit_" in sql for sql in counted)


def test_a_write_pays_for_its_trace_with_one_statement() -> None:
    cast = assemble()
    alice, bob = acting(cast), Membership.objects.get(user=cast.bob)
    me, own = Person(user_id=cast.alice.id, session_id=ids.new_id()), cast.alice.id
    other = UserFactory.create()
    session = Session.objects.create(
        user=cast.alice, token_hash="x", last_seen_at=AT, expires_at=clock.now() + timedelta(days=1)
    )
    costs: dict[str, Callable[[], object]] = {
        "create": lambda: organizations.create_organization(name="New", owner_id=own, by=me),
        "rename": lambda: organizations.update_organization(actor=alice, name="Acme Ltd"),
        "add": lambda: organizations.add_member(organization_id=cast.acme.id, user_id=other.id, role=Role.VIEWER),
        "change a role": lambda: organizations.change_role(actor=alice, membership_id=bob.id, role=Role.VIEWER),
        "remove": lambda: organizations.remove_member(actor=alice, membership_id=bob.id),
        "change a profile": lambda: users.update_profile(person=me, name="Alice A."),
        "sign out": lambda: users.revoke_session(person=me, session_id=session.id),
    }
    assert {deed: statements_of(work) for deed, work in costs.items()} == {
        "create": (3, 1),
        "rename": (3, 1),
        "add": (2, 1),
        "change a role": (4, 1),
        "remove": (5, 1),
        "change a profile": (3, 1),
        "sign out": (2, 1),
    }


@pytest.mark.django_db(transaction=True)
def test_many_writers_of_two_organizations_leave_two_chains_that_hold() -> None:
    cast = assemble()
    people = UserFactory.create_batch(THREADS)
    places = [cast.acme.id, cast.charters.id]
    actors = [
        Actor(by=Person(user_id=cast.alice.id, session_id=ids.new_id()), organization_id=place, role=Role.OWNER,
              permissions=frozenset({"organization:manage", "organization:read", "members:manage"}))
        for place in places
    ]  # fmt: skip

    def write(number: int) -> None:
        for turn in range(WRITES):
            actor = actors[(number + turn) % 2]
            if turn < 2:
                organizations.add_member(
                    organization_id=actor.organization_id, user_id=people[number].id, role=Role.VIEWER
                )
            else:
                organizations.update_organization(actor=actor, name=f"Name {number} {turn}")

    at_once(write)
    assert faults() == []
    lengths = {chain.id: chain.length for chain in Chain.objects.all()}
    assert lengths == dict.fromkeys(places, THREADS * WRITES // 2)
    assert sorted(Entry.objects.values_list("chain_id", "sequence")) == sorted(
        (place, sequence) for place in places for sequence in range(1, THREADS * WRITES // 2 + 1)
    )


@pytest.mark.django_db(transaction=True)
def test_many_first_entries_at_the_same_moment_begin_one_chain() -> None:
    scope = some_scope()
    at_once(lambda _number: note(scope))
    assert Chain.objects.get().length == THREADS
    assert faults() == []


@contextmanager
def held_open(scope: Scope) -> Iterator[None]:
    """Append to the chain in another connection, and keep the transaction open meanwhile."""
    is_held, may_end = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                note(scope)
                is_held.set()
                may_end.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    assert is_held.wait(10)
    try:
        yield
    finally:
        may_end.set()
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_an_organization_waits_for_its_own_writers_alone() -> None:
    busy, free = some_scope(), some_scope()
    with held_open(busy):
        started = time.perf_counter()
        for scope in (free, Scope.person(ids.new_id()), PLATFORM):
            note(scope)
        assert time.perf_counter() - started < 1
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '100ms'")
            with pytest.raises(OperationalError, match="lock timeout"):
                note(busy)
    note(busy)
    assert sorted(Chain.objects.values_list("length", flat=True)) == [1, 1, 1, 2]
    assert faults() == []
