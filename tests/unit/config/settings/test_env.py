from pathlib import Path

import pytest

from config.settings.env import LOCAL_SECRET, SECRETS, Misconfigured, read

CANARY = "canary-secret-93f1"
STAGING = {"DEPLOY_ENV": "staging"} | {name.upper(): f"{CANARY}-{name}" for name in SECRETS}


def sentence_about(environ: dict[str, str]) -> str:
    with pytest.raises(Misconfigured) as raised:
        read(environ)
    return str(raised.value)


def test_an_empty_environment_is_a_local_one() -> None:
    environment = read({})
    assert environment.deploy_env == "local"
    assert environment.allowed_hosts == ["localhost", "127.0.0.1", "backend"]


def test_an_empty_variable_counts_as_unset() -> None:
    assert read({"POSTGRES_PORT": "", "ALLOWED_HOSTS": ""}) == read({})


def test_hosts_are_separated_by_commas() -> None:
    assert read({"ALLOWED_HOSTS": "a.test, b.test,"}).allowed_hosts == ["a.test", "b.test"]


@pytest.mark.parametrize("name", ["SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD", "POSTGRES_HOST", "LOG_LEVEL"])
def test_every_variable_may_be_in_a_file(name: str, tmp_path: Path) -> None:
    (tmp_path / "value").write_text("debug\n")
    environment = read({f"{name}_FILE": str(tmp_path / "value")})
    value = getattr(environment, name.lower())
    assert "debug" in {value, getattr(value, "get_secret_value", str)()}


def test_a_variable_and_its_file_together_are_refused(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(CANARY)
    sentence = sentence_about({"SECRET_KEY": CANARY, "SECRET_KEY_FILE": str(tmp_path / "key")})
    assert "SECRET_KEY and SECRET_KEY_FILE" in sentence
    assert CANARY not in sentence


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = str(tmp_path / "missing")
    sentence = sentence_about({"REDIS_PASSWORD_FILE": path})
    assert "REDIS_PASSWORD_FILE" in sentence
    assert path in sentence


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("value", ["", LOCAL_SECRET, None])
@pytest.mark.parametrize("deploy_env", ["staging", "production"])
def test_outside_of_local_every_secret_is_its_own(name: str, value: str | None, deploy_env: str) -> None:
    environ: dict[str, str | None] = {**STAGING, "DEPLOY_ENV": deploy_env, name.upper(): value}
    sentence = sentence_about({key: given for key, given in environ.items() if given is not None})
    assert name.upper() in sentence
    assert CANARY not in sentence


def test_an_empty_file_is_no_secret_in_staging(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("\n")
    environ = {**STAGING, "SECRET_KEY_FILE": str(tmp_path / "key")}
    del environ["SECRET_KEY"]
    assert "SECRET_KEY" in sentence_about(environ)


def test_staging_with_secrets_of_its_own_is_taken() -> None:
    assert read(STAGING).secret_key.get_secret_value() == STAGING["SECRET_KEY"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("POSTGRES_PORT", "0"),
        ("POSTGRES_PORT", "65536"),
        ("REDIS_PORT", "port"),
        ("DEPLOY_ENV", "stagging"),
        ("LOG_LEVEL", "loud"),
        ("BEHIND_PROXY", "perhaps"),
        ("RATE_LIMIT", "100"),
        ("RATE_LIMIT", "100/60/1"),
        ("RATE_LIMIT_ANONYMOUS", "0/60"),
        ("RATE_LIMIT_SIGN_IN", "10/minute"),
    ],
)
def test_a_wrong_value_is_refused_with_the_name_of_its_variable(name: str, value: str) -> None:
    assert sentence_about({name: value}).startswith(f"{name} is wrong")


def test_a_rate_is_so_many_requests_in_so_many_seconds() -> None:
    assert read({"RATE_LIMIT": "100/60"}).rate_limit == (100, 60)


def test_each_wrong_variable_has_a_line() -> None:
    lines = sentence_about({"POSTGRES_PORT": "x", "REDIS_PORT": "y"}).splitlines()
    assert [line.partition(" ")[0] for line in lines] == ["POSTGRES_PORT", "REDIS_PORT"]


def test_printing_the_environment_shows_no_secret() -> None:
    assert CANARY not in repr(read(STAGING))
