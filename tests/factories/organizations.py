"""Makes organizations and their members."""

from factory.declarations import Sequence, SubFactory
from factory.django import DjangoModelFactory

from apps.organizations.models import Membership, Organization
from apps.organizations.rules import Role
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
