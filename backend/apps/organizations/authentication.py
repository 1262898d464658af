"""The door itself: who comes in with this token, and as whom in this organization?"""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from apps.organizations import selectors
from apps.users import selectors as users
from apps.users import services as user_services
from apps.users.rules import is_sighting_due
from kit import clock, errors, logging
from kit.actor import Person


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer sls_…`. One query finds the person, one more the actor in the path's organization."""

    def authenticate(self, request: Request) -> tuple[Person, None] | None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        at = clock.now()
        session = users.get_live_session(token=token.strip(), at=at)
        if session is None:
            raise errors.NotAuthenticated("The token is unknown, expired or revoked.")
        if is_sighting_due(session.last_seen_at, at):
            user_services.note_sighting(session_id=session.id, at=at)
        person = Person(user_id=session.user_id, session_id=session.id)
        organization_id = request.parser_context["kwargs"].get("organization_id")
        logging.bind(user_id=person.user_id, organization_id=organization_id)
        if organization_id is None:
            return person, None
        return selectors.get_actor(person=person, organization_id=organization_id), None

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # Spectacular registers subclasses untyped
    target_class = BearerAuthentication
    name = "bearer"

    # Any: an OpenAPI security scheme.
    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "The token that signing in returned."}
