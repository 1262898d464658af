"""Adds to the seeded database what both apps need, and prints as JSON who asks for what.

It runs with the plain app's settings: its models are the platform's and the token's.
"""

import json
import os

import django
from django.core.management import call_command
from django.db import connection

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.plain.settings"
django.setup()

from rest_framework.authtoken.models import Token  # noqa: E402  # models load once Django is set up

from apps.organizations.models import Membership, Organization  # noqa: E402  # so here
from apps.seeds import rules as seeds  # noqa: E402  # so here
from apps.users import rules  # noqa: E402  # so here
from apps.users.models import User  # noqa: E402  # so here
from tests.factories.users import SessionFactory  # noqa: E402  # so here

CREATED = "Bench"


def main() -> None:
    call_command("migrate", verbosity=0)
    Organization.objects.filter(name=CREATED).delete()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    alice = User.objects.get(email=seeds.ALICE.email)
    acme = Organization.objects.get(name=seeds.ACME, memberships__user=alice)
    members = Membership.objects.filter(organization=acme).order_by("-id")
    token = rules.new_token()
    SessionFactory.create(user=alice, token=token)
    found = {
        "ours": f"Bearer {token}",
        "plain": f"Token {Token.objects.get_or_create(user=alice)[0].key}",
        "members": f"/api/v1/organizations/{acme.id}/members",
        "member": str(members[1000].id),
    }
    print(json.dumps(found))  # noqa: T201  # its answer


if __name__ == "__main__":
    main()
