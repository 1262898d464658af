"""The plain app: the same answers as the platform's, by Django REST Framework's generic views alone."""

from django.db.models import QuerySet
from rest_framework import generics
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from apps.organizations.models import Membership, Organization
from apps.organizations.rules import Role
from apps.organizations.serializers import MembershipSerializer, OrganizationSerializer


class NewestFirst(CursorPagination):
    page_size = 50
    ordering = "-id"


class IsMember(BasePermission):
    def has_permission(self, request: Request, view: APIView) -> bool:
        mine = Membership.objects.filter(user_id=str(request.user.pk))
        return mine.filter(organization_id=view.kwargs["organization_id"]).exists()


class Members(generics.GenericAPIView[Membership]):
    serializer_class = MembershipSerializer
    pagination_class = NewestFirst
    permission_classes = (IsAuthenticated, IsMember)

    def get_queryset(self) -> QuerySet[Membership]:
        memberships = Membership.objects.select_related("user", "organization")
        return memberships.filter(organization_id=self.kwargs["organization_id"])


class MembersView(Members, generics.ListAPIView[Membership]):
    """The list."""


class MemberView(Members, generics.RetrieveAPIView[Membership]):
    """The detail."""


class OrganizationsView(generics.CreateAPIView[Organization]):
    """The create."""

    serializer_class = OrganizationSerializer

    def perform_create(self, serializer: BaseSerializer[Organization]) -> None:
        Membership.objects.create(organization=serializer.save(), user_id=str(self.request.user.pk), role=Role.OWNER)
