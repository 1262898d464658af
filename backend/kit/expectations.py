"""What state does a caller believe it changes? A service asks once it holds the row's lock."""

from collections.abc import Callable
from typing import Any

# Any: an entity of whichever model the service changes.
type Expectation = Callable[[Any], None]
"""Returns when the entity is as the caller saw it, else raises PreconditionFailed."""


def anything(_entity: object) -> None:
    """Expect nothing: for callers that need not have seen what they change."""
