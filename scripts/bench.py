"""Measures the API against plain Django REST Framework that does the same work; ROUNDS=60 for a longer look."""

from __future__ import annotations

import os

from scripts.stacks import console
from tests.bench import servers
from tests.bench.duel import Duel

KINDS = ("list", "detail", "create")


@console.verb
def main() -> None:
    environment = servers.environment()
    asked = servers.prepared(environment)
    with servers.running(environment) as (ours, plain):
        duel = Duel(asked, ours, plain, rounds=int(os.environ.get("ROUNDS") or 15))
        # Creating comes last: it makes the tables larger.
        print(duel.depth(), flush=True)
        for kind in KINDS:
            print(duel.of(kind), flush=True)
    counted = servers.queries(environment, asked)
    print("queries " + ", ".join(f"{kind} {counted[kind]}" for kind in KINDS))


if __name__ == "__main__":
    main()
