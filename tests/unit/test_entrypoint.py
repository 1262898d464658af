import json
import os
import sys
import time
from pathlib import Path

import entrypoint
import pytest

SET = {"POSTGRES_PASSWORD": "a-secret"}


def test_each_role_has_its_command() -> None:
    assert entrypoint.command_of(["backend"], {}) == ["-m", "gunicorn", "config.wsgi:application"]
    assert "--concurrency=3" in entrypoint.command_of(["worker"], {"WORKER_CONCURRENCY": "3"})
    assert "beat" in entrypoint.command_of(["beat"], {})
    assert entrypoint.command_of(["migrate"], {}) == ["manage.py", "migrate_once"]
    assert entrypoint.command_of(["manage", "seed", "--volume", "5"], {}) == ["manage.py", "seed", "--volume", "5"]


def test_a_reloading_worker_watches_the_code() -> None:
    command = entrypoint.command_of(["worker"], {"RELOAD": "1"})
    assert command[:2] == ["-m", "watchfiles"]


@pytest.mark.parametrize("arguments", [[], ["relay"], ["backend", "now"]])
def test_an_unknown_role_is_refused_with_those_there_are(arguments: list[str]) -> None:
    with pytest.raises(entrypoint.Refused, match="backend, worker, beat, migrate and manage"):
        entrypoint.command_of(arguments, {})


def test_a_secret_comes_from_its_variable() -> None:
    assert entrypoint.secret(SET, "POSTGRES_PASSWORD") == "a-secret"


def test_a_secret_comes_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("from a file\n")
    found = entrypoint.secret({"POSTGRES_PASSWORD_FILE": str(tmp_path / "password")}, "POSTGRES_PASSWORD")
    assert found == "from a file"


def test_a_secret_given_twice_is_refused() -> None:
    with pytest.raises(entrypoint.Refused, match="Both POSTGRES_PASSWORD and POSTGRES_PASSWORD_FILE"):
        entrypoint.secret({**SET, "POSTGRES_PASSWORD_FILE": "/run/secrets/password"}, "POSTGRES_PASSWORD")


def test_a_secret_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(entrypoint.Refused, match="cannot be read"):
        entrypoint.secret({"POSTGRES_PASSWORD_FILE": str(tmp_path / "absent")}, "POSTGRES_PASSWORD")


def test_a_missing_secret_is_refused_with_what_to_do() -> None:
    with pytest.raises(entrypoint.Refused, match="make up"):
        entrypoint.secret({"POSTGRES_PASSWORD": ""}, "POSTGRES_PASSWORD")


def test_waiting_ends_when_the_store_answers() -> None:
    answers = iter([entrypoint.NotYet("No."), entrypoint.NotYet("No."), None])

    def check(_environment: entrypoint.Environment) -> None:
        if answer := next(answers):
            raise answer

    entrypoint.wait_for(check, {}, time.monotonic() + 5)
    assert next(answers, "all asked") == "all asked"


def test_waiting_ends_at_the_deadline() -> None:
    def check(_environment: entrypoint.Environment) -> None:
        raise entrypoint.NotYet("Nobody is there.")

    with pytest.raises(entrypoint.Refused, match=r"Nobody is there\. Gave up after 0 s"):
        entrypoint.wait_for(check, {}, time.monotonic())


def test_a_refusal_ends_the_process_with_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "execv", lambda *_: pytest.fail("it must not start"))
    with pytest.raises(SystemExit) as ended:
        entrypoint.main(["backend"], {})
    line = json.loads(capsys.readouterr().out)
    assert ended.value.code == 1
    assert line["event"] == "POSTGRES_HOST is not set: name the host of the store."


def test_the_role_takes_the_place_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda _path, arguments: started.append(arguments))
    monkeypatch.setattr(entrypoint, "check_postgresql", lambda _environment: None)
    entrypoint.main(["migrate"], {})
    assert started == [[sys.executable, "manage.py", "migrate_once"]]
