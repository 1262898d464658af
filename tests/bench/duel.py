"""Who is faster, and by how much? Two requests in turn, in short rounds, so that whatever else happens hits both."""

import json
from dataclasses import dataclass
from statistics import median

from tests.bench.load import Request, once, rate

SECONDS = 0.5
MOST_A_PAGE = 200
CREATED = b'{"name":"Bench"}'

type Pair = tuple[Request, Request]


@dataclass(frozen=True)
class Duel:
    """Our app and the plain one, by the ports on which they answer."""

    asked: dict[str, str]
    ours: int
    plain: int
    rounds: int

    def of(self, kind: str) -> str:
        """Return the line of one kind of request: how many times as many a second as plain."""
        method, path, body = {
            "list": ("GET", self.asked["members"], b""),
            "detail": ("GET", f"{self.asked['members']}/{self.asked['member']}", b""),
            "create": ("POST", "/api/v1/organizations", CREATED),
        }[kind]
        ours, plain = (
            Request(port, method, path, self.asked[name], body)
            for name, port in (("ours", self.ours), ("plain", self.plain))
        )
        return self._line(kind, (ours, plain), ("req/s, plain", "req/s"))

    def depth(self) -> str:
        """Return the line of a list's last pages: how many times the cost of the first page."""
        first = Request(self.ours, "GET", self.asked["members"], self.asked["ours"])
        last = Request(self.ours, "GET", f"{self.asked['members']}?cursor={self._last_cursor()}", self.asked["ours"])
        return self._line("depth", (first, last), ("req/s first page,", "req/s last page"))

    def _last_cursor(self) -> str:
        """Walk the list to its end, and return the cursor of the last whole page."""
        whole = f"{self.asked['members']}?limit={MOST_A_PAGE}"
        cursors: list[str] = []
        path = whole
        while cursor := json.loads(once(Request(self.ours, "GET", path, self.asked["ours"])))["next"]:
            cursors.append(cursor)
            path = f"{whole}&cursor={cursor}"
        return cursors[-2]

    def _line(self, kind: str, pair: Pair, units: tuple[str, str]) -> str:
        for request in pair:
            rate(request, SECONDS / 2)  # what is done once a process is done now
        rounds = [(rate(pair[0], SECONDS), rate(pair[1], SECONDS)) for _ in range(self.rounds)]
        ratio = median(one / other for one, other in rounds)
        one, other = (median(rates) for rates in zip(*rounds, strict=True))
        return f"{kind:<7}{ratio:5.2f}x   {one:6.0f} {units[0]} {other:6.0f} {units[1]}"
