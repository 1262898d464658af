"""What was done in this organization, and do the chains of the log hold?"""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from apps.audit import rules
from apps.audit.models import Chain, Entry
from kit import ids
from kit.actor import Actor

BATCH = 2000


def list_entries(
    *,
    actor: Actor,
    action: str | None = None,
    actor_id: UUID | None = None,
    target_id: UUID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> QuerySet[Entry]:
    """Return the entries of the actor's organization: of an action, by somebody, on something, from `since` to `until`.

    :raises PermissionDenied: when the role does not allow to read them.
    """
    actor.require(rules.READ_AUDIT)
    # An entry's id is of its instant, so that every index which ends with the id serves a range of time too.
    wanted = {
        "action": action,
        "actor_id": actor_id,
        "target_id": target_id,
        "id__gte": since and ids.first_id(since),
        "id__lt": until and ids.first_id(until),
    }
    given = {name: value for name, value in wanted.items() if value is not None}
    return Entry.objects.filter(chain_id=actor.organization_id, **given)


def list_chain_ids() -> Iterator[UUID]:
    """Yield the id of every chain that has a head or entries, in order."""
    found = _next_chain_id(None)
    while found is not None:
        yield found
        found = _next_chain_id(found)


def get_name(*, chain_id: UUID) -> str:
    """Return what a person calls the chain, such as `organization 0199…`."""
    chain = Chain.objects.filter(id=chain_id).first()
    return str(chain) if chain else f"chain {chain_id}"


def get_head(*, chain_id: UUID) -> rules.Head | None:
    """Return what the chain says of its length and last hash."""
    chain = Chain.objects.filter(id=chain_id).values_list("length", "hash").first()
    return chain and rules.Head(chain[0], bytes(chain[1]))


def list_faults(*, chain_id: UUID) -> Iterator[rules.Fault]:
    """Yield what is wrong with a chain, in the memory of one batch, while others may append to it."""
    return rules.faults(_walk(chain_id))


def _walk(chain_id: UUID) -> Iterator[rules.Row | rules.Head]:
    entries = Entry.objects.filter(chain_id=chain_id).order_by("sequence", "id")
    head, batch = get_head(chain_id=chain_id), list(entries[:BATCH])
    while batch:
        yield from batch
        # Read before the batch that turns out empty: whatever it counts had been committed by then, and was read.
        head = get_head(chain_id=chain_id)
        batch = list(entries.filter(sequence__gt=batch[-1].sequence)[:BATCH])
    if head is not None:
        yield head


def _next_chain_id(after: UUID | None) -> UUID | None:
    # One step down an index for each chain, however long it is.
    heads, entries = Chain.objects.order_by("id"), Entry.objects.order_by("chain_id", "sequence")
    if after is not None:
        heads, entries = heads.filter(id__gt=after), entries.filter(chain_id__gt=after)
    ends = heads.values_list("id", flat=True)[:1], entries.values_list("chain_id", flat=True)[:1]
    return min((found for end in ends for found in end), default=None)
