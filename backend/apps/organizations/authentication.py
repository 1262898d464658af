"""The door itself: who comes in with this token, and as whom in this organization?"""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from apps.organizations import selectors
from apps.users import services as users
from apps.users.rules import is_sighting_due
from kit import clock, errors, logging
from kit.actor import Person


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer sls_…`. One query finds the person, and the actor in the path's organization."""

    def authenticate(self, request: Request) -> tuple[Person, None] | None:
        scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        organization_id = request.parser_context["kwargs"].get("organization_id")
        at = clock.now()
        bearer = selectors.get_bearer(token=token.strip(), organization_id=organization_id, at=at)
        if bearer is None:
            raise errors.NotAuthenticated("The token is unknown, expired or revoked.")
        if is_sighting_due(bearer.last_seen_at, at):
            users.note_sighting(session_id=bearer.person.session_id, at=at)
        logging.bind(user_id=bearer.person.user_id, organization_id=organization_id)
        if organization_id is None:
            return bearer.person, None
        if bearer.actor is None:
            raise errors.NotFound
        return bearer.actor, None

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # Spectacular registers subclasses untyped
    target_class = BearerAuthentication
    name = "bearer"

    # Any: an OpenAPI security scheme.
    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "The token that signing in returned."}
