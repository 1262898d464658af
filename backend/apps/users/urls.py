"""Addresses of people and sessions, below /api/v1/."""

from django.urls import path

from apps.users import views

urlpatterns = [
    path("users/me", views.MeView.as_view()),
    path("sessions", views.SessionsView.as_view()),
    path("sessions/current", views.CurrentSessionView.as_view()),
    path("sessions/<uuid:session_id>", views.SessionView.as_view()),
    path("admin/users", views.StaffUsersView.as_view()),
    path("admin/users/<uuid:user_id>/impersonation", views.StartImpersonationView.as_view()),
    path("admin/impersonations", views.ImpersonationsView.as_view()),
    path("admin/impersonations/<uuid:session_id>", views.ImpersonationView.as_view()),
]
