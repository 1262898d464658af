"""What this app refuses."""

from kit import errors


class InvalidCredentials(errors.NotAuthenticated):
    """The e-mail address and the password do not belong together, or the account is closed. We never say which."""

    code, title = "invalid_credentials", "The e-mail address or the password is wrong"


class SessionNotFound(errors.NotFound):
    """None of your sessions has this id: it ended already, or is someone else's."""

    code, title = "session_not_found", "None of your sessions has this id"


class UserNotFound(errors.NotFound):
    """Nobody has this id."""

    code, title = "user_not_found", "Nobody has this id"


class ImpersonationNotFound(errors.NotFound):
    """No impersonation that is going on has this id."""

    code, title = "impersonation_not_found", "No impersonation that is going on has this id"


class CannotImpersonate(errors.Conflict):
    """Staff are never impersonated, nor are people whose account is closed."""

    code, title = "cannot_impersonate", "This person cannot be impersonated"


class AccountExists(errors.Conflict):
    """Somebody signs in with this e-mail address already: sign in instead."""

    code, title = "account_exists", "The e-mail address has an account already"
