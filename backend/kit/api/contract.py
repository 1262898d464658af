"""What does every answer keep of the contract? Quotas, one effect a key, versions, and a warning before the end."""

from collections.abc import Callable
from typing import Any, ClassVar, cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kit import errors
from kit.actor import Actor, Person
from kit.api import etags, idempotency, quotas
from kit.api.bearer import token_of
from kit.api.deprecation import Deprecation


class ContractView(APIView):
    versioned_methods: ClassVar[frozenset[str]] = frozenset({"GET", "HEAD", "PUT", "PATCH"})
    """Methods that answer with the representation of one resource: it carries an `ETag`."""
    unconditional_methods: ClassVar[frozenset[str]] = frozenset()
    """Methods that change something for which nobody could have read an `ETag`: they ask for no `If-Match`."""
    secret_methods: ClassVar[frozenset[str]] = frozenset()
    """Methods whose answer holds a secret: while it is kept for a retry it is sealed with the caller's token."""
    deprecation: ClassVar[Deprecation | None] = None
    """Since when there is something better, and when this one goes."""

    def quotas_of(self, request: Request, caller: str) -> list[tuple[str, str]]:
        """Return the quotas that the request takes from: the name of each, and for whom it counts."""
        return [("default", caller) if caller else ("anonymous", quotas.client_ip(request))]

    # Any, here and below: whatever the address holds.
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer as Django REST Framework does, but give a request that is sent again the answer it had."""
        self.args, self.kwargs = args, kwargs
        self.request = asked = self.initialize_request(request, *args, **kwargs)
        self.headers = {**self.default_response_headers, **(self.deprecation.headers() if self.deprecation else {})}
        try:
            self.initial(asked, *args, **kwargs)
            response: HttpResponseBase = self._answer_once(asked)
        except Exception as error:  # noqa: BLE001  # the handler knows what it means, whatever it is
            response = self.handle_exception(error)
        return self.finalize_response(asked, response, *args, **kwargs)

    def perform_authentication(self, request: Request) -> None:
        """Find out who asks, and count it: a token that opens nothing counts for its address."""
        caller = token_of(request) if request.authenticators else ""
        try:
            super().perform_authentication(request)
        except errors.NotAuthenticated:
            caller = ""
            raise
        finally:
            spending = quotas.spend(self.quotas_of(request, caller))
            self.headers |= spending.headers()
            spending.require()

    def finalize_response(  # type: ignore[override]  # the stubs forget that Django's own answers are answers
        self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Add what the contract promises of the answer."""
        final: HttpResponseBase = super().finalize_response(request, cast("Response", response), *args, **kwargs)
        is_versioned = request.method in self.versioned_methods and final.status_code == 200
        return etags.tagged(request, final) if is_versioned and isinstance(final, HttpResponse) else final

    def _answer_once(self, request: Request) -> HttpResponseBase:
        handler = self._handler(request)

        def answer() -> HttpResponse:
            # Rendered here, since the answer belongs to the transaction that keeps it.
            return self._rendered(request, handler(request, *self.args, **self.kwargs))

        if request.method not in idempotency.UNSAFE or not request.authenticators:
            return answer()
        is_secret = request.method in self.secret_methods
        return idempotency.once(
            request, answer, caller_id=cast("Person | Actor", request.user).caller_id, is_secret=is_secret
        )

    def _handler(self, request: Request) -> Callable[..., HttpResponse]:
        method = str(request.method).lower()
        handler: Callable[..., HttpResponse] | None = getattr(self, method, None)
        if method not in self.http_method_names or handler is None:
            raise MethodNotAllowed(str(request.method))
        return handler

    def _rendered(self, request: Request, response: HttpResponse) -> HttpResponse:
        if isinstance(response, Response):
            response.accepted_renderer = request.accepted_renderer
            response.accepted_media_type = request.accepted_media_type
            response.renderer_context = self.get_renderer_context()  # type: ignore[attr-defined]  # not in the stubs
            response.render()
        return response
