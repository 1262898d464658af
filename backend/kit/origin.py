"""Where does this request come from? Kept beside it, so that whoever writes a fact need not be handed it."""

from contextvars import ContextVar

_ip: ContextVar[str] = ContextVar("origin_ip", default="")


def begin(*, ip: str) -> None:
    """Begin a request that comes from the address `ip`."""
    _ip.set(ip)


def ip() -> str:
    """Return the address that the request at hand comes from, or an empty string outside of one."""
    return _ip.get()
