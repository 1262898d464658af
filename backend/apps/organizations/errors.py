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
