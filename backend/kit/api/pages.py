"""What do pages need that the API does not? Static files, cookies, forms: these middlewares let the API pass by."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from whitenoise.middleware import WhiteNoiseMiddleware

API = "/api/v1/"


class ForPages:
    get_response: Callable[[HttpRequest], HttpResponseBase]

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(API):
            return self.get_response(request)
        return super().__call__(request)


class StaticFiles(ForPages, WhiteNoiseMiddleware):
    """Serves the static files."""


class Sessions(ForPages, SessionMiddleware):
    """Reads the admin's cookie."""


class Csrf(ForPages, CsrfViewMiddleware):
    """Guards forms. The API takes no cookie as a proof, so there is nothing to forge."""

    # Any: Django's own signature.
    def process_view(
        self, request: HttpRequest, callback: Callable[..., Any], callback_args: tuple[Any, ...], callback_kwargs: Any
    ) -> HttpResponse | None:
        if request.path_info.startswith(API):
            return None
        return super().process_view(request, callback, callback_args, callback_kwargs)


class Authentication(ForPages, AuthenticationMiddleware):
    """Finds out who is signed in to the admin."""


class Messages(ForPages, MessageMiddleware):
    """Carries what the admin says to the next page."""
