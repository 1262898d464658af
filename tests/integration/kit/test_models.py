from datetime import UTC, datetime, timedelta

from apps.organizations.models import Organization
from kit import clock
from tests.factories.organizations import OrganizationFactory

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)


def test_a_new_entity_was_made_and_changed_at_the_same_time() -> None:
    with clock.fixed(NOON):
        organization = OrganizationFactory.create()
    organization.refresh_from_db()
    assert (organization.created_at, organization.updated_at) == (NOON, NOON)


def test_a_partial_save_is_a_change_too() -> None:
    with clock.fixed(NOON):
        organization = OrganizationFactory.create(name="Acme")
    with clock.fixed(LATER):
        organization.name = "Acme Ltd"
        organization.save(update_fields=["name"])
    stored = Organization.objects.get()
    assert (stored.name, stored.created_at, stored.updated_at) == ("Acme Ltd", NOON, LATER)


def test_ids_stand_in_the_order_of_creation() -> None:
    made = [OrganizationFactory.create() for _ in range(5)]
    assert list(Organization.objects.order_by("id")) == made
