"""Addresses of people and sessions, below /api/v1/."""

from django.urls import path

from apps.users import views

urlpatterns = [
    path("users/me", views.MeView.as_view()),
    path("sessions", views.SessionsView.as_view()),
    path("sessions/current", views.CurrentSessionView.as_view()),
    path("sessions/<uuid:session_id>", views.SessionView.as_view()),
]
