"""What is seeded already, and is it what it should be?"""

import hashlib
from uuid import UUID

from django.apps import apps
from django.db import connection

from apps.organizations import selectors as organizations
from apps.seeds import rules
from apps.users import selectors as users


def count_crowd() -> int:
    """Return how many members the crowd has. They are numbered without gaps, from 0."""
    return users.count_users(email_domain=rules.CROWD_DOMAIN)


def get_acme_id() -> UUID:
    """Return the id of the demo organization that the crowd joins."""
    return organizations.get_first_organization_id(name=rules.ACME)


def get_digest() -> str:
    """Return the SHA-256 of every row of our apps' tables but sessions: equal seeds have equal digests."""
    digest = hashlib.sha256()
    tables = sorted(
        model._meta.db_table
        for model in apps.get_models()
        if model.__module__.startswith("apps.") and model.__name__ != "Session"
    )
    for table in tables:
        digest.update(table.encode())
        # Raw SQL: COPY streams a whole table as text without making an object a row. Names are Django's own.
        with connection.cursor() as cursor, cursor.copy(f"COPY (SELECT * FROM {table} ORDER BY id) TO STDOUT") as copy:  # noqa: S608
            for block in copy:
                digest.update(block)
    return digest.hexdigest()
