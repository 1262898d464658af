import threading
from datetime import timedelta

import pytest
from django.db import connection

from apps.organizations import services
from apps.organizations.errors import InvitationNotFound
from apps.organizations.models import Invitation, Membership
from apps.users.errors import AccountExists
from apps.users.models import User
from kit import clock, errors, ids
from kit.actor import Person
from tests.factories.organizations import InvitationFactory
from tests.factories.users import UserFactory
from tests.memory import everything

TOKEN = "sli_one"
THREADS = 8


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["accept", "join"])
def test_of_many_who_accept_at_the_same_moment_one_becomes_a_member(way: str) -> None:
    invitation = InvitationFactory.create(token=TOKEN)
    user = UserFactory.create(email=invitation.email) if way == "accept" else None
    start, outcomes = threading.Barrier(THREADS), []

    def use() -> None:
        start.wait()
        try:
            if user:
                person = Person(user_id=user.id, session_id=ids.new_id())
                services.accept_invitation(person=person, token=TOKEN, at=clock.now())
            else:
                services.join_as_new(token=TOKEN, name="Dana", password="anchors-aweigh-now", at=clock.now())
            outcomes.append("joined")
        except (InvitationNotFound, AccountExists) as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=use) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == THREADS
    assert outcomes.count("joined") == 1
    assert Membership.objects.filter(organization=invitation.organization).count() == 1
    assert User.objects.filter(email=invitation.email).count() == 1
    assert not Invitation.objects.exists()


def test_a_password_is_hashed_for_a_token_that_opens_something_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.users.services.hash_password", lambda **_given: pytest.fail("It was hashed."))
    with pytest.raises(InvitationNotFound):
        services.join_as_new(token="sli_wrong", name="Eve", password="anchors-aweigh-now", at=clock.now())


def test_staff_in_somebodys_name_are_refused_by_the_service_itself() -> None:
    invitation = InvitationFactory.create(token=TOKEN)
    dana = UserFactory.create(email=invitation.email)
    person = Person(user_id=dana.id, session_id=ids.new_id(), impersonator_id=ids.new_id())
    with pytest.raises(errors.NotWhileImpersonating):
        services.accept_invitation(person=person, token=TOKEN, at=clock.now())


def test_an_invitation_can_be_resent_for_thirty_days_after_it_expired() -> None:
    at = clock.now()
    gone = InvitationFactory.create(expires_at=at - timedelta(days=30))
    kept = InvitationFactory.create(expires_at=at - timedelta(days=29))
    assert services.delete_expired_invitations(at=at) == 1
    assert list(Invitation.objects.all()) == [kept]
    assert str(gone.id) not in repr(everything()["organizations.Invitation"])
