"""What can happen to people and their sessions?"""

from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password

from apps.users import rules
from apps.users.errors import InvalidCredentials, SessionNotFound
from apps.users.models import Session, User
from kit import transactions
from kit.actor import Person
from kit.expectations import Expectation, anything


def hash_password(*, password: str, salt: str | None = None) -> str:
    """Return what we store of a password: argon2id.

    :raises RuntimeError: inside a transaction, whose locks would be held while it computes for 100 ms or so.
    """
    transactions.require_none("Hashing a password")
    return make_password(password, salt)


@transactions.atomic
def create_user(*, email: str, name: str, password_hash: str, is_staff: bool = False) -> User:
    """Create a person who signs in with `email`.

    :raises IntegrityError: when the address is taken.
    """
    return User.objects.create(
        email=rules.normalized_email(email), name=name, password=password_hash, is_staff=is_staff, is_superuser=is_staff
    )


def sign_in(*, email: str, password: str, device: str, ip: str, at: datetime) -> tuple[Session, str]:
    """Open a session, and return it with its token, which cannot be had again.

    :raises InvalidCredentials: when they do not belong together, or the account is closed.
    """
    user = User.objects.filter(email=rules.normalized_email(email), is_active=True).first()
    # Against no hash at all Django takes the same time: it must not tell who has an account.
    if not check_password(password, user.password if user else "") or user is None:
        raise InvalidCredentials
    token = rules.new_token()
    session = Session.objects.create(
        user=user,
        token_hash=rules.token_hash(token),
        device=device[: rules.DEVICE_LENGTH],
        ip=ip,
        last_seen_at=at,
        expires_at=rules.expires_at(at),
    )
    return session, token


def note_sighting(*, session_id: UUID, at: datetime) -> None:
    """Remember that the session was used at `at`."""
    Session.objects.filter(id=session_id).update(last_seen_at=at, updated_at=at)


@transactions.atomic
def update_profile(*, person: Person, expect: Expectation = anything, **changes: str) -> User:
    """Change the person's own name, locale or timezone.

    :raises PreconditionFailed: when the person is not as expected.
    """
    user = User.objects.select_for_update().get(id=person.user_id)
    expect(user)
    for name, value in changes.items():
        setattr(user, name, value)
    user.save(update_fields=changes)
    return user


@transactions.atomic
def revoke_session(*, person: Person, session_id: UUID) -> None:
    """End one of the person's sessions: its token is refused from now on.

    :raises SessionNotFound: when the person has no such session.
    """
    deleted, _ = Session.objects.filter(user_id=person.user_id, id=session_id).delete()
    if not deleted:
        raise SessionNotFound


@transactions.atomic
def delete_expired_sessions(*, at: datetime) -> int:
    """Delete the sessions that ended before `at`, and return how many there were."""
    return Session.objects.filter(expires_at__lte=at).delete()[0]
