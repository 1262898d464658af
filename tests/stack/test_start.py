"""In which order the parts may come, and what is said when one never does."""

import threading
import time

import httpx

from scripts.stacks import ports
from scripts.stacks.console import Progress
from tests.stack.drivers import Driver
from tests.stack.patience import seconds_until


def is_ready(stack: Driver) -> bool:
    return httpx.get(f"{stack.backend_url}/readyz", headers={"Host": "backend"}, timeout=3).status_code == 200


def test_the_backend_waits_for_postgresql_and_is_ready_soon_after(stack: Driver) -> None:
    # The best of three: what is promised is our own time, and the machine may have other work.
    assert any(seconds_until_ready_after_postgresql(stack) < 3 for _ in range(3))
    stack.up(Progress())


def seconds_until_ready_after_postgresql(stack: Driver) -> float:
    for service in ("backend", "postgres"):
        stack.stop(service)
    stack.start("backend")
    time.sleep(3)
    stack.start("postgres")
    seconds_until(lambda: stack.query("SELECT 1") == "1", at_most=10)
    return seconds_until(lambda: is_ready(stack), at_most=20)


def test_without_postgresql_the_start_ends_and_says_what_to_do(stack: Driver) -> None:
    nowhere = {"POSTGRES_HOST": "127.0.0.1", "POSTGRES_PORT": "1", "STARTUP_TIMEOUT_SECONDS": "1"}
    for role in ("backend", "worker", "beat", "migrate"):
        done = stack.run_role(role, **nowhere)
        assert done.returncode != 0
        assert "PostgreSQL does not answer at 127.0.0.1:1" in done.stdout + done.stderr
        assert "Start it, or set POSTGRES_HOST and POSTGRES_PORT" in done.stdout + done.stderr


def test_with_a_wrong_password_the_start_ends_at_once_and_says_what_to_check(stack: Driver) -> None:
    began = time.monotonic()
    done = stack.run_role("backend", POSTGRES_PASSWORD="wrong")
    assert done.returncode != 0
    assert time.monotonic() - began < 5
    assert "refuses user slipway" in done.stdout + done.stderr
    assert "Check POSTGRES_USER, POSTGRES_PASSWORD and POSTGRES_DB" in done.stdout + done.stderr


def test_make_up_on_a_running_stack_is_quick_and_says_so(stack: Driver) -> None:
    began = time.monotonic()
    done = stack.make("up")
    assert done.returncode == 0
    assert "It was running already" in done.stdout
    assert time.monotonic() - began < 5


def test_after_a_kill_of_everything_make_up_brings_it_back_with_its_data(stack: Driver, alice: httpx.Client) -> None:
    made = alice.post(
        "/api/v1/organizations", json={"name": "Survivors"}, headers={"Idempotency-Key": "survivors"}
    ).json()["id"]
    stack.kill_everything()
    assert stack.make("up").returncode == 0
    assert alice.get(f"/api/v1/organizations/{made}").json()["name"] == "Survivors"
    alice.get("/api/v1/organizations").raise_for_status()


def test_two_stacks_side_by_side_share_nothing(stack: Driver, alice: httpx.Client) -> None:
    second = type(stack)(f"{stack.name}-2")
    second.http_port = ports.free()
    try:
        assert second.make("up").returncode == 0
        alice.post(
            "/api/v1/organizations", json={"name": "Mine"}, headers={"Idempotency-Key": "mine"}
        ).raise_for_status()
        names = second.query("SELECT string_agg(name, ',') FROM organizations_organization")
        assert "Acme" in names
        assert "Mine" not in names
        assert httpx.get(f"{second.url}/api/v1/organizations", headers=alice.headers).status_code == 401
    finally:
        second.down(wipe=True)
    assert is_ready(stack)


def test_a_taken_port_is_named_with_a_free_one(stack: Driver) -> None:
    second = type(stack)(f"{stack.name}-2")
    second.http_port = stack.http_port
    done = second.make("up")
    assert done.returncode != 0
    assert f"Port {stack.http_port} is taken" in done.stdout + done.stderr
    assert "make up HTTP_PORT=" in done.stdout + done.stderr


def test_migrations_run_once_when_two_processes_want_to(stack: Driver) -> None:
    codes: list[int] = []
    threads = [threading.Thread(target=lambda: codes.append(stack.run_role("migrate").returncode)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [0, 0]
