"""How do bytes become input? Strict JSON in UTF-8, never more than the limit, whatever the headers say."""

from collections.abc import Mapping
from typing import IO, Any

import orjson
from django.conf import settings
from rest_framework import parsers

from kit import errors


class JSONParser(parsers.BaseParser):
    media_type = "application/json"

    # Any: Django REST Framework's own signature.
    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        limit: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        # One byte more than allowed tells a long body from a full one, with or without a Content-Length.
        raw = stream.read(limit + 1)
        if len(raw) > limit:
            raise errors.PayloadTooLarge
        try:
            return orjson.loads(raw)
        except orjson.JSONDecodeError as error:
            raise errors.MalformedJson(f"The body is not valid JSON: {error}.") from error
