"""What does the database hold, and did something change it?"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db.models import QuerySet


def everything() -> dict[str, list[dict[str, object]]]:
    """Return every row of our own tables."""
    models = [model for model in apps.get_models() if model.__module__.startswith("apps.")]
    return {model._meta.label: list(QuerySet(model).order_by("pk").values()) for model in models}


@contextmanager
def unchanged() -> Iterator[None]:
    """Assert that nothing is written within the block."""
    before = everything()
    yield
    assert everything() == before
