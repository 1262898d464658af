"""Brings the stack up, seeds the demo cast, and tells where everything is."""

from __future__ import annotations

from scripts.stacks import choose, console
from scripts.stacks.program import StackError
from scripts.stacks.stack import Stack

PEOPLE = (
    ("alice@slipway.test", "owner of Acme Rockets, staff (admin)"),
    ("bob@slipway.test", "member of Acme Rockets"),
    ("charlie@slipway.test", "owner of Charlie's Charters, an outsider to Acme"),
)
PASSWORD = "sail-away-demo"  # noqa: S105  It opens the demo cast only, and `make up` prints it.


def bring_up(stack: Stack, *, reload: bool = False) -> None:
    """Make the stack healthy and seeded, telling each step."""
    progress = console.Progress()
    print(f"Slipway, stack {stack.name} ({stack.mode})", flush=True)
    already = stack.up(progress, reload=reload)
    if not stack.query(f"SELECT 1 FROM users_user WHERE email = '{PEOPLE[0][0]}'"):  # noqa: S608  # a constant of ours
        already = False
        if stack.manage("seed", quiet=True):
            raise StackError("The demo cast could not be seeded. `make seed` shows why.")
        progress.tell("seed", "done")
    verdict = "It was running already; checked" if already else "Ready"
    print(f"\n{summary(stack)}\n\n{verdict} in {progress.seconds():.1f} s. More verbs: make")


def summary(stack: Stack) -> str:
    """List the addresses and the demo people."""
    addresses = (("Home", "/"), ("API docs", "/api/docs/"), ("Admin", "/admin/"))
    lines = [f"  {name:<10} {stack.url}{path}" for name, path in addresses]
    people = [f"  {email:<22} {PASSWORD}   {role}" for email, role in PEOPLE]
    return "\n".join([*lines, "", *people])


@console.verb
def main() -> None:
    bring_up(choose.stack())


if __name__ == "__main__":
    main()
