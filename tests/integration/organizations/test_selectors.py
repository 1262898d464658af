import pytest

from apps.organizations import selectors
from kit import errors
from tests.factories.organizations import OrganizationFactory


def test_of_two_organizations_of_one_name_the_older_is_the_first() -> None:
    older, _younger = OrganizationFactory.create_batch(2, name="Acme")
    assert selectors.get_first_organization_id(name="Acme") == older.id


def test_an_organization_of_a_name_that_nobody_gave_is_not_found() -> None:
    with pytest.raises(errors.NotFound):
        selectors.get_first_organization_id(name="Nowhere")
