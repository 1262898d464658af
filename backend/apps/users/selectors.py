"""Who is this, and where are they signed in?"""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from apps.users import rules
from apps.users.models import Session, User
from kit.actor import Person


def get_user(*, user_id: UUID) -> User:
    """Return the person."""
    return User.objects.get(id=user_id)


def get_live_session(*, token: str, at: datetime) -> Session | None:
    """Return the unexpired session that `token` opens, of a person whose account is open; else None."""
    live = Session.objects.filter(expires_at__gt=at, user__is_active=True)
    try:
        return live.get(token_hash=rules.token_hash(token))
    except Session.DoesNotExist:
        return None


def list_sessions(*, person: Person, at: datetime) -> QuerySet[Session]:
    """Return the person's unexpired sessions."""
    return Session.objects.filter(user_id=person.user_id, expires_at__gt=at)


def is_known(*, email: str) -> bool:
    """Tell whether somebody has this address."""
    return User.objects.filter(email=rules.normalized_email(email)).exists()


def count_users(*, email_domain: str) -> int:
    """Return how many people have an address in `email_domain`."""
    return User.objects.filter(email__endswith=f"@{email_domain}").count()
