"""Addresses of organizations, their members, and who else comes in, below /api/v1/."""

from django.urls import path

from apps.organizations import views

ORGANIZATION = "organizations/<uuid:organization_id>"

urlpatterns = [
    path("organizations", views.OrganizationsView.as_view()),
    path(ORGANIZATION, views.OrganizationView.as_view()),
    path(f"{ORGANIZATION}/members", views.MembersView.as_view()),
    path(f"{ORGANIZATION}/members/<uuid:membership_id>", views.MemberView.as_view()),
    path(f"{ORGANIZATION}/deletion", views.DeletionView.as_view()),
    path(f"{ORGANIZATION}/api-keys", views.ApiKeysView.as_view()),
    path(f"{ORGANIZATION}/api-keys/<uuid:key_id>", views.ApiKeyView.as_view()),
    path(f"{ORGANIZATION}/api-keys/<uuid:key_id>/rotation", views.ApiKeyRotationView.as_view()),
    path(f"{ORGANIZATION}/invitations", views.InvitationsView.as_view()),
    path(f"{ORGANIZATION}/invitations/<uuid:invitation_id>", views.InvitationView.as_view()),
    path(f"{ORGANIZATION}/invitations/<uuid:invitation_id>/resend", views.ResendInvitationView.as_view()),
    path(f"{ORGANIZATION}/ownership-transfer", views.OwnershipTransferView.as_view()),
    path(f"{ORGANIZATION}/ownership-transfer/accept", views.AcceptOwnershipView.as_view()),
    path(f"{ORGANIZATION}/ownership-transfer/decline", views.DeclineOwnershipView.as_view()),
    path("invitations/accept", views.AcceptInvitationView.as_view()),
    path("invitations/decline", views.DeclineInvitationView.as_view()),
    path("invitations/join", views.JoinView.as_view()),
    path("admin/organizations", views.StaffOrganizationsView.as_view()),
    # Not `organization_id`: staff do not come in as members.
    path("admin/organizations/<uuid:tenant_id>/suspension", views.SuspensionView.as_view()),
]
