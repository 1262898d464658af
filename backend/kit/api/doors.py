"""What is a door? It authenticates, and tells the API document whom it turns away."""

from abc import ABC, abstractmethod

from rest_framework.authentication import BaseAuthentication

from kit import errors


class Door(BaseAuthentication, ABC):
    @abstractmethod
    def refusals(self, path: str) -> list[type[errors.Refusal]]:
        """Return every refusal that a caller may meet at the door of `path`."""
