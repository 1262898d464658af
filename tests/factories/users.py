"""Makes people and their sessions."""

from factory.declarations import LazyAttribute, LazyFunction, Sequence, SubFactory
from factory.django import DjangoModelFactory

from apps.users import rules
from apps.users.models import Session, User
from kit import clock


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    email = Sequence(lambda number: f"person-{number}@slipway.test")
    name = Sequence(lambda number: f"Person {number}")


class SessionFactory(DjangoModelFactory[Session]):
    class Meta:
        model = Session

    class Params:
        token = LazyFunction(rules.new_token)

    user = SubFactory(UserFactory)
    token_hash = LazyAttribute(lambda session: rules.token_hash(session.token))
    device = "Firefox"
    ip = "203.0.113.7"
    last_seen_at = LazyFunction(clock.now)
    expires_at = LazyAttribute(lambda session: rules.expires_at(session.last_seen_at))
