"""What happens to an answer that may be asked for again? It is claimed, kept for a day, and forgotten."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from apps.idempotency import selectors
from apps.idempotency.models import IdempotencyKey
from kit import errors, ids, transactions
from kit.idempotency import Answer, Keyed

LIFETIME = timedelta(hours=24)

# Raw SQL: the ORM knows neither advisory locks nor an upsert with a condition, and one statement is all we may spend.
# Who holds the lock is alone with the key, so no insert ever waits for another's transaction; who does not inserts
# nothing. The conflict sees what was committed after this statement began, a preceding SELECT would not. A row that
# expired is taken over.
CLAIM = """
INSERT INTO idempotency_idempotencykey AS kept
    (id, created_at, updated_at, caller_id, organization_id, key, fingerprint, status, body, expires_at)
SELECT %(id)s, %(at)s, %(at)s, %(caller_id)s, %(organization_id)s, %(key)s, %(fingerprint)s, 0, '', %(expires_at)s
WHERE pg_try_advisory_xact_lock(%(lock)s)
ON CONFLICT ON CONSTRAINT idempotency_key_unique DO UPDATE
SET id = excluded.id, created_at = excluded.created_at, updated_at = excluded.updated_at,
    fingerprint = excluded.fingerprint, status = 0, body = '', expires_at = excluded.expires_at
WHERE kept.expires_at <= %(at)s
RETURNING id
"""


@transactions.atomic
def claim_key(*, asked: Keyed, at: datetime) -> UUID | Answer:
    """Claim the key until the transaction of the caller ends, or return what was answered before.

    :raises IdempotencyKeyReused: when it was used for another request.
    :raises IdempotencyKeyInUse: when the first request under it has not ended yet.
    """
    claim_id = ids.new_id()
    values: dict[str, UUID | datetime | str | bytes | int | None] = {
        "id": claim_id,
        "at": at,
        "caller_id": asked.caller_id,
        "organization_id": asked.organization_id,
        "key": asked.key,
        "fingerprint": asked.fingerprint,
        "expires_at": at + LIFETIME,
        "lock": asked.lock,
    }
    # Raw SQL: see CLAIM.
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, values)
        if cursor.fetchone():
            return claim_id
    kept = selectors.get_kept(asked=asked, at=at)
    if kept is None:
        raise errors.IdempotencyKeyInUse
    if bytes(kept.fingerprint) != asked.fingerprint:
        raise errors.IdempotencyKeyReused
    return Answer(status=kept.status, body=bytes(kept.body))


@transactions.atomic
def keep_answer(*, claim_id: UUID, answer: Answer) -> None:
    """Keep what is being answered under the claimed key. It is there once the transaction of the caller commits."""
    IdempotencyKey.objects.filter(id=claim_id).update(status=answer.status, body=answer.body)


@transactions.atomic
def delete_expired_keys(*, at: datetime) -> int:
    """Delete the keys that expired by `at`, and return how many there were."""
    return IdempotencyKey.objects.filter(expires_at__lte=at).delete()[0]
