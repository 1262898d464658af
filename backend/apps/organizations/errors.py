"""What this app refuses."""

from kit import errors


class MemberNotFound(errors.NotFound):
    """Nobody in this organization has this membership id."""

    code, title = "member_not_found", "The organization has no such member"


class RoleNotBelowYours(errors.PermissionDenied):
    """You manage only members whose role stands below yours, and hand out only such roles."""

    code, title = "role_not_below_yours", "That role does not stand below yours"


class LastOwnerCannotLeave(errors.Conflict):
    """An organization always has an owner: make someone else the owner first."""

    code, title = "last_owner_cannot_leave", "The last owner cannot leave"


class OrganizationSuspended(errors.PermissionDenied):
    """The organization is suspended: members may read, nothing may change, API keys are refused. Ask our support."""

    code, title = "organization_suspended", "The organization is suspended"


class OrganizationClosing(errors.PermissionDenied):
    """The organization will be deleted unless an owner restores it: members read, nothing changes, keys are refused."""

    code, title = "organization_closing", "The organization will be deleted"


class DeletionAlreadyScheduled(errors.Conflict):
    """The organization will be deleted already: `deletion_scheduled_at` says when."""

    code, title = "deletion_already_scheduled", "The deletion is scheduled already"


class DeletionNotScheduled(errors.Conflict):
    """There is no deletion to call off."""

    code, title = "deletion_not_scheduled", "No deletion is scheduled"


class AlreadySuspended(errors.Conflict):
    """The organization is suspended already."""

    code, title = "organization_already_suspended", "The organization is suspended already"


class NotSuspended(errors.Conflict):
    """The organization is not suspended."""

    code, title = "organization_not_suspended", "The organization is not suspended"


class OrganizationNotFound(errors.NotFound):
    """There is no organization with this id."""

    code, title = "organization_not_found", "No organization has this id"


class ApiKeyNotFound(errors.NotFound):
    """The organization has no API key with this id: it was revoked, or there never was one."""

    code, title = "api_key_not_found", "The organization has no such API key"


class ApiKeyAlreadyRotated(errors.Conflict):
    """The key has a successor already: rotate that one."""

    code, title = "api_key_already_rotated", "The API key was rotated already"


class ApiKeyExpired(errors.Conflict):
    """The key has expired: create a new one."""

    code, title = "api_key_expired", "The API key has expired"


class ScopeNotYours(errors.PermissionDenied):
    """A key never carries more than the permissions of the person who creates or rotates it."""

    code, title = "scope_not_yours", "Your role does not grant one of these scopes"


class InvitationNotFound(errors.NotFound):
    """No invitation that you can use has this token or id. Whether it was used, revoked or expired we never say."""

    code, title = "invitation_not_found", "There is no such invitation"


class AlreadyInvited(errors.Conflict):
    """There is an invitation to this e-mail address: resend or revoke that one."""

    code, title = "already_invited", "The e-mail address is invited already"


class AlreadyMember(errors.Conflict):
    """The person belongs to the organization already."""

    code, title = "already_member", "The person is a member already"


class TransferNotFound(errors.NotFound):
    """Nobody is offered the ownership of this organization at the moment."""

    code, title = "ownership_transfer_not_found", "No transfer of the ownership is going on"


class TransferGoingOn(errors.Conflict):
    """The ownership is offered to somebody already: withdraw that offer first."""

    code, title = "ownership_transfer_going_on", "The ownership is offered to somebody already"


class AlreadyOwner(errors.Conflict):
    """The member is an owner already."""

    code, title = "already_owner", "The member is an owner already"


class NotOfferedToYou(errors.PermissionDenied):
    """Only the member to whom the ownership is offered may accept or decline it."""

    code, title = "not_offered_to_you", "The ownership is offered to somebody else"
