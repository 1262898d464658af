"""What does every business entity have? An identifier, and when it was made and last changed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models

from kit import clock, ids, statements


class UpdatedAtField(models.DateTimeField):  # type: ignore[type-arg]  # generic in the stubs alone
    """The instant of the last save, by our clock (Django's `auto_now` reads another one)."""

    def pre_save(self, model_instance: models.Model, add: bool) -> datetime:  # noqa: FBT001  # Django's signature
        at = clock.now()
        setattr(model_instance, self.attname, at)
        return at


class Entity(models.Model):
    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = UpdatedAtField(editable=False)

    class Meta:
        abstract = True

    # Any: Django's own signature, passed through untouched.
    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        # A partial save is a change too: without this it would keep the old time.
        if update_fields is not None:
            update_fields = {*update_fields, "updated_at"}
        super().save(*args, update_fields=update_fields, **kwargs)

    # Any: Django's own signature; this is where it turns a saved object into SQL.
    def _do_insert(self, manager: Any, using: str, fields: list[Any], returning_fields: list[Any], raw: bool) -> Any:  # noqa: FBT001
        if returning_fields or raw or not statements.insert(self, fields, using):
            return super()._do_insert(manager, using, fields, returning_fields, raw)  # type: ignore[misc]  # unknown to the stubs
        return []
