import statistics
import threading
import time
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import override_settings

from apps.users import rules, services
from apps.users.errors import InvalidCredentials, SessionNotFound
from apps.users.models import Session, User
from config.settings import auth
from kit import clock, ids
from kit.actor import Person
from tests.factories.users import SessionFactory, UserFactory
from tests.memory import everything, unchanged
from tests.trails import actions, faults

PASSWORD = "correct horse"


as_the_platform_hashes = override_settings(PASSWORD_HASHERS=auth.PASSWORD_HASHERS)


def signed_in(email: str = "alice@slipway.test", password: str = PASSWORD) -> tuple[Session, str]:
    return services.sign_in(email=email, password=password, device="Firefox", ip="203.0.113.7", at=clock.now())


def seconds_to_fail(email: str) -> float:
    # Of the processor, all threads of Argon2 included: a busy machine must not blur the comparison.
    started = time.process_time()
    with pytest.raises(InvalidCredentials):
        signed_in(email, "wrong horse")
    return time.process_time() - started


@as_the_platform_hashes
def test_passwords_are_stored_by_argon2id_and_open_the_door() -> None:
    user = UserFactory.create(email="alice@slipway.test", password=services.hash_password(password=PASSWORD))
    assert user.password.startswith("argon2$argon2id$")
    assert PASSWORD not in user.password
    assert signed_in()[0].user == user


@as_the_platform_hashes
def test_the_time_of_a_refusal_does_not_tell_who_has_an_account() -> None:
    UserFactory.create(email="alice@slipway.test", password=services.hash_password(password=PASSWORD))
    seconds_to_fail("nobody@slipway.test")
    known, unknown = (
        statistics.median(seconds_to_fail(f"{name}@slipway.test") for _ in range(3)) for name in ("alice", "nobody")
    )
    assert 0.5 < known / unknown < 2


def test_the_token_is_nowhere_in_the_database() -> None:
    UserFactory.create(email="alice@slipway.test", password=services.hash_password(password=PASSWORD))
    session, token = signed_in()
    stored = repr(everything())
    assert session.token_hash in stored
    assert token not in stored
    assert token.removeprefix(rules.TOKEN_PREFIX) not in stored


def test_a_password_is_never_hashed_within_a_transaction() -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="Hashing a password inside a database transaction"):
        services.hash_password(password=PASSWORD)


def test_a_person_is_stored_with_their_address_in_lower_case() -> None:
    user = services.create_user(email=" Alice@Slipway.TEST", name="Alice", password_hash="x")
    assert user.email == "alice@slipway.test"
    assert not user.is_staff
    assert not user.is_superuser


@pytest.mark.parametrize("email", ["alice@slipway.test", "ALICE@slipway.test"])
def test_an_address_belongs_to_one_person(email: str) -> None:
    UserFactory.create(email="alice@slipway.test")
    with unchanged(), pytest.raises(IntegrityError), transaction.atomic():
        services.create_user(email=email, name="Eve", password_hash="x")


def test_the_database_itself_refuses_an_address_in_capitals() -> None:
    with pytest.raises(IntegrityError, match="users_user_email_lower"), transaction.atomic():
        User.objects.create(email="Alice@slipway.test", name="Alice")


def test_nobody_ends_someone_elses_session() -> None:
    session = SessionFactory.create()
    stranger = Person(user_id=ids.new_id(), session_id=ids.new_id())
    with unchanged(), pytest.raises(SessionNotFound):
        services.revoke_session(person=stranger, session_id=session.id)


def test_whatever_a_person_does_with_their_account_is_in_their_log() -> None:
    password_hash = services.hash_password(password=PASSWORD)
    alice = services.create_user(email="alice@slipway.test", name="Alice", password_hash=password_hash)
    session, token = signed_in()
    person = Person(user_id=alice.id, session_id=session.id)
    services.update_profile(person=person, name="Alice A.", locale="en")
    services.revoke_session(person=person, session_id=session.id)
    assert actions(alice.id) == ["user.created", "session.opened", "user.updated", "session.revoked"]
    assert faults() == []
    log = repr(everything()["audit.Entry"])
    assert "Alice A." in log
    assert not any(secret in log for secret in (password_hash, token, session.token_hash, "locale"))


def test_expired_sessions_go_and_live_ones_stay() -> None:
    at = clock.now()
    live = SessionFactory.create(expires_at=at + timedelta(microseconds=1))
    SessionFactory.create(expires_at=at)
    SessionFactory.create(expires_at=at - timedelta(days=9))
    assert services.delete_expired_sessions(at=at) == 2
    assert list(Session.objects.all()) == [live]


@pytest.mark.django_db(transaction=True)
def test_a_session_ended_twice_at_the_same_moment_is_ended_once() -> None:
    session = SessionFactory.create()
    person = Person(user_id=session.user_id, session_id=session.id)
    start, outcomes = threading.Barrier(2), []

    def end() -> None:
        start.wait()
        try:
            services.revoke_session(person=person, session_id=session.id)
            outcomes.append("ended")
        except SessionNotFound:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=end) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["ended", "refused"]
