from datetime import timedelta

import pytest
from celery import Task

from apps.organizations import tasks
from apps.organizations.models import ApiKey, Invitation, Organization
from kit import clock
from tests.factories.organizations import ApiKeyFactory, InvitationFactory, OrganizationFactory

TASKS = [tasks.remove_due_organizations, tasks.delete_expired_invitations, tasks.delete_expired_api_keys]


def test_organizations_whose_grace_is_over_go() -> None:
    kept = OrganizationFactory.create(deletion_scheduled_at=clock.now() + timedelta(hours=1))
    OrganizationFactory.create(deletion_scheduled_at=clock.now() - timedelta(seconds=1))
    tasks.remove_due_organizations()
    assert list(Organization.objects.all()) == [kept]


def test_invitations_and_keys_that_expired_long_ago_go() -> None:
    long_ago = clock.now() - timedelta(days=31)
    invitations = [InvitationFactory.create(), InvitationFactory.create(expires_at=long_ago)]
    keys = [
        ApiKeyFactory.create(),
        ApiKeyFactory.create(expires_at=clock.now()),
        ApiKeyFactory.create(expires_at=long_ago),
    ]
    tasks.delete_expired_invitations()
    tasks.delete_expired_api_keys()
    assert list(Invitation.objects.all()) == invitations[:1]
    assert list(ApiKey.objects.order_by("id")) == keys[:2]


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
# Any: a task takes and returns what it likes.
def test_a_worker_of_today_understands_a_caller_of_tomorrow(task: "Task[..., object]") -> None:
    task.apply(kwargs={"batch": 500}, throw=True)
