import json
import time
from pathlib import Path

import entrypoint
import pytest

HERE = {"POSTGRES_HOST": "127.0.0.1", "REDIS_HOST": "127.0.0.1"}


def not_yet(_environment: entrypoint.Environment) -> None:
    raise entrypoint.NotYet("PostgreSQL does not answer at db:5432. Start it.")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["backend"], "gunicorn config.wsgi:application"),
        (["worker"], "celery --app config"),
        (["beat"], "beat"),
        (["migrate"], "manage.py migrate_once"),
        (["manage", "seed", "--volume", "5"], "manage.py seed --volume 5"),
    ],
)
def test_each_role_has_a_command(arguments: list[str], expected: str) -> None:
    assert expected in " ".join(entrypoint.command_of(arguments, {}))


@pytest.mark.parametrize("arguments", [[], ["web"], ["backend", "now"], [""]])
def test_another_role_is_refused_with_those_there_are(arguments: list[str]) -> None:
    with pytest.raises(entrypoint.Refused, match="backend, worker, beat, migrate and manage"):
        entrypoint.command_of(arguments, {})


def test_a_worker_reloads_only_when_asked_to() -> None:
    assert "watchfiles" not in entrypoint.command_of(["worker"], {"RELOAD": "0"})
    assert "watchfiles" in entrypoint.command_of(["worker"], {"RELOAD": "1"})


def test_a_host_that_is_not_set_is_named() -> None:
    with pytest.raises(entrypoint.Refused, match="POSTGRES_HOST"):
        entrypoint.address({}, "POSTGRES", 5432)
    assert entrypoint.address(HERE, "POSTGRES", 5432) == ("127.0.0.1", 5432)


def test_a_secret_may_be_in_a_file_but_not_in_two_places(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("s3cret\n")
    in_a_file = {"REDIS_PASSWORD_FILE": str(tmp_path / "password")}
    assert entrypoint.secret(in_a_file, "REDIS_PASSWORD") == "s3cret"
    with pytest.raises(entrypoint.Refused, match="REDIS_PASSWORD_FILE") as raised:
        entrypoint.secret({**in_a_file, "REDIS_PASSWORD": "s3cret"}, "REDIS_PASSWORD")
    assert "s3cret" not in str(raised.value)
    with pytest.raises(entrypoint.Refused, match="cannot be read"):
        entrypoint.secret({"REDIS_PASSWORD_FILE": "/nowhere"}, "REDIS_PASSWORD")


def test_it_gives_up_at_the_deadline_and_says_why() -> None:
    with pytest.raises(entrypoint.Refused, match=r"db:5432.*Gave up"):
        entrypoint.wait_for(not_yet, {}, time.monotonic())


def test_it_goes_on_as_soon_as_a_store_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entrypoint, "PAUSE_SECONDS", 0)
    asked: list[entrypoint.Environment] = []

    def third_time_lucky(environment: entrypoint.Environment) -> None:
        asked.append(environment)
        if len(asked) < 3:
            not_yet(environment)

    entrypoint.wait_for(third_time_lucky, HERE, time.monotonic() + 60)
    assert asked == [HERE] * 3


def test_who_waits_long_says_so_as_a_json_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(entrypoint, "PAUSE_SECONDS", 0.001)
    monkeypatch.setattr(entrypoint, "SECONDS_BETWEEN_REPORTS", 0)
    with pytest.raises(entrypoint.Refused):
        entrypoint.wait_for(not_yet, {}, time.monotonic() + 0.01)
    line = json.loads(capsys.readouterr().out.splitlines()[0])
    assert line["logger"] == "entrypoint"
    assert "db:5432" in line["event"]
