"""What do pages need that the API does not? Cookies, forms, messages: these middlewares let the API pass by."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponseForbidden
from django.http.response import HttpResponseBase
from django.middleware.csp import ContentSecurityPolicyMiddleware
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.deprecation import MiddlewareMixin

API = "/api/v1/"


class ForPages(MiddlewareMixin):
    # Any: Django's own signature, which allows for coroutines.
    def __call__(self, request: HttpRequest) -> Any:
        return self.get_response(request) if request.path_info.startswith(API) else super().__call__(request)


class ContentSecurityPolicy(ForPages, ContentSecurityPolicyMiddleware):
    """Says what a page may load. JSON loads nothing."""


class Sessions(ForPages, SessionMiddleware):
    """Reads the admin's cookie."""


class Csrf(ForPages, CsrfViewMiddleware):
    """Guards forms. No cookie proves anything to the API, so there is nothing to forge."""

    # Any: Django's own signature.
    def process_view(
        self,
        request: HttpRequest,
        callback: Callable[..., HttpResponseBase],
        callback_args: tuple[Any, ...],
        callback_kwargs: dict[str, Any],
    ) -> HttpResponseForbidden | None:
        if request.path_info.startswith(API):
            return None
        return super().process_view(request, callback, callback_args, callback_kwargs)


class Authentication(ForPages, AuthenticationMiddleware):
    """Finds out who is signed in to the admin."""


class Messages(ForPages, MessageMiddleware):
    """Carries what the admin says to the next page."""
