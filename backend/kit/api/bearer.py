"""Which token came with this request? However the header is spelled, it is one token."""

from rest_framework.request import Request


def token_of(request: Request) -> str:
    """Return what stands in `Authorization` behind the scheme, or an empty string."""
    return request.headers.get("Authorization", "").partition(" ")[2].strip()
