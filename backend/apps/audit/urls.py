"""The address of an organization's audit log, below /api/v1/."""

from django.urls import path

from apps.audit import views

urlpatterns = [
    path("organizations/<uuid:organization_id>/audit", views.EntriesView.as_view()),
]
