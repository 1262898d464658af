"""The addresses of the plain app: the platform's own."""

from django.urls import path

from tests.bench.plain import views

urlpatterns = [
    path("api/v1/organizations", views.OrganizationsView.as_view()),
    path("api/v1/organizations/<uuid:organization_id>/members", views.MembersView.as_view()),
    path("api/v1/organizations/<uuid:organization_id>/members/<uuid:pk>", views.MemberView.as_view()),
]
