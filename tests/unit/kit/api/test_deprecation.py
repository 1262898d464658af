from datetime import UTC, datetime

from kit.api.deprecation import Deprecation


def test_the_headers_are_those_of_the_standards() -> None:
    ending = Deprecation(
        since=datetime(2023, 6, 30, 23, 59, 59, tzinfo=UTC),
        sunset=datetime(2024, 6, 30, 23, 59, 59, tzinfo=UTC),
        successor="/api/v2/ships",
    )
    assert ending.headers() == {
        "Deprecation": "@1688169599",
        "Sunset": "Sun, 30 Jun 2024 23:59:59 GMT",
        "Link": '</api/v2/ships>; rel="successor-version"',
    }
