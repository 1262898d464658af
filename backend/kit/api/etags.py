"""Which version is this? The strong `ETag` of a resource is a hash of its representation (RFC 9110, section 8.8.3).

So it changes exactly when what a reader sees changes, nested rows included, and an answer to a PATCH has the tag that a
GET would have. `If-Match` is compared in the service, once it holds the row's lock.
"""

import hashlib
import re
from typing import Any

from django.http import HttpResponse, HttpResponseNotModified
from rest_framework.request import Request

from kit import errors
from kit.api.renderers import JSONRenderer

# nginx marks a tag as weak when it compresses the answer: the version is the same one.
TAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')


def tag_of(body: bytes) -> str:
    """Return the tag of a representation."""
    return f'"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'


# Any: whatever a serializer shows.
def require_match(request: Request, representation: Any) -> None:
    """Return when the request's `If-Match` names this version.

    :raises PreconditionRequired: when there is no such header.
    :raises PreconditionFailed: when it names other versions.
    """
    header = request.headers.get("If-Match")
    if header is None:
        raise errors.PreconditionRequired
    if not _names(header, tag_of(JSONRenderer().render(representation))):
        raise errors.PreconditionFailed


def tagged(request: Request, response: HttpResponse) -> HttpResponse:
    """Return the answer with its tag, or, to a reader that has this version already, that alone."""
    tag = tag_of(response.content)
    known = request.headers.get("If-None-Match") if request.method in {"GET", "HEAD"} else None
    if known is not None and _names(known, tag):
        headers = {name: value for name, value in response.headers.items() if name != "Content-Type"}
        return HttpResponseNotModified(headers={**headers, "ETag": tag})
    response["ETag"] = tag
    return response


def _names(header: str, tag: str) -> bool:
    return header.strip() == "*" or tag in TAG.findall(header)
