"""One stack of their own for all tests of this folder; each that disturbs it puts it back."""

import os
from collections.abc import Callable, Iterator

import httpx
import pytest

from scripts.stacks import ports
from tests.stack import drivers

# Named so that it cannot be the stack somebody works with.
STACK = "slipway-test"
SIGN_IN = "/api/v1/sessions"
PASSWORD = "sail-away-demo"


@pytest.fixture(scope="session")
def stack() -> Iterator[drivers.Driver]:
    os.environ["HTTP_PORT"] = str(ports.free())
    # One address and three tokens send all that the tests send.
    os.environ["RATE_LIMIT"] = os.environ["RATE_LIMIT_ANONYMOUS"] = "1000000/60"
    driver = drivers.driver(os.environ.get("SLIPWAY_STACK_MODE", "embedded"), STACK)
    done = driver.make("reset")
    assert done.returncode == 0, done.stdout + done.stderr
    yield driver
    driver.down(wipe=True)


@pytest.fixture
def client(stack: drivers.Driver) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=stack.url, timeout=10) as client:
        yield client


@pytest.fixture(params=["through nginx", "directly"])
def door(request: pytest.FixtureRequest, stack: drivers.Driver) -> Iterator[httpx.Client]:
    """Both ways to the backend; they are one where nginx is missing."""
    address = stack.url if request.param == "through nginx" else stack.backend_url
    host = {"Host": "localhost"}
    with httpx.Client(base_url=address, headers=host, timeout=10) as client:
        yield client


@pytest.fixture(scope="session")
def bearer(stack: drivers.Driver) -> Callable[[str], dict[str, str]]:
    """The header by which a member of the cast is known; each signs in once, since sign-ins are limited."""
    known: dict[str, dict[str, str]] = {}

    def header(name: str) -> dict[str, str]:
        if name not in known:
            credentials = {"email": f"{name}@slipway.test", "password": PASSWORD}
            token = httpx.post(stack.url + SIGN_IN, json=credentials).raise_for_status().json()["token"]
            known[name] = {"Authorization": f"Bearer {token}"}
        return known[name]

    return header


@pytest.fixture
def alice(client: httpx.Client, bearer: Callable[[str], dict[str, str]]) -> httpx.Client:
    client.headers.update(bearer("alice"))
    return client
