"""What can happen to invitations? An open one is a row; whoever uses or revokes it deletes the row."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.audit import services as audit
from apps.audit.rules import Changes, Scope, difference
from apps.organizations import rules, selectors
from apps.organizations.errors import AlreadyInvited, AlreadyMember, InvitationNotFound
from apps.organizations.models import Invitation, Membership
from apps.organizations.services import turns
from apps.users import rules as user_rules
from apps.users import selectors as users
from apps.users import services as user_services
from kit import tokens, transactions
from kit.actor import Actor, Person
from kit.expectations import Expectation, anything


@transactions.atomic
def invite(*, actor: Actor, email: str, role: str, at: datetime) -> tuple[Invitation, str]:
    """Offer membership to whoever reads mail at `email`, and return the invitation with its token.

    :raises PermissionDenied: when the role does not allow it.
    :raises RoleNotBelowYours: when the role offered does not stand below the actor's.
    :raises AlreadyMember: when somebody with that address is a member.
    :raises AlreadyInvited: when there is an invitation to that address.
    """
    actor.require(rules.Permission.MANAGE_MEMBERS)
    turns.require_above(actor=actor, roles=[role])
    organization = turns.take_turn(actor=actor)
    email = user_rules.normalized_email(email)
    if Membership.objects.filter(organization=organization, user__email=email).exists():
        raise AlreadyMember
    if Invitation.objects.filter(organization=organization, email=email).exists():
        raise AlreadyInvited
    token = tokens.new_token(rules.INVITATION_PREFIX)
    invitation = Invitation.objects.create(
        organization=organization,
        email=email,
        role=role,
        token_hash=tokens.token_hash(token),
        invited_by_id=actor.user_id,
        expires_at=at + rules.INVITATION_LIFETIME,
    )
    _record(actor, "invitation.created", invitation, difference({}, {"email": email, "role": role}))
    return invitation, token


@transactions.atomic
def resend_invitation(*, actor: Actor, invitation_id: UUID, at: datetime) -> tuple[Invitation, str]:
    """Give an invitation a new token and its full time again; the old token is refused from now on.

    :raises PermissionDenied: when the role does not allow it.
    :raises InvitationNotFound: when the organization has no such invitation.
    :raises RoleNotBelowYours: when the role offered does not stand below the actor's.
    """
    actor.require(rules.Permission.MANAGE_MEMBERS)
    turns.take_turn(actor=actor)
    invitation = selectors.get_invitation(actor=actor, invitation_id=invitation_id)
    turns.require_above(actor=actor, roles=[invitation.role])
    token = tokens.new_token(rules.INVITATION_PREFIX)
    expires_at = at + rules.INVITATION_LIFETIME
    changes = difference({"expires_at": invitation.expires_at}, {"expires_at": expires_at})
    invitation.token_hash, invitation.expires_at = tokens.token_hash(token), expires_at
    invitation.save(update_fields=["token_hash", "expires_at"])
    _record(actor, "invitation.resent", invitation, changes)
    return invitation, token


@transactions.atomic
def revoke_invitation(*, actor: Actor, invitation_id: UUID, expect: Expectation = anything) -> None:
    """Take an invitation back: its token is refused from now on.

    :raises PermissionDenied: when the role does not allow it.
    :raises InvitationNotFound: when the organization has no such invitation.
    :raises RoleNotBelowYours: when the role offered does not stand below the actor's.
    :raises PreconditionFailed: when it is not as expected.
    """
    actor.require(rules.Permission.MANAGE_MEMBERS)
    turns.take_turn(actor=actor)
    invitation = selectors.get_invitation(actor=actor, invitation_id=invitation_id)
    turns.require_above(actor=actor, roles=[invitation.role])
    expect(invitation)
    _record(actor, "invitation.revoked", invitation, {"email": (invitation.email, None)})
    invitation.delete()


@transactions.atomic
def accept_invitation(*, person: Person, token: str, at: datetime) -> Membership:
    """Make the person a member, when it was they who were invited.

    :raises NotWhileImpersonating: when staff act in their name.
    :raises InvitationNotFound: when the token opens no invitation for them.
    :raises AlreadyMember: when they are one already.
    """
    person.require_in_person()
    invitation = selectors.get_open_invitation(token=token, at=at)
    if users.get_user(user_id=person.user_id).email != invitation.email:
        raise InvitationNotFound
    return _join(invitation, user_id=person.user_id, by=person)


def join_as_new(*, token: str, name: str, password: str, at: datetime) -> Membership:
    """Create the person who was invited, and make them a member.

    :raises InvitationNotFound: when the token opens no invitation.
    :raises AccountExists: when they have an account already.
    """
    # The hash is expensive, and must not be computed while a row is locked: first see whether it is worth it.
    invitation = selectors.get_open_invitation(token=token, at=at)
    password_hash = user_services.hash_password(password=password)
    with transaction.atomic():
        user = user_services.sign_up(email=invitation.email, name=name, password_hash=password_hash)
        return _join(invitation, user_id=user.id)


@transactions.atomic
def decline_invitation(*, token: str, at: datetime) -> None:
    """Refuse an invitation: it is gone.

    :raises InvitationNotFound: when the token opens no invitation.
    """
    invitation = selectors.get_open_invitation(token=token, at=at)
    if not _take(invitation):
        raise InvitationNotFound
    _record(None, "invitation.declined", invitation, {"email": (invitation.email, None)})


@transactions.atomic
def delete_expired_invitations(*, at: datetime) -> int:
    """Delete the invitations that expired so long ago that nobody resends them, and return how many there were."""
    return Invitation.objects.filter(expires_at__lte=at - rules.KEPT_AFTER_EXPIRY).delete()[0]


def _join(invitation: Invitation, *, user_id: UUID, by: Person | None = None) -> Membership:
    organization = turns.lock_organization(organization_id=invitation.organization_id)
    is_open = organization and not (organization.suspended_at or organization.deletion_scheduled_at)
    # Whoever deletes the row uses the invitation: of two at the same moment one finds it gone.
    if not is_open or not _take(invitation):
        raise InvitationNotFound
    if Membership.objects.filter(organization_id=invitation.organization_id, user_id=user_id).exists():
        raise AlreadyMember
    membership = Membership.objects.create(
        organization_id=invitation.organization_id, user_id=user_id, role=invitation.role
    )
    _record(by, "invitation.accepted", invitation, difference({}, {"user_id": user_id, "role": membership.role}))
    return membership


def _take(invitation: Invitation) -> bool:
    # By the token too: the row may have been given another one since it was read.
    taken, _ = Invitation.objects.filter(id=invitation.id, token_hash=invitation.token_hash).delete()
    return bool(taken)


def _record(by: Actor | Person | None, action: str, invitation: Invitation, changes: Changes) -> None:
    scope = Scope.organization(invitation.organization_id)
    audit.record(scope=scope, by=by, action=action, target=invitation, changes=changes)
