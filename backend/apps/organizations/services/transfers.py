"""How does the ownership of an organization pass on? An owner offers, the member accepts."""

from datetime import datetime
from uuid import UUID

from apps.audit import services as audit
from apps.audit.rules import Changes, Scope
from apps.organizations import rules, selectors
from apps.organizations.errors import AlreadyOwner, NotOfferedToYou, TransferGoingOn, TransferNotFound
from apps.organizations.models import Membership, OwnershipTransfer
from apps.organizations.services import turns
from kit import transactions
from kit.actor import Actor
from kit.expectations import Expectation, anything


@transactions.atomic
def offer_ownership(*, actor: Actor, membership_id: UUID, at: datetime) -> OwnershipTransfer:
    """Offer the actor's ownership to a member. Nothing changes until they accept.

    :raises PermissionDenied: when the role does not allow it.
    :raises MemberNotFound: when the organization has no such member.
    :raises AlreadyOwner: when the member is an owner.
    :raises TransferGoingOn: when the ownership is offered to somebody already.
    """
    actor.require(rules.Permission.TRANSFER_OWNERSHIP)
    owner = actor.require_in_person()
    turns.take_turn(actor=actor)
    member = selectors.get_member(actor=actor, membership_id=membership_id)
    if member.role == rules.Role.OWNER:
        raise AlreadyOwner
    offers = OwnershipTransfer.objects.filter(organization_id=actor.organization_id)
    if offers.filter(expires_at__gt=at).exists():
        raise TransferGoingOn
    offers.delete()
    transfer = OwnershipTransfer.objects.create(
        organization_id=actor.organization_id,
        offered_by_id=owner.user_id,
        offered_to=member.user,
        expires_at=at + rules.TRANSFER_LIFETIME,
    )
    _record(actor, "ownership.offered", transfer, {"offered_to_id": (None, member.user_id)})
    return transfer


@transactions.atomic
def withdraw_ownership(*, actor: Actor, at: datetime, expect: Expectation = anything) -> None:
    """Take the offer back.

    :raises PermissionDenied: when the role does not allow it.
    :raises TransferNotFound: when nobody is offered the ownership.
    :raises PreconditionFailed: when the offer is not as expected.
    """
    actor.require(rules.Permission.TRANSFER_OWNERSHIP)
    turns.take_turn(actor=actor)
    transfer = selectors.get_ownership_transfer(actor=actor, at=at)
    expect(transfer)
    _record(actor, "ownership.withdrawn", transfer, {"offered_to_id": (transfer.offered_to_id, None)})
    transfer.delete()


@transactions.atomic
def accept_ownership(*, actor: Actor, at: datetime) -> Membership:
    """Make the actor the owner in the place of who offered it, who becomes an admin. Return the actor's membership.

    :raises ApiKeyNotAccepted: when a key acts.
    :raises NotWhileImpersonating: when staff act in the member's name.
    :raises TransferNotFound: when nobody is offered the ownership, or who offered it has it no longer.
    :raises NotOfferedToYou: when it is offered to somebody else.
    """
    transfer = _offered(actor, at)
    people = {transfer.offered_by_id, transfer.offered_to_id}
    members = Membership.objects.select_related("user", "organization").filter(
        organization_id=actor.organization_id, user_id__in=people
    )
    by_person = {member.user_id: member for member in members}
    former, owner = by_person[transfer.offered_by_id], by_person[transfer.offered_to_id]
    if former.role != rules.Role.OWNER:
        raise TransferNotFound
    for member, role in ((former, rules.Role.ADMIN), (owner, rules.Role.OWNER)):
        member.role = role
        member.save(update_fields=["role"])
    _record(actor, "ownership.accepted", transfer, {"owner_id": (former.user_id, owner.user_id)})
    transfer.delete()
    return owner


@transactions.atomic
def decline_ownership(*, actor: Actor, at: datetime) -> None:
    """Refuse the offer.

    :raises ApiKeyNotAccepted: when a key acts.
    :raises NotWhileImpersonating: when staff act in the member's name.
    :raises TransferNotFound: when nobody is offered the ownership.
    :raises NotOfferedToYou: when it is offered to somebody else.
    """
    transfer = _offered(actor, at)
    _record(actor, "ownership.declined", transfer, {"offered_to_id": (transfer.offered_to_id, None)})
    transfer.delete()


def _record(actor: Actor, action: str, transfer: OwnershipTransfer, changes: Changes) -> None:
    scope = Scope.organization(actor.organization_id)
    audit.record(scope=scope, by=actor, action=action, target=transfer, changes=changes)


def _offered(actor: Actor, at: datetime) -> OwnershipTransfer:
    person = actor.require_in_person()
    turns.take_turn(actor=actor)
    transfer = selectors.get_ownership_transfer(actor=actor, at=at)
    if transfer.offered_to_id != person.user_id:
        raise NotOfferedToYou
    return transfer
