"""Who the demo people are, and the fixed points that make every seeding equal."""

from dataclasses import dataclass
from datetime import UTC, datetime

ANCHOR = datetime(2026, 1, 5, 9, tzinfo=UTC)
PASSWORD = "sail-away-demo"  # noqa: S105  # printed by `make up`; local stacks only
SALT = "slipway-demo-salt"  # a fixed one, so that the hash too is equal on every machine


@dataclass(frozen=True)
class Person:
    name: str
    email: str
    part: str
    is_staff: bool = False


ALICE = Person("Alice Archer", "alice@slipway.test", "owner of Acme Rockets, staff", is_staff=True)
BOB = Person("Bob Builder", "bob@slipway.test", "member of Acme Rockets")
CHARLIE = Person("Charlie Cole", "charlie@slipway.test", "owner of Charlie's Charters, an outsider to Acme")
CAST = (ALICE, BOB, CHARLIE)
ACME, CHARTERS = "Acme Rockets", "Charlie's Charters"

CROWD_DOMAIN = "crowd.slipway.test"


def crowd_email(number: int) -> str:
    """Return the address of the crowd's member number `number`, from 0."""
    return f"member-{number:07d}@{CROWD_DOMAIN}"
