"""Makes organizations, their members, and who else comes in."""

from datetime import timedelta

from factory.declarations import LazyAttribute, LazyFunction, SelfAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory

from apps.organizations import rules
from apps.organizations.models import ApiKey, Invitation, Membership, Organization, OwnershipTransfer
from apps.organizations.rules import Role
from kit import clock, tokens
from tests.factories.users import UserFactory


class OrganizationFactory(DjangoModelFactory[Organization]):
    class Meta:
        model = Organization

    name = Sequence(lambda number: f"Organization {number}")


class MembershipFactory(DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    organization = SubFactory(OrganizationFactory)
    user = SubFactory(UserFactory)
    role = Role.MEMBER.value


class ApiKeyFactory(DjangoModelFactory[ApiKey]):
    """Makes a key of a member, the owner unless `membership` is given."""

    class Meta:
        model = ApiKey

    class Params:
        token = LazyFunction(lambda: tokens.new_token(rules.KEY_PREFIX))
        membership = SubFactory(MembershipFactory, role=Role.OWNER)

    organization = SelfAttribute("membership.organization")
    created_by = SelfAttribute("membership.user")
    name = Sequence(lambda number: f"Key {number}")
    scopes = LazyFunction(lambda: [scope.value for scope in rules.SCOPES])
    token_hash = LazyAttribute(lambda key: tokens.token_hash(key.token))
    hint = LazyAttribute(lambda key: key.token[-rules.HINT_LENGTH :])
    last_used_at = LazyFunction(clock.now)


class InvitationFactory(DjangoModelFactory[Invitation]):
    class Meta:
        model = Invitation

    class Params:
        token = LazyFunction(lambda: tokens.new_token(rules.INVITATION_PREFIX))

    organization = SubFactory(OrganizationFactory)
    email = Sequence(lambda number: f"invited-{number}@slipway.test")
    role = Role.MEMBER.value
    token_hash = LazyAttribute(lambda invitation: tokens.token_hash(invitation.token))
    invited_by = SubFactory(UserFactory)
    expires_at = LazyFunction(lambda: clock.now() + timedelta(days=7))


class OwnershipTransferFactory(DjangoModelFactory[OwnershipTransfer]):
    class Meta:
        model = OwnershipTransfer

    organization = SubFactory(OrganizationFactory)
    offered_by = SubFactory(UserFactory)
    offered_to = SubFactory(UserFactory)
    expires_at = LazyFunction(lambda: clock.now() + timedelta(days=7))
