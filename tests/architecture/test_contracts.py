"""The contracts of backend/.importlinter hold, and each of them bites."""

import configparser
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import APPS, BACKEND, PACKAGES

PREFIX = "importlinter:contract:"

# The contracts that break, and the file and line that break them. A file that is not there is made.
VIOLATIONS = [
    ("floors", "kit/api/health.py", "import apps.audit.rules"),
    ("floors", "apps/users/errors.py", "import config.wsgi"),
    ("floors", "clients/stripe.py", "import apps.users.rules"),
    ("rooms", "apps/users/errors.py", "import apps.users.rules"),
    ("rooms", "apps/users/selectors.py", "import apps.users.services"),
    ("rooms", "apps/users/tasks.py", "import apps.users.views"),
    ("rooms", "apps/users/signals.py", '"""A room that nobody knows."""'),
    ("order-of-apps", "apps/billing/__init__.py", '"""An app without a place in the order."""'),
    ("order-of-apps no-rings", "apps/users/services.py", "import apps.organizations.rules"),
    ("decisions-know-no-protocol", "apps/users/services.py", "import rest_framework"),
    ("decisions-know-no-protocol", "apps/users/services.py", "import kit.api.pagination"),
    ("decisions-know-no-protocol", "apps/users/selectors.py", "import celery"),
    ("decisions-know-no-protocol", "apps/users/models.py", "import clients.stripe"),
    ("rules-are-plain-python", "apps/users/rules.py", "import django"),
    ("rules-are-plain-python", "apps/users/rules.py", "import kit.models"),
    ("one-door-outward", "kit/logging.py", "import httpx"),
    ("one-door-outward", "apps/users/tasks.py", "import stripe"),
    ("one-door-outward", "clients/resend.py", "import requests"),
    ("doors-know-no-models", "apps/users/views.py", "import apps.users.models"),
    ("doors-know-no-models", "apps/users/handlers.py", "import apps.users.models"),
    ("doors-know-no-models", "apps/users/flows.py", "import apps.users.models"),
    ("doors-know-no-models", "apps/users/tasks.py", "import apps.users.models"),
    ("views-speak-to-nobody-outside", "apps/users/views.py", "import clients.stripe"),
    ("views-speak-to-nobody-outside", "apps/users/views.py", "import celery"),
    ("shapes-neither-decide-nor-fetch", "apps/users/serializers.py", "import apps.users.services"),
    ("shapes-neither-decide-nor-fetch", "apps/users/serializers.py", "import apps.users.selectors"),
    ("models-of-audit", "apps/users/services.py", "import apps.audit.models"),
    ("models-of-users", "apps/organizations/services.py", "import apps.users.models"),
    ("models-of-idempotency", "apps/users/services.py", "import apps.idempotency.models"),
    ("models-of-organizations", "apps/seeds/selectors.py", "import apps.organizations.models"),
    ("settings-are-private", "config/urls.py", "import config.settings.env"),
    ("clients-are-strangers", "clients/stripe.py", "import clients.stytch"),
    ("no-rings", "kit/clock.py", "import kit.ids"),
]


def contracts() -> configparser.ConfigParser:
    found = configparser.ConfigParser()
    found.read(BACKEND / ".importlinter")
    return found


CONTRACTS = {
    section.removeprefix(PREFIX): contracts()[section] for section in contracts().sections() if PREFIX in section
}


def broken_contracts(backend: Path) -> set[str]:
    lint = Path(sys.executable).with_name("lint-imports")
    # Wide, so that no line of the answer is wrapped.
    wide = {**os.environ, "COLUMNS": "200"}
    done = subprocess.run([lint, "--no-cache"], check=False, cwd=backend, env=wide, capture_output=True, text=True)
    verdicts = dict(re.findall(r"^(.+) (KEPT|BROKEN)", done.stdout, re.MULTILINE))
    assert len(verdicts) == len(CONTRACTS), done.stdout + done.stderr
    return {contract for contract, section in CONTRACTS.items() if verdicts[section["name"]] == "BROKEN"}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for package in PACKAGES:
        shutil.copytree(BACKEND / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(BACKEND / ".importlinter", tmp_path)
    return tmp_path


def write(copy: Path, path: str, line: str) -> None:
    if path.startswith("clients/") or "clients." in line:
        add_clients(copy)
    file = copy / path
    file.parent.mkdir(exist_ok=True)
    with file.open("a") as text:
        text.write(f"\n{line}\n")


def add_clients(copy: Path) -> None:
    """Build the floor that only later providers need: its contracts must bite from the first one on."""
    if "clients" in PACKAGES:
        return
    (copy / "clients").mkdir()
    for name in ("__init__", "stripe", "stytch"):
        (copy / "clients" / f"{name}.py").touch()
    config = copy / ".importlinter"
    config.write_text(config.read_text().replace("root_packages =", "root_packages =\n    clients", 1))


def test_every_contract_holds() -> None:
    assert broken_contracts(BACKEND) == set()


@pytest.mark.parametrize(("broken", "path", "line"), VIOLATIONS)
def test_a_contract_bites(copy: Path, broken: str, path: str, line: str) -> None:
    write(copy, path, line)
    assert broken_contracts(copy) == set(broken.split())


def test_every_contract_has_a_violation_of_its_own() -> None:
    assert set(CONTRACTS) == {broken for broken, _, _ in VIOLATIONS if " " not in broken}


@pytest.mark.parametrize("contract", CONTRACTS)
def test_every_contract_says_what_to_do_instead(contract: str) -> None:
    assert CONTRACTS[contract].get("broken_contract_guidance", "").endswith(".")


def test_every_package_stands_under_the_contracts() -> None:
    assert contracts()["importlinter"]["root_packages"].split() == PACKAGES


@pytest.mark.parametrize("app", [app for app in APPS if any((BACKEND / "apps" / app).glob("models*"))])
def test_the_models_of_every_app_are_private(app: str) -> None:
    private = {contract.get("protected_modules", "").strip(): contract for contract in CONTRACTS.values()}
    assert private[f"apps.{app}.models"]["allowed_importers"].strip() == f"apps.{app}"
