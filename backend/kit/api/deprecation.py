"""How long will this operation be there? `Deprecation` (RFC 9745) and `Sunset` (RFC 8594) say it in each answer."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.http import http_date


@dataclass(frozen=True, slots=True, kw_only=True)
class Deprecation:
    """Declared in one line on a view: `deprecation = Deprecation(since=…, sunset=…, successor="/api/v2/…")`."""

    since: datetime
    sunset: datetime
    successor: str
    """The address of what takes its place, or of the page that says what to do."""

    def headers(self) -> dict[str, str]:
        """Return what every answer of the view says."""
        return {
            "Deprecation": f"@{int(self.since.timestamp())}",
            "Sunset": http_date(self.sunset.timestamp()),
            "Link": f'<{self.successor}>; rel="successor-version"',
        }
