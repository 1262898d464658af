from django.test import Client

from tests.cast import assemble
from tests.factories.organizations import MembershipFactory
from tests.factories.users import UserFactory


def test_staff_see_members_with_no_query_for_each() -> None:
    cast = assemble()
    MembershipFactory.create_batch(5, organization=cast.acme)
    client = Client()
    client.force_login(UserFactory.create(is_staff=True, is_superuser=True))
    response = client.get("/admin/organizations/membership/")
    assert response.status_code == 200
    assert response.content.count(b"Acme") >= 7
