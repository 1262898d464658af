import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from apps.audit.rules import PLATFORM
from apps.organizations import services
from apps.organizations.errors import OrganizationClosing, OrganizationSuspended
from apps.organizations.models import Organization
from apps.organizations.services import turns
from kit import clock, errors, ids
from kit.actor import Actor, Person
from tests.cast import assemble, membership_of
from tests.factories.organizations import (
    ApiKeyFactory,
    InvitationFactory,
    OrganizationFactory,
    OwnershipTransferFactory,
)
from tests.factories.users import UserFactory
from tests.memory import everything, unchanged
from tests.trails import actions, faults

AT = clock.now()


def somebody(*, is_staff: bool) -> Person:
    return Person(user_id=ids.new_id(), session_id=ids.new_id(), is_staff=is_staff)


def test_what_is_due_goes_with_all_that_belongs_to_it_and_the_rest_stays() -> None:
    cast = assemble()
    ApiKeyFactory.create(membership=membership_of(cast.alice))
    InvitationFactory.create(organization=cast.acme)
    OwnershipTransferFactory.create(organization=cast.acme)
    Organization.objects.filter(id=cast.acme.id).update(deletion_scheduled_at=AT)
    later = OrganizationFactory.create(deletion_scheduled_at=AT + timedelta(seconds=1))
    suspended = OrganizationFactory.create(deletion_scheduled_at=AT, suspended_at=AT)
    assert services.remove_due_organizations(at=AT) == 1
    assert set(Organization.objects.all()) == {cast.charters, later, suspended}
    assert actions(PLATFORM.id)[-1] == "organization.removed"
    left = {label: rows for label, rows in everything().items() if label != "audit.Entry"}
    assert str(cast.acme.id) not in repr(left)
    assert len(left["users.User"]) >= 3


def test_an_organization_takes_its_log_along_and_the_platform_remembers() -> None:
    organization = services.create_organization(name="Acme", owner_id=UserFactory.create().id)
    Organization.objects.update(deletion_scheduled_at=AT)
    assert actions(organization.id) == ["organization.created"]
    assert services.remove_due_organizations(at=AT) == 1
    assert actions(organization.id) == []
    assert actions(PLATFORM.id) == ["chain.forgotten", "organization.removed"]
    assert faults() == []


@pytest.mark.django_db(transaction=True)
def test_what_is_restored_at_the_same_moment_stays() -> None:
    organization = OrganizationFactory.create(deletion_scheduled_at=AT)
    removed = []

    def remove() -> None:
        removed.append(services.remove_due_organizations(at=AT))
        connection.close()

    remover = threading.Thread(target=remove)
    with transaction.atomic():
        Organization.objects.filter(id=organization.id).update(deletion_scheduled_at=None)
        remover.start()
        remover.join(0.3)
        assert remover.is_alive()
    remover.join()
    assert removed == [0]
    assert list(Organization.objects.all()) == [organization]


def test_the_services_of_staff_ask_for_staff_themselves() -> None:
    organization = OrganizationFactory.create(suspended_at=AT)
    nobody = somebody(is_staff=False)
    with unchanged():
        with pytest.raises(errors.StaffOnly):
            services.reinstate_organization(person=nobody, organization_id=organization.id)
        with pytest.raises(errors.StaffOnly):
            services.suspend_organization(person=nobody, organization_id=organization.id, reason="x", at=AT)


@pytest.mark.parametrize(
    ("state", "refusal"), [("suspended_at", OrganizationSuspended), ("deletion_scheduled_at", OrganizationClosing)]
)
def test_who_came_in_before_it_was_closed_changes_nothing(state: str, refusal: type[errors.Refusal]) -> None:
    organization = OrganizationFactory.create()
    early = Actor(
        by=somebody(is_staff=False),
        organization_id=organization.id,
        role="owner",
        permissions=frozenset({"organization:manage"}),
    )
    Organization.objects.update(**{state: AT})
    with unchanged(), pytest.raises(refusal):
        services.update_organization(actor=early, name="X")
    organization.delete()
    with pytest.raises(errors.NotFound):
        services.update_organization(actor=early, name="X")
    assert turns.lock_organization(organization_id=early.organization_id) is None
