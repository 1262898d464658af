"""What does the environment say? Typed, complete, and refused with a sentence where it is wrong.

Every variable may also be given as `NAME_FILE`, the path of a file that holds the value.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PositiveInt,
    SecretStr,
    ValidationError,
    model_validator,
)

LOCAL_SECRET = "local-only-secret-that-staging-refuses"  # noqa: S105  # known to everybody, as its text says
SECRETS = ("secret_key", "postgres_password", "redis_password")


class Misconfigured(SystemExit):
    """Stops the start with a sentence instead of a traceback."""


def _separated(value: object) -> object:
    return [item.strip() for item in value.split(",") if item.strip()] if isinstance(value, str) else value


def _rate(value: object) -> object:
    return value.split("/") if isinstance(value, str) else value


type Rate = Annotated[tuple[PositiveInt, PositiveInt], BeforeValidator(_rate)]
"""So many requests in so many seconds, written `1000/60`."""


class Environment(BaseModel):
    model_config = ConfigDict(frozen=True)

    deploy_env: Literal["local", "staging", "production"] = "local"
    secret_key: SecretStr = SecretStr(LOCAL_SECRET)
    allowed_hosts: Annotated[list[str], BeforeValidator(_separated)] = ["localhost", "127.0.0.1", "backend"]
    behind_proxy: bool = False
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    postgres_host: str = "127.0.0.1"
    postgres_port: int = Field(5432, gt=0, lt=65536)
    postgres_db: str = "slipway"
    postgres_user: str = "slipway"
    postgres_password: SecretStr = SecretStr(LOCAL_SECRET)

    redis_host: str = "127.0.0.1"
    redis_port: int = Field(6379, gt=0, lt=65536)
    redis_password: SecretStr = SecretStr(LOCAL_SECRET)

    rate_limit: Rate = (1000, 60)
    rate_limit_anonymous: Rate = (300, 60)
    rate_limit_sign_in: Rate = (10, 60)

    static_root: Path = Path(__file__).parents[2] / "staticfiles"
    heartbeat_file: Path = Path("/tmp/heartbeat")  # noqa: S108  # a tmpfs of the container's own

    @model_validator(mode="after")
    def _refuse_local_secrets(self) -> "Environment":
        if self.deploy_env != "local":
            for name in SECRETS:
                if getattr(self, name).get_secret_value() in {"", LOCAL_SECRET}:
                    raise ValueError(
                        f"{name.upper()} must be set to a secret of its own when DEPLOY_ENV={self.deploy_env}"
                    )
        return self

    @property
    def redis_url(self) -> str:
        return f"redis://:{self.redis_password.get_secret_value()}@{self.redis_host}:{self.redis_port}"


def read(environ: Mapping[str, str]) -> Environment:
    """Return the environment, typed.

    :raises Misconfigured: with a sentence a variable, saying what to set.
    """
    values = {name: environ[name.upper()] for name in Environment.model_fields if environ.get(name.upper())}
    for name in Environment.model_fields:
        if path := environ.get(f"{name.upper()}_FILE"):
            if name in values:
                raise Misconfigured(f"Both {name.upper()} and {name.upper()}_FILE are set: unset one of them.")
            values[name] = _from_file(name.upper(), path)
    try:
        return Environment.model_validate(values)
    except ValidationError as error:
        raise Misconfigured("\n".join(_sentences(error))) from None


def _from_file(name: str, path: str) -> str:
    try:
        return Path(path).read_text().strip()
    except OSError as error:
        raise Misconfigured(f"{name}_FILE: cannot read {path} ({error.strerror}). Mount it, or set {name}.") from None


def _sentences(error: ValidationError) -> list[str]:
    # The message alone: the value may be a secret.
    return [
        f"{str(item['loc'][0]).upper()} is wrong: {item['msg']}." if item["loc"] else f"{item['msg']}."
        for item in error.errors(include_input=False, include_url=False)
    ]


ENV = read(os.environ)
