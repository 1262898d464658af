"""How many requests a second? Keep-alive connections in a process of their own, with little work a request."""

import multiprocessing
import secrets
import selectors
import socket
import time
from dataclasses import dataclass

CONNECTIONS = 8
KEY = b"0" * 32  # stands for a fresh one, as long


@dataclass(frozen=True)
class Request:
    """What is asked of the server on `port`, again and again."""

    port: int
    method: str
    path: str
    authorization: str
    body: bytes = b""

    @property
    def expected(self) -> bytes:
        return b"HTTP/1.1 201 " if self.method == "POST" else b"HTTP/1.1 200 "

    def __bytes__(self) -> bytes:
        head = (
            f"{self.method} {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: {self.authorization}\r\n"
            f"Accept: application/json\r\nContent-Type: application/json\r\nContent-Length: {len(self.body)}\r\n"
            f"Idempotency-Key: {KEY.decode()}\r\n\r\n"
        )
        return head.encode() + self.body


class WrongAnswer(Exception):
    """The server did not answer as it should: what was measured would be something else."""


def once(request: Request) -> bytes:
    """Return the body of one answer.

    :raises WrongAnswer: when its status is not the expected one.
    """
    return _Connection(request).ask()


def rate(request: Request, seconds: float) -> float:
    """Return the requests a second that the server answers, all connections together.

    :raises WrongAnswer: when one of them is not answered as it should be.
    """
    with multiprocessing.get_context("fork").Pool(1) as pool:
        return pool.apply(_rate, (request, seconds))


def _rate(request: Request, seconds: float) -> float:
    selector = selectors.DefaultSelector()
    for _ in range(CONNECTIONS):
        connection = _Connection(request)
        selector.register(connection.socket, selectors.EVENT_READ, connection)
        connection.send()
    started = time.perf_counter()
    answered = 0
    while time.perf_counter() - started < seconds:
        for key, _events in selector.select():
            connection = key.data
            if connection.receive() is not None:
                answered += 1
                if connection.is_closed:
                    # A sync worker without nginx before it answers one request a connection.
                    selector.unregister(key.fileobj)
                    connection.open()
                    selector.register(connection.socket, selectors.EVENT_READ, connection)
                connection.send()
    return answered / (time.perf_counter() - started)


class _Connection:
    def __init__(self, request: Request) -> None:
        self.port, self.expected, self.bytes = request.port, request.expected, bytes(request)
        self.open()

    def open(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=30)

    def send(self) -> None:
        self.head, self.received, self.length, self.is_closed = b"", b"", -1, False
        self.socket.sendall(self.bytes.replace(KEY, secrets.token_hex(16).encode(), 1))

    def receive(self) -> bytes | None:
        """Read what is there; return the body once it is complete."""
        self.received += self.socket.recv(1 << 17)
        if self.length < 0:
            head, separator, rest = self.received.partition(b"\r\n\r\n")
            if not separator and self.received:
                return None
            if not head.startswith(self.expected):
                raise WrongAnswer(self.received[:2000].decode(errors="replace"))
            self.received, lowered = rest, head.lower()
            self.length = int(lowered.partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0])
            self.is_closed = b"\r\nconnection: close" in lowered
        return self.received if len(self.received) == self.length else None

    def ask(self) -> bytes:
        self.send()
        while (body := self.receive()) is None:
            pass
        self.socket.close()
        return body
