"""The doors to organizations, their members, and to those who come in by key or invitation."""

from apps.organizations.views.api_keys import ApiKeyRotationView, ApiKeysView, ApiKeyView
from apps.organizations.views.invitations import (
    AcceptInvitationView,
    DeclineInvitationView,
    InvitationsView,
    InvitationView,
    JoinView,
    ResendInvitationView,
)
from apps.organizations.views.organizations import (
    DeletionView,
    MembersView,
    MemberView,
    OrganizationsView,
    OrganizationView,
)
from apps.organizations.views.staff import StaffOrganizationsView, SuspensionView
from apps.organizations.views.transfers import AcceptOwnershipView, DeclineOwnershipView, OwnershipTransferView

__all__ = [
    "AcceptInvitationView",
    "AcceptOwnershipView",
    "ApiKeyRotationView",
    "ApiKeyView",
    "ApiKeysView",
    "DeclineInvitationView",
    "DeclineOwnershipView",
    "DeletionView",
    "InvitationView",
    "InvitationsView",
    "JoinView",
    "MemberView",
    "MembersView",
    "OrganizationView",
    "OrganizationsView",
    "OwnershipTransferView",
    "ResendInvitationView",
    "StaffOrganizationsView",
    "SuspensionView",
]
