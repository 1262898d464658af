"""Makes entries of the audit log, and heads of its chains. They hold no chain together: `services.record` does."""

from factory.declarations import LazyFunction, Sequence
from factory.django import DjangoModelFactory

from apps.audit import rules
from apps.audit.models import Chain, Entry
from kit import ids


class ChainFactory(DjangoModelFactory[Chain]):
    class Meta:
        model = Chain

    kind = rules.Kind.ORGANIZATION.value
    length = 1
    previous_hash = rules.GENESIS
    hash = bytes(range(32))


class EntryFactory(DjangoModelFactory[Entry]):
    class Meta:
        model = Entry

    chain_id = LazyFunction(ids.new_id)
    sequence = Sequence(lambda number: number + 1)
    previous_hash = rules.GENESIS
    hash = bytes(range(32))
    action = "member.added"
    actor_type = "user"
    actor_id = LazyFunction(ids.new_id)
    target_type = "membership"
    target_id = LazyFunction(ids.new_id)
    changes = LazyFunction(lambda: {"role": {"before": None, "after": "member"}})
    ip = "203.0.113.7"
