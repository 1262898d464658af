"""Every address of the platform."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularRedocView, SpectacularSwaggerView

from kit.api.catalogue import errors_page
from kit.api.health import livez, readyz


def favicon(_request: HttpRequest) -> HttpResponse:
    return redirect(static("kit/favicon.svg"))


v1 = [
    path("", include("apps.users.urls")),
    path("", include("apps.organizations.urls")),
    path("", include("apps.audit.urls")),
]

urlpatterns = [
    path("api/v1/", include(v1)),  # most of what is asked, so the first to be looked at
    path("livez", livez),
    path("readyz", readyz),
    path("", RedirectView.as_view(url="/api/docs/")),
    path("favicon.ico", favicon),
    path("admin/", admin.site.urls),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerView.as_view(url_name="schema")),
    path("api/redoc/", SpectacularRedocView.as_view(url_name="schema")),
    path("api/errors", errors_page),
]

handler400 = "kit.api.errors.bad_request"
handler403 = "kit.api.errors.permission_denied"
handler404 = "kit.api.errors.not_found"
handler500 = "kit.api.errors.server_error"
