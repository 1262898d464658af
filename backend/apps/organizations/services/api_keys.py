"""What can happen to an organization's API keys?"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from apps.audit import services as audit
from apps.audit.rules import Changes, Scope, difference
from apps.organizations import rules
from apps.organizations.errors import ApiKeyAlreadyRotated, ApiKeyExpired, ApiKeyNotFound, ScopeNotYours
from apps.organizations.models import ApiKey
from apps.organizations.services import turns
from kit import tokens, transactions
from kit.actor import Actor


@transactions.atomic
def create_api_key(
    *, actor: Actor, name: str, scopes: Sequence[str], expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """Create a key to the actor's organization, and return it with its token, which cannot be had again.

    :raises PermissionDenied: when the role does not allow it.
    :raises ScopeNotYours: when a scope is more than the actor may do.
    """
    actor.require(rules.Permission.MANAGE_KEYS)
    turns.take_turn(actor=actor)
    key, token = _create(actor, name=name, scopes=scopes, expires_at=expires_at)
    made = difference({}, {"name": name, "scopes": key.scopes, "expires_at": expires_at})
    _record(actor, "api_key.created", key, made)
    return key, token


@transactions.atomic
def rotate_api_key(*, actor: Actor, key_id: UUID, overlap: timedelta, at: datetime) -> tuple[ApiKey, str]:
    """Create a key in the place of another one, which lives on for `overlap`, and return the new one with its token.

    It is the actor's own from then on, has the same name and scopes, and lives as long as the old one was meant to.

    :raises PermissionDenied: when the role does not allow it.
    :raises ApiKeyNotFound: when the organization has no such key.
    :raises ApiKeyAlreadyRotated: when it has a successor already.
    :raises ApiKeyExpired: when its time is over.
    :raises ScopeNotYours: when one of its scopes is more than the actor may do.
    """
    actor.require(rules.Permission.MANAGE_KEYS)
    turns.take_turn(actor=actor)
    old = ApiKey.objects.filter(organization_id=actor.organization_id, id=key_id).first()
    if old is None:
        raise ApiKeyNotFound
    if old.rotated_at:
        raise ApiKeyAlreadyRotated
    if old.expires_at and old.expires_at <= at:
        raise ApiKeyExpired
    expires_at = rules.successor_expires_at(old.created_at, old.expires_at, at)
    retires_at = rules.retires_at(old.expires_at, at, overlap)
    changes = difference({"expires_at": old.expires_at}, {"expires_at": retires_at})
    old.rotated_at, old.expires_at = at, retires_at
    old.save(update_fields=["rotated_at", "expires_at"])
    key, token = _create(actor, name=old.name, scopes=old.scopes, expires_at=expires_at)
    _record(actor, "api_key.rotated", old, {**changes, "successor_id": (None, key.id)})
    return key, token


@transactions.atomic
def revoke_api_key(*, actor: Actor, key_id: UUID) -> None:
    """Delete a key: its token is refused from now on.

    :raises PermissionDenied: when the role does not allow it.
    :raises ApiKeyNotFound: when the organization has no such key.
    """
    actor.require(rules.Permission.MANAGE_KEYS)
    turns.take_turn(actor=actor)
    if not ApiKey.objects.filter(organization_id=actor.organization_id, id=key_id).delete()[0]:
        raise ApiKeyNotFound
    _record(actor, "api_key.revoked", ApiKey(id=key_id), {})


def note_use(*, key_id: UUID, at: datetime) -> None:
    """Remember that the key was used at `at`."""
    ApiKey.objects.filter(id=key_id).update(last_used_at=at, updated_at=at)


@transactions.atomic
def delete_expired_api_keys(*, at: datetime) -> int:
    """Delete the keys that expired so long ago that nobody looks for them, and return how many there were."""
    return ApiKey.objects.filter(expires_at__lte=at - rules.KEPT_AFTER_EXPIRY).delete()[0]


def _record(actor: Actor, action: str, key: ApiKey, changes: Changes) -> None:
    scope = Scope.organization(actor.organization_id)
    audit.record(scope=scope, by=actor, action=action, target=key, changes=changes)


def _create(actor: Actor, *, name: str, scopes: Sequence[str], expires_at: datetime | None) -> tuple[ApiKey, str]:
    if not actor.permissions.issuperset(scopes):
        raise ScopeNotYours
    token = tokens.new_token(rules.KEY_PREFIX)
    key = ApiKey.objects.create(
        organization_id=actor.organization_id,
        name=name,
        scopes=sorted(set(scopes)),
        token_hash=tokens.token_hash(token),
        hint=token[-rules.HINT_LENGTH :],
        created_by_id=actor.require_in_person().user_id,
        expires_at=expires_at,
    )
    return key, token
