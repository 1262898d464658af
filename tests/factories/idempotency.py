"""Makes keys under which something was answered."""

from factory.declarations import LazyAttribute, LazyFunction, Sequence
from factory.django import DjangoModelFactory

from apps.idempotency.models import IdempotencyKey
from apps.idempotency.services import LIFETIME
from kit import clock, ids


class IdempotencyKeyFactory(DjangoModelFactory[IdempotencyKey]):
    class Meta:
        model = IdempotencyKey

    caller_id = LazyFunction(ids.new_id)
    key = Sequence(lambda number: f"key-{number}")
    fingerprint = bytes(32)
    status = 201
    body = b"{}"
    created_at = LazyFunction(clock.now)
    expires_at = LazyAttribute(lambda row: row.created_at + LIFETIME)
