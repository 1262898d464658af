"""People and their sessions, as stored."""

import zoneinfo

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower

from apps.users import rules
from kit.models import Entity

is_language_tag = RegexValidator(
    r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?\Z", "Use a language tag such as en or pt-BR."
)


def is_timezone(name: str) -> None:
    """Accept the names of the IANA time zone database."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError("Use a name of the IANA time zone database, such as Europe/Berlin.", code="timezone")


class UserManager(BaseUserManager["User"]):
    def create_superuser(self, email: str, password: str, name: str = "") -> "User":
        """Create a person who may do everything in the Django admin (`manage.py createsuperuser`)."""
        user = self.model(email=rules.normalized_email(email), name=name, is_staff=True, is_superuser=True)
        user.set_password(password)
        user.save()
        return user


class User(Entity, AbstractBaseUser, PermissionsMixin):
    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=200)
    locale = models.CharField(max_length=12, default="en", validators=[is_language_tag])
    timezone = models.CharField(max_length=64, default="UTC", validators=[is_timezone])
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    last_login = None  # the sessions know

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(email=Lower("email")), name="users_user_email_lower")]

    def __str__(self) -> str:
        return self.email


class Session(Entity):
    """A sign-in on one device. The token is shown once; we keep its hash."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions", db_index=False)
    token_hash = models.CharField(max_length=64)
    device = models.CharField(max_length=rules.DEVICE_LENGTH, blank=True)
    ip = models.GenericIPAddressField(null=True)
    last_seen_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    impersonator = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="impersonations", null=True, blank=True, db_index=False
    )
    """Who of the staff opened it, in the name of `user`."""
    impersonation_reason = models.CharField(max_length=rules.REASON_LENGTH, blank=True, default="", db_default="")

    class Meta:
        # Not `unique=True`: Django would add a second index for LIKE, which nobody asks of a hash.
        constraints = [models.UniqueConstraint(fields=["token_hash"], name="users_session_token_unique")]
        indexes = [
            models.Index(fields=["user", "id"], name="users_session_by_user"),
            models.Index(
                fields=["id"],
                include=["impersonator"],
                condition=models.Q(impersonator__isnull=False),
                name="users_session_impersonations",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.device or 'a device'} since {self.created_at:%Y-%m-%d}"
