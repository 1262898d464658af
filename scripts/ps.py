"""Tells the state of each service."""

from __future__ import annotations

from scripts.stacks import choose, console


@console.verb
def main() -> None:
    stack = choose.stack()
    status = stack.status()
    print(f"Slipway, stack {stack.name} ({stack.mode}), {stack.url}")
    for service, state in status.items():
        print(f"  {service:<10} {state}")


if __name__ == "__main__":
    main()
