"""Addresses of organizations and their members, below /api/v1/."""

from django.urls import path

from apps.organizations import views

urlpatterns = [
    path("organizations", views.OrganizationsView.as_view()),
    path("organizations/<uuid:organization_id>", views.OrganizationView.as_view()),
    path("organizations/<uuid:organization_id>/members", views.MembersView.as_view()),
    path("organizations/<uuid:organization_id>/members/<uuid:membership_id>", views.MemberView.as_view()),
]
