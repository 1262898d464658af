"""What can happen to an organization, its members, and those who come in by key or invitation?"""

from apps.organizations.services.api_keys import (
    create_api_key,
    delete_expired_api_keys,
    note_use,
    revoke_api_key,
    rotate_api_key,
)
from apps.organizations.services.invitations import (
    accept_invitation,
    decline_invitation,
    delete_expired_invitations,
    invite,
    join_as_new,
    resend_invitation,
    revoke_invitation,
)
from apps.organizations.services.lifecycle import (
    reinstate_organization,
    remove_due_organizations,
    restore_organization,
    schedule_deletion,
    suspend_organization,
)
from apps.organizations.services.organizations import (
    add_member,
    change_role,
    create_organization,
    remove_member,
    update_organization,
)
from apps.organizations.services.transfers import (
    accept_ownership,
    decline_ownership,
    offer_ownership,
    withdraw_ownership,
)

__all__ = [
    "accept_invitation",
    "accept_ownership",
    "add_member",
    "change_role",
    "create_api_key",
    "create_organization",
    "decline_invitation",
    "decline_ownership",
    "delete_expired_api_keys",
    "delete_expired_invitations",
    "invite",
    "join_as_new",
    "note_use",
    "offer_ownership",
    "reinstate_organization",
    "remove_due_organizations",
    "remove_member",
    "resend_invitation",
    "restore_organization",
    "revoke_api_key",
    "revoke_invitation",
    "rotate_api_key",
    "schedule_deletion",
    "suspend_organization",
    "update_organization",
    "withdraw_ownership",
]
