"""What can happen to people and their sessions?"""

from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction

from apps.audit import services as audit
from apps.audit.rules import Scope, difference
from apps.users import rules
from apps.users.errors import (
    AccountExists,
    CannotImpersonate,
    ImpersonationNotFound,
    InvalidCredentials,
    SessionNotFound,
    UserNotFound,
)
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
def create_user(*, email: str, name: str, password_hash: str, is_staff: bool = False, by: Person | None = None) -> User:
    """Create a person who signs in with `email`. `by` is None where the platform itself does it.

    :raises IntegrityError: when the address is taken.
    """
    user = User.objects.create(
        email=rules.normalized_email(email), name=name, password=password_hash, is_staff=is_staff, is_superuser=is_staff
    )
    made = difference({}, {"email": user.email, "name": name, "is_staff": is_staff})
    audit.record(scope=Scope.person(user.id), by=by, action="user.created", target=user, changes=made)
    return user


@transactions.atomic
def sign_up(*, email: str, name: str, password_hash: str) -> User:
    """Create a person for somebody who proved that `email` is theirs.

    :raises AccountExists: when the address is taken.
    """
    try:
        # Django's own: the savepoint lets the transaction of a caller go on after the refusal.
        with transaction.atomic():
            return create_user(email=email, name=name, password_hash=password_hash)
    except IntegrityError:
        raise AccountExists from None


def sign_in(*, email: str, password: str, device: str, ip: str, at: datetime) -> tuple[Session, str]:
    """Open a session, and return it with its token, which cannot be had again.

    :raises InvalidCredentials: when they do not belong together, or the account is closed.
    """
    user = User.objects.filter(email=rules.normalized_email(email), is_active=True).first()
    # Against no hash at all Django takes the same time: it must not tell who has an account.
    if not check_password(password, user.password if user else "") or user is None:
        raise InvalidCredentials
    token = rules.new_token()
    return _open_session(user, token=token, device=device[: rules.DEVICE_LENGTH], ip=ip, at=at), token


@transactions.atomic
def impersonate(
    *, person: Person, user_id: UUID, reason: str, device: str, ip: str, at: datetime
) -> tuple[Session, str]:
    """Open a short session in somebody's name for staff, and return it with its token.

    :raises StaffOnly: when the person is none of the staff, or impersonates somebody already.
    :raises UserNotFound: when nobody has this id.
    :raises CannotImpersonate: when they are staff themselves, or their account is closed.
    """
    person.require_staff()
    user = User.objects.filter(id=user_id).first()
    if user is None:
        raise UserNotFound
    if user.is_staff or user.is_superuser or not user.is_active:
        raise CannotImpersonate
    token = rules.new_token()
    session = Session.objects.create(
        user=user,
        impersonator=User.objects.get(id=person.user_id),
        impersonation_reason=reason,
        token_hash=rules.token_hash(token),
        device=device[: rules.DEVICE_LENGTH],
        ip=ip,
        last_seen_at=at,
        expires_at=rules.impersonation_expires_at(at),
    )
    made = difference({}, {"reason": reason, "expires_at": session.expires_at})
    audit.record(scope=Scope.person(user.id), by=person, action="impersonation.started", target=session, changes=made)
    return session, token


@transactions.atomic
def end_impersonation(*, person: Person, session_id: UUID, at: datetime) -> None:
    """End an impersonation early, whoever of the staff began it.

    :raises StaffOnly: when the person is none of the staff.
    :raises ImpersonationNotFound: when none that is going on has this id.
    """
    person.require_staff()
    going_on = Session.objects.select_for_update(no_key=True).filter(impersonator__isnull=False, expires_at__gt=at)
    session = going_on.filter(id=session_id).first()
    if session is None:
        raise ImpersonationNotFound
    scope = Scope.person(session.user_id)
    audit.record(scope=scope, by=person, action="impersonation.ended", target=session, changes={})
    session.delete()


def note_sighting(*, session_id: UUID, at: datetime) -> None:
    """Remember that the session was used at `at`."""
    Session.objects.filter(id=session_id).update(last_seen_at=at, updated_at=at)


@transactions.atomic
def update_profile(*, person: Person, expect: Expectation = anything, **changes: str) -> User:
    """Change the person's own name, locale or timezone.

    :raises PreconditionFailed: when the person is not as expected.
    """
    user = User.objects.select_for_update(no_key=True).get(id=person.user_id)
    expect(user)
    changed = difference({name: getattr(user, name) for name in changes}, changes)
    for name, value in changes.items():
        setattr(user, name, value)
    user.save(update_fields=changes)
    audit.record(scope=Scope.person(user.id), by=person, action="user.updated", target=user, changes=changed)
    return user


@transactions.atomic
def revoke_session(*, person: Person, session_id: UUID) -> None:
    """End one of the person's sessions: its token is refused from now on.

    :raises SessionNotFound: when the person has no such session.
    :raises NotWhileImpersonating: when staff act in their name, unless it is their own session to end.
    """
    if session_id != person.session_id:
        person.require_in_person()
    deleted, _ = Session.objects.filter(user_id=person.user_id, id=session_id).delete()
    if not deleted:
        raise SessionNotFound
    ended = Session(id=session_id)
    audit.record(scope=Scope.person(person.user_id), by=person, action="session.revoked", target=ended, changes={})


@transactions.atomic
def delete_expired_sessions(*, at: datetime) -> int:
    """Delete the sessions that ended before `at`, and return how many there were."""
    return Session.objects.filter(expires_at__lte=at).delete()[0]


@transaction.atomic
def _open_session(user: User, *, token: str, device: str, ip: str, at: datetime) -> Session:
    session = Session.objects.create(
        user=user,
        token_hash=rules.token_hash(token),
        device=device,
        ip=ip,
        last_seen_at=at,
        expires_at=rules.expires_at(at),
    )
    who, opened = Person(user_id=user.id, session_id=session.id), difference({}, {"device": device})
    audit.record(scope=Scope.person(user.id), by=who, action="session.opened", target=session, changes=opened)
    return session
