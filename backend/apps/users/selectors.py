"""Who is this, and where are they signed in?"""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.users import rules
from apps.users.models import Session, User
from kit.actor import Person
from kit.statements import Parameter


def get_user(*, user_id: UUID) -> User:
    """Return the person."""
    return User.objects.get(id=user_id)


def list_live_sessions(*, token_hash: str | Parameter, at: datetime | Parameter) -> QuerySet[Session]:
    """Return the unexpired session, one or none, whose token has this hash, of a person whose account is open.

    An impersonation lives no longer than the staff's own rights.
    """
    live = Session.objects.filter(token_hash=token_hash, expires_at__gt=at, user__is_active=True)
    # Not a join: it would be paid for by every request, and hardly any is an impersonation.
    staff = User.objects.filter(id=OuterRef("impersonator_id"), is_active=True, is_staff=True)
    return live.filter(Q(impersonator=None) | Exists(staff))


def list_sessions(*, person: Person, at: datetime) -> QuerySet[Session]:
    """Return the person's unexpired sessions, those of staff who impersonate them among them."""
    sessions = Session.objects.select_related("impersonator")
    return sessions.filter(user_id=person.user_id, expires_at__gt=at)


def list_users(*, person: Person) -> QuerySet[User]:
    """Return everybody, for staff.

    :raises StaffOnly: when the person is none of the staff.
    """
    person.require_staff()
    return User.objects.all()


def list_impersonations(*, person: Person, at: datetime) -> QuerySet[Session]:
    """Return the impersonations that are going on, each with both people, for staff.

    :raises StaffOnly: when the person is none of the staff.
    """
    person.require_staff()
    sessions = Session.objects.select_related("user", "impersonator")
    return sessions.filter(impersonator__isnull=False, expires_at__gt=at)


def is_known(*, email: str) -> bool:
    """Tell whether somebody has this address."""
    return User.objects.filter(email=rules.normalized_email(email)).exists()


def count_users(*, email_domain: str) -> int:
    """Return how many people have an address in `email_domain`."""
    return User.objects.filter(email__endswith=f"@{email_domain}").count()
