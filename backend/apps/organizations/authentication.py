"""The door itself: who comes in with this token, and as whom in this organization?"""

from datetime import datetime
from uuid import UUID

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.request import Request

from apps.organizations import rules, selectors, services
from apps.organizations.errors import OrganizationClosing, OrganizationSuspended
from apps.users import services as users
from apps.users.rules import is_sighting_due
from kit import clock, errors, logging
from kit.actor import Actor, Person
from kit.api.doors import Door

UNKNOWN = "The token is unknown, expired or revoked."


class BearerAuthentication(Door):
    """`Authorization: Bearer …`: of a session (`sls_…`) for a person, or an API key (`slp_live_…`) for a program.

    One query finds the person, and the actor in the path's organization; one finds a key with all it needs.
    """

    def authenticate(self, request: Request) -> tuple[Person | Actor, None] | None:
        scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = token.strip()
        organization_id = request.parser_context["kwargs"].get("organization_id")
        enter = _enter_by_key if token.startswith(rules.KEY_PREFIX) else _enter_by_session
        return enter(token, organization_id, at=clock.now()), None

    def refusals(self, path: str) -> list[type[errors.Refusal]]:
        if "{organization_id}" in path:
            return [errors.NotAuthenticated, errors.NotFound, OrganizationClosing, OrganizationSuspended]
        return [errors.NotAuthenticated, errors.ApiKeyNotAccepted]

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # Spectacular registers subclasses untyped
    target_class = BearerAuthentication
    name = "bearer"

    # Any: an OpenAPI security scheme.
    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "The token of a session or an API key."}


def _enter_by_session(token: str, organization_id: UUID | None, *, at: datetime) -> Person | Actor:
    bearer = selectors.get_bearer(token=token, organization_id=organization_id, at=at)
    if bearer is None:
        raise errors.NotAuthenticated(UNKNOWN)
    person = bearer.person
    if is_sighting_due(bearer.last_seen_at, at):
        users.note_sighting(session_id=person.session_id, at=at)
    logging.bind(user_id=person.user_id, organization_id=organization_id)
    if person.impersonator_id:
        logging.bind(impersonator_id=person.impersonator_id)
    if organization_id is None:
        return person
    if bearer.actor is None:
        raise errors.NotFound
    return bearer.actor


def _enter_by_key(token: str, organization_id: UUID | None, *, at: datetime) -> Actor:
    key = selectors.get_live_key(token=token, at=at)
    if key is None:
        raise errors.NotAuthenticated(UNKNOWN)
    logging.bind(api_key_id=key.id, organization_id=organization_id)
    if organization_id is None:
        raise errors.ApiKeyNotAccepted
    if organization_id != key.organization_id:
        raise errors.NotFound
    actor = key.actor()
    if rules.is_use_due(key.last_used_at, at):
        services.note_use(key_id=key.id, at=at)
    return actor
