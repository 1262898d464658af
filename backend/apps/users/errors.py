"""What this app refuses."""

from kit import errors


class InvalidCredentials(errors.NotAuthenticated):
    """The e-mail address and the password do not belong together, or the account is closed. We never say which."""

    code, title = "invalid_credentials", "The e-mail address or the password is wrong"


class SessionNotFound(errors.NotFound):
    """None of your sessions has this id: it ended already, or is someone else's."""

    code, title = "session_not_found", "None of your sessions has this id"
