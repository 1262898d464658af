"""What a person sees who uses the running platform from outside."""

import re
from collections.abc import Callable

import httpx
import pytest

from tests.stack.drivers import Driver

ASSET = re.compile(r"\.(js|css|png|svg|woff2?)$")


def assets_of(page: httpx.Response) -> list[str]:
    return [asset for asset in re.findall(r'(?:src|href)="([^"#]+)"', page.text) if ASSET.search(asset)]


def test_alice_signs_in_and_sees_her_organizations_and_their_members(alice: httpx.Client) -> None:
    assert alice.get("/api/v1/users/me").json()["email"] == "alice@slipway.test"
    organizations = alice.get("/api/v1/organizations").json()
    assert {"data", "next", "previous", "has_more"} == organizations.keys()
    members = alice.get(f"/api/v1/organizations/{organizations['data'][0]['id']}/members").json()
    assert {"alice@slipway.test", "bob@slipway.test"} <= {member["user"]["email"] for member in members["data"]}


def test_everyone_whom_make_up_prints_can_sign_in(stack: Driver) -> None:
    printed = re.findall(r"(\S+@slipway\.test) +(\S+)", stack.make("up").stdout)
    assert [email for email, _ in printed] == ["alice@slipway.test", "bob@slipway.test", "charlie@slipway.test"]
    for email, password in printed:
        answer = httpx.post(f"{stack.url}/api/v1/sessions", json={"email": email, "password": password})
        assert answer.status_code == 201


def test_charlie_is_an_outsider_to_alices_organization(
    client: httpx.Client, bearer: Callable[[str], dict[str, str]]
) -> None:
    acme = client.get("/api/v1/organizations", headers=bearer("alice")).json()["data"][0]["id"]
    assert client.get(f"/api/v1/organizations/{acme}", headers=bearer("charlie")).status_code == 404


def test_every_answer_carries_the_security_headers(door: httpx.Client) -> None:
    for path in ("/livez", "/api/docs/", "/api/v1/users/me", "/nowhere"):
        headers = door.get(path).headers
        assert headers.get_list("X-Content-Type-Options") == ["nosniff"]
        assert headers.get_list("X-Frame-Options") == ["DENY"]
        assert headers.get_list("Referrer-Policy") == ["same-origin"]
        assert len(headers.get_list("X-Request-Id")) == 1


@pytest.mark.parametrize("path", ["/api/docs/", "/api/redoc/", "/admin/login/"])
def test_pages_load_without_any_other_host(client: httpx.Client, path: str) -> None:
    page = client.get(path)
    assert page.status_code == 200
    assert assets_of(page)
    for asset in assets_of(page):
        assert asset.startswith("/static/")
        assert client.get(asset).status_code == 200


def test_static_files_may_be_kept_for_ever(door: httpx.Client) -> None:
    for asset in assets_of(door.get("/api/docs/")):
        answer = door.get(asset, headers={"Accept-Encoding": "gzip"})
        assert answer.headers["Cache-Control"] == "max-age=315360000, public, immutable"
        assert re.search(r"\.[0-9a-f]{12}\.", asset)
        assert answer.headers.get("Content-Encoding", "gzip") == "gzip"


def test_the_document_of_the_api_is_openapi_3_1(client: httpx.Client) -> None:
    document = client.get("/api/schema/", headers={"Accept": "application/json"}).json()
    assert document["openapi"].startswith("3.1")
    assert "/api/v1/organizations" in document["paths"]


def test_readiness_names_every_part(door: httpx.Client) -> None:
    assert door.get("/livez").status_code == 200
    assert door.get("/readyz").json()["checks"] == {"postgres": "ok", "redis": "ok", "migrations": "ok"}


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_outside_the_platform_answers_to_its_local_names(client: httpx.Client, host: str) -> None:
    assert client.get("/livez", headers={"Host": host}).status_code == 200


def test_inside_the_backend_answers_to_its_own_name(stack: Driver) -> None:
    assert httpx.get(f"{stack.backend_url}/readyz", headers={"Host": "backend"}).status_code == 200
