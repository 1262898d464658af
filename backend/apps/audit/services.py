"""How does a fact enter the audit log, and when does a log go?

The log of each organization, and of each person, is a chain of its own: writers of one take turns, others never wait.
"""

import orjson
from django.db import connection, models

from apps.audit import rules
from apps.audit.models import Chain, Entry
from apps.audit.rules import PLATFORM, Changes, Scope
from kit import clock, ids, logging, origin, transactions
from kit.actor import Actor, Person

# One statement, so that a write pays for one round trip. The head's row is locked until the commit: the next entry of
# the same chain follows the hash of this one, or of the one before when this one is rolled back.
_APPEND = """
WITH head AS (
    INSERT INTO audit_chain AS chain (id, kind, length, previous_hash, hash, created_at, updated_at)
    VALUES (
        %(chain_id)s, %(kind)s, 1, %(genesis)s, sha256(%(genesis)s || int8send(1) || %(content)s),
        %(created_at)s, %(created_at)s
    )
    ON CONFLICT (id) DO UPDATE SET
        length = chain.length + 1,
        previous_hash = chain.hash,
        hash = sha256(chain.hash || int8send(chain.length + 1) || %(content)s),
        updated_at = excluded.updated_at
    RETURNING length, previous_hash, hash
)
INSERT INTO audit_entry (
    sequence, previous_hash, hash, id, chain_id, created_at, action, actor_type, actor_id, impersonator_id,
    target_type, target_id, changes, ip, request_id
)
SELECT
    length, previous_hash, hash, %(id)s, %(chain_id)s, %(created_at)s, %(action)s, %(actor_type)s, %(actor_id)s,
    %(impersonator_id)s, %(target_type)s, %(target_id)s, %(changes)s::jsonb, %(ip)s, %(request_id)s
FROM head
"""


def record(*, scope: Scope, by: Actor | Person | None, action: str, target: models.Model, changes: Changes) -> None:
    """Append a fact to the chain of `scope`, in the transaction of the write itself: both are kept, or neither.

    `by` is who did it, None where the platform itself did. `target` needs no more than its id.

    :raises RuntimeError: outside of a transaction.
    :raises ValueError: when the action does not read like `member.removed`, or the target has no id (any more).
    :raises TypeError: when a changed value is neither text, whole number, truth value, id, instant nor a list of these.
    """
    transactions.require_one("Recording in the audit log")
    entry = _new_entry(scope=scope, by=by, action=action, target=target, changes=changes)
    values = {field.attname: getattr(entry, field.attname) for field in Entry._meta.concrete_fields}
    values |= {"kind": scope.kind, "genesis": rules.GENESIS, "content": rules.content(entry)}
    # Raw SQL: the ORM cannot compute a hash from the row that it updates, nor insert from what it returns.
    with connection.cursor() as cursor:
        cursor.execute(_APPEND, {**values, "changes": orjson.dumps(entry.changes).decode()})


@transactions.atomic
def forget(*, scope: Scope) -> None:
    """Delete a whole chain, just before the row of the organization or person whose it is. None to delete is no error.

    The platform's own chain keeps how long it was and its last hash: so a copy that somebody kept can be proven.
    """
    chain = Chain.objects.select_for_update(no_key=True).filter(id=scope.id).first()
    if chain is None:
        return
    last = {"length": (chain.length, None), "hash": (bytes(chain.hash).hex(), None)}
    record(scope=PLATFORM, by=None, action="chain.forgotten", target=chain, changes=last)
    # In this order: the database lets a head go once it is remembered, and its entries once the head is gone.
    Chain.objects.filter(id=scope.id).delete()
    Entry.objects.filter(chain_id=scope.id).delete()


def _new_entry(
    *, scope: Scope, by: Actor | Person | None, action: str, target: models.Model, changes: Changes
) -> Entry:
    if target.pk is None:
        raise ValueError(f"“{action}” needs a target with an id: record a deletion before it happens.")
    actor_type, actor_id = by.identity if by else ("platform", None)
    at, address = clock.now(), origin.ip()
    return Entry(
        id=ids.id_at(at),
        chain_id=scope.id,
        created_at=at,
        action=rules.require_action(action),
        actor_type=actor_type,
        actor_id=actor_id,
        impersonator_id=by.impersonator_id if by else None,
        target_type=rules.type_name(type(target).__name__),
        target_id=target.pk,
        changes=rules.plain_changes(changes),
        ip=rules.normalized_ip(address) if address else None,
        request_id=logging.request_id(),
    )
