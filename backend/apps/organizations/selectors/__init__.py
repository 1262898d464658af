"""Who comes in, which organizations are there for them, and who belongs to those?"""

from apps.organizations.selectors.doors import (
    Bearer,
    LiveKey,
    get_actor,
    get_bearer,
    get_live_key,
)
from apps.organizations.selectors.organizations import (
    get_first_organization_id,
    get_invitation,
    get_member,
    get_open_invitation,
    get_organization,
    get_ownership_transfer,
    list_all_organizations,
    list_api_keys,
    list_invitations,
    list_members,
    list_organizations,
)

__all__ = [
    "Bearer",
    "LiveKey",
    "get_actor",
    "get_bearer",
    "get_first_organization_id",
    "get_invitation",
    "get_live_key",
    "get_member",
    "get_open_invitation",
    "get_organization",
    "get_ownership_transfer",
    "list_all_organizations",
    "list_api_keys",
    "list_invitations",
    "list_members",
    "list_organizations",
]
