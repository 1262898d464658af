"""Every container is closed as far as it can be, and nginx speaks with the backend's words."""

import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from kit import errors
from tests.architecture.sources import ROOT

type Service = dict[str, Any]


class Loader(yaml.SafeLoader):
    """Reads Compose's own tags (`!override`) for the value they stand before."""


Loader.add_multi_constructor(
    "!",
    lambda loader, _tag, node: (
        loader.construct_sequence(node) if isinstance(node, yaml.SequenceNode) else loader.construct_scalar(node)
    ),
)


def services(file: str) -> dict[str, Service]:
    found: dict[str, Service] = yaml.load((ROOT / file).read_text(), Loader)["services"]  # noqa: S506  # a safe loader
    return found


LOCAL = services("compose.yaml")
STAGING = services("compose.staging.yaml")
DOCKERFILES = [path for path in sorted(ROOT.glob("**/Dockerfile")) if ".venv" not in path.parts]


def seconds(duration: str) -> float:
    return float(duration.removesuffix("ms")) / 1000 if duration.endswith("ms") else float(duration.removesuffix("s"))


@pytest.mark.parametrize("name", LOCAL)
def test_a_container_can_do_no_more_than_it_must(name: str) -> None:
    service = LOCAL[name]
    user, group = (int(number) for number in service["user"].split(":"))
    assert user > 0
    assert group > 0
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"]
    assert service["pids_limit"] <= 200
    assert not {"privileged", "container_name", "network_mode", "cap_add"} & set(service)


@pytest.mark.parametrize("name", sorted(set(LOCAL) - {"migrate"}))
def test_a_container_tells_its_health_soon_and_stops_in_time(name: str) -> None:
    health = LOCAL[name]["healthcheck"]
    assert seconds(health["start_interval"]) <= 0.2
    assert seconds(health["start_period"]) >= 60
    assert seconds(LOCAL[name]["stop_grace_period"]) >= 10


def test_a_process_ends_before_the_engine_would_end_it() -> None:
    graceful = re.search(r"graceful_timeout = (\d+)", (ROOT / "backend/gunicorn.conf.py").read_text())
    shutdown = re.search(r"worker_shutdown_timeout (\d+)s", (ROOT / "nginx/nginx.conf").read_text())
    assert graceful
    assert shutdown
    assert int(graceful[1]) < seconds(LOCAL["backend"]["stop_grace_period"])
    assert int(shutdown[1]) < seconds(LOCAL["nginx"]["stop_grace_period"])


def test_only_nginx_is_published_and_only_here() -> None:
    published = {name: service["ports"] for name, service in LOCAL.items() if "ports" in service}
    assert published == {"nginx": ["127.0.0.1:${HTTP_PORT:-8080}:8080"]}


def test_the_stores_have_no_way_out() -> None:
    networks = yaml.safe_load((ROOT / "compose.yaml").read_text())["networks"]
    assert networks["internal"] == {"internal": True}
    assert {name for name, service in LOCAL.items() if "edge" in service["networks"]} == {"nginx", "backend"}


def test_staging_builds_nothing_and_runs_the_same_images() -> None:
    assert set(STAGING) == set(LOCAL)
    assert {name: service["build"] for name, service in STAGING.items() if "build" in service} == {
        name: "null" for name, service in LOCAL.items() if "build" in service
    }
    for name, service in STAGING.items():
        variable = re.match(r"\$\{(\w+)", LOCAL[name]["image"])
        assert variable
        assert service["image"].startswith(f"${{{variable[1]}:?")


@pytest.mark.parametrize("path", DOCKERFILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_dockerfile_is_clean_and_asks_no_registry_for_its_syntax(path: Path) -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([hadolint, path], check=False, cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == ""
    assert "syntax=" not in path.read_text()


def test_nginx_names_its_errors_as_the_catalogue_does() -> None:
    template = (ROOT / "nginx/templates/problems.conf.template").read_text()
    titles = dict(re.findall(r'^    (\w+) +"(.+)";$', template, re.MULTILINE))
    codes = dict(re.findall(r"^    (\d{3}) +(\w+);$", template, re.MULTILINE))
    known = {refusal.code: refusal for refusal in errors.catalogue()}
    titles["internal_error"] = titles.pop("default")
    assert titles == {code: known[code].title for code in titles}
    assert set(codes.values()) | {"bad_request", "internal_error"} == set(titles)
    assert {int(status): known[code].status for status, code in codes.items()} == {int(s): int(s) for s in codes}


def test_a_health_check_starts_no_python() -> None:
    assert not [name for name, service in LOCAL.items() if "python" in str(service.get("healthcheck"))]


def test_timeouts_grow_outwards() -> None:
    gunicorn = re.search(r"^timeout = (\d+)", (ROOT / "backend/gunicorn.conf.py").read_text(), re.MULTILINE)
    nginx = re.search(r"proxy_read_timeout (\d+)s", (ROOT / "nginx/templates/slipway.conf.template").read_text())
    assert gunicorn
    assert nginx
    statement = re.search(r"statement_timeout=(\d+)s", (ROOT / "backend/config/settings/stores.py").read_text())
    assert statement
    assert all(inner < outer for inner, outer in pairwise([int(statement[1]), int(gunicorn[1]), int(nginx[1])]))
