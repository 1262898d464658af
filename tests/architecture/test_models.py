"""Every model has what each business entity has, and a factory."""

import importlib
import uuid

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps
from factory.django import DjangoModelFactory

from kit.models import Entity
from tests.architecture.sources import APPS, ROOT

type Model = type[models.Model]

# A model that has no timestamps of its own, and why.
WITHOUT_TIMESTAMPS: dict[str, str] = {"audit.Entry": "never changed, so it has a created_at alone"}
SUFFIXES = {models.DateTimeField: "_at", models.DateField: "_on"}


def is_ours(model: Model) -> bool:
    return model._meta.app_config.name.startswith("apps.")


OURS = [model for model in apps.get_models() if is_ours(model)]


def faults(model: Model) -> list[str]:
    """Return what the model lacks of an entity, in the words of the test."""
    fields = {field.name: field for field in model._meta.concrete_fields}
    found = []
    if not isinstance(model().pk, uuid.UUID) or model().pk.version != 7:
        found.append("its primary key is no UUIDv7")
    if model._meta.label not in WITHOUT_TIMESTAMPS and not issubclass(model, Entity):
        found.append("it has no created_at and updated_at of kit.models.Entity")
    for kind, suffix in SUFFIXES.items():
        wrong = [name for name, field in fields.items() if type(field) is kind and not name.endswith(suffix)]
        found += [f"{name} does not end with {suffix}" for name in wrong]
    if model.__name__.endswith("s") and not model.__name__.endswith("ss"):
        found.append("its name is plural")
    return found


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_a_model_is_an_entity(model: Model) -> None:
    assert faults(model) == []


@isolate_apps("apps.users")
def test_what_a_model_lacks_is_found() -> None:
    class Events(models.Model):
        happened = models.DateTimeField()
        due = models.DateField()

        class Meta:
            app_label = "users"

        def __str__(self) -> str:
            return "?"

    assert len(faults(Events)) == 5


def factories(app: str) -> set[Model]:
    if not (ROOT / "tests" / "factories" / f"{app}.py").exists():
        return set()
    module = importlib.import_module(f"tests.factories.{app}")
    found = (value for value in vars(module).values() if isinstance(value, type))
    made = {factory._meta.model for factory in found if issubclass(factory, DjangoModelFactory)}
    return {model for model in made if model is not None and model._meta.app_label == app}


@pytest.mark.parametrize("app", APPS)
def test_every_model_has_a_factory_in_the_file_of_its_app(app: str) -> None:
    assert factories(app) == set(apps.get_app_config(app).get_models())


@pytest.mark.django_db
@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_its_factory_makes_one(model: Model) -> None:
    module = importlib.import_module(f"tests.factories.{model._meta.app_label}")
    made = getattr(module, f"{model.__name__}Factory").create()
    assert model.objects.get() == made  # type: ignore[attr-defined]  # every model of ours has it
