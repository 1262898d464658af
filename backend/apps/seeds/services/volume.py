"""Makes a crowd: members by the hundred thousand, in seconds, by COPY."""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction

from apps.organizations.rules import Role
from apps.seeds import rules, selectors
from apps.users import services as users
from kit import ids

CHUNK = 10_000

type Row = tuple[object, ...]
type Progress = Callable[[int], None]

USER_COLUMNS = (
    "id", "created_at", "updated_at", "email", "name", "password", "locale", "timezone",
    "is_active", "is_staff", "is_superuser",
)  # fmt: skip
MEMBERSHIP_COLUMNS = ("id", "created_at", "updated_at", "user_id", "organization_id", "role")


def seed_volume(*, members: int, on_progress: Progress) -> int:
    """Fill Acme up to `members` members of the crowd, and return how many rows that took (two a member).

    Deterministic: member number n has the same ids, name and address on every machine. `on_progress` is told the
    number of members there are so far.
    """
    password_hash = users.hash_password(password=rules.PASSWORD, salt=rules.SALT)
    acme_id = selectors.get_acme_id()
    present = selectors.count_crowd()
    for start in range(present, members, CHUNK):
        numbers = range(start, min(start + CHUNK, members))
        # A transaction a chunk: what was interrupted is continued by the next run.
        with transaction.atomic():
            _copy("users_user", USER_COLUMNS, _users(numbers, password_hash))
            _copy("organizations_membership", MEMBERSHIP_COLUMNS, _memberships(numbers, acme_id))
        on_progress(numbers.stop)
    with connection.cursor() as cursor:
        # Raw SQL: the planner needs fresh statistics at once, not when autovacuum comes by.
        cursor.execute("ANALYZE users_user, organizations_membership")
    return 2 * max(0, members - present)


def _copy(table: str, columns: tuple[str, ...], rows: Iterable[Row]) -> None:
    # Raw SQL: COPY has no ORM form, and is some thirty times as fast as saving objects. Names are our own constants.
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _users(numbers: range, password_hash: str) -> Iterator[Row]:
    for number in numbers:
        at = rules.ANCHOR + timedelta(seconds=number)
        name = f"Member {number:07d}"
        yield (
            ids.derived_id("crowd-user", number, at), at, at, rules.crowd_email(number), name, password_hash,
            "en", "UTC", True, False, False,
        )  # fmt: skip


def _memberships(numbers: range, organization_id: UUID) -> Iterator[Row]:
    for number in numbers:
        at = rules.ANCHOR + timedelta(seconds=number)
        user_id = ids.derived_id("crowd-user", number, at)
        yield ids.derived_id("crowd-membership", number, at), at, at, user_id, organization_id, Role.MEMBER
