"""Who keeps the programs of an embedded stack alive? One supervisord, spoken to over XML-RPC."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import time
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from typing import Any
from xmlrpc.client import Fault, ServerProxy

from scripts.stacks import strays
from scripts.stacks.program import Program, StackError

# What its children may inherit of the caller's environment: the stack must not depend on who starts it.
INHERITED = ("PATH", "HOME", "LANG", "TMPDIR")
UNREACHABLE = (OSError, HTTPException, Fault)


class Supervisor:
    """One supervisord; its configuration lies in `state/run`, its children carry SLIPWAY_STATE."""

    def __init__(self, *, venv: Path, state: Path, port: int, environment: dict[str, str]) -> None:
        self.state = state
        self.config = state / "run" / "supervisord.conf"
        self.binary = venv / "bin" / "supervisord"
        self.port = port
        self.environment = {**environment, "SLIPWAY_STATE": str(state)}
        self.password = _digest(f"{environment['SECRET_KEY']} {state}")

    def identity(self) -> str:
        """Name the supervisord that runs: it changes with the environment."""
        return _digest(repr(sorted(self.environment.items())))[:16]

    def runs(self) -> bool:
        """Tell whether our supervisord runs, with this very environment."""
        return self._identification() == self.identity()

    def answers(self) -> bool:
        """Tell whether our supervisord runs, whatever its environment."""
        return self._identification() is not None

    def launch(self, programs: list[Program]) -> None:
        """Start supervisord with nothing running yet."""
        self.write(programs)
        command = [str(self.binary), "--nodaemon", "--silent", "-c", str(self.config)]
        inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
        environment = {**inherited, **self.environment}
        output = self.state / "logs" / "supervisord.out"
        with output.open("ab") as log:
            process = subprocess.Popen(
                command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + 10
        while not self.runs():
            if process.poll() is not None or time.monotonic() > deadline:
                raise StackError(f"supervisord did not start; {output} says why.")
            time.sleep(0.02)
        # It outlives us on purpose.
        process.returncode = 0

    def write(self, programs: list[Program]) -> None:
        """Render the configuration of the programs."""
        self.config.parent.mkdir(parents=True, exist_ok=True)
        (self.state / "logs").mkdir(exist_ok=True)
        self.config.touch(mode=0o600)
        head = HEAD.format(state=self.state, port=self.port, password=self.password, identity=self.identity())
        # supervisord expands %(names)s; ours are expanded already.
        self.config.write_text((head + "".join(_section(each, self.state) for each in programs)).replace("%", "%%"))

    def update(self, programs: list[Program]) -> list[str]:
        """Apply a changed configuration and name the programs it stopped for that."""
        self.write(programs)
        added, changed, removed = self._call("reloadConfig")[0]
        self.stop(*changed, *removed)
        for name in changed + removed:
            self._call("stopProcessGroup", name)
            self._call("removeProcessGroup", name)
        for name in added + changed:
            self._call("addProcessGroup", name)
        return list(changed)

    def status(self, name: str) -> dict[str, Any]:
        """Tell `statename`, `pid`, `start` and more of one program."""
        status: dict[str, Any] = self._call("getProcessInfo", name)
        return status

    def start(self, name: str) -> None:
        """Start the program unless it runs."""
        if not self.is_running(name):
            self._call("startProcess", name, False)

    def is_running(self, name: str) -> bool:
        """Tell whether the program runs, or has just been started."""
        return self.status(name)["statename"] in ("STARTING", "RUNNING", "BACKOFF")

    def stop(self, *names: str) -> None:
        """Stop the programs at the same time, each with its own signal."""
        pids = [self.status(name)["pid"] for name in names]
        for name in names:
            # A fault says that it does not run.
            with suppress(Fault):
                self._call("stopProcess", name, False)
        strays.end([pid for pid in pids if pid], seconds=30)
        for name in names:
            self._settle(name)

    def kill(self, name: str) -> None:
        """End the program by SIGKILL; it stays down until it is started."""
        pid = self.status(name)["pid"]
        if pid:
            os.kill(pid, signal.SIGKILL)
        with suppress(Fault):
            self._call("stopProcess", name, False)
        self._settle(name)

    def quit(self, *, first: tuple[str, ...] = ()) -> None:
        """Stop all programs, some of them first, then supervisord itself."""
        names = [process["name"] for process in self._call("getAllProcessInfo")]
        self.stop(*(name for name in names if name in first))
        self.stop(*(name for name in names if name not in first))
        pid = self._call("getPID")
        os.kill(pid, signal.SIGKILL)
        strays.end([pid], seconds=5)

    def _identification(self) -> str | None:
        try:
            return str(self._call("getIdentification"))
        except UNREACHABLE:
            return None

    # Any: what an XML-RPC method takes and answers is known to its caller only.
    def _call(self, method: str, *arguments: Any) -> Any:
        url = f"http://slipway:{self.password}@127.0.0.1:{self.port}/RPC2"
        with ServerProxy(url) as server:
            return getattr(server.supervisor, method)(*arguments)

    def _settle(self, name: str) -> None:
        while self.status(name)["statename"] == "STOPPING":
            time.sleep(0.02)


def _section(program: Program, state: Path) -> str:
    variables = {**program.environment, "SLIPWAY_PROGRAM": program.name}
    environment = ",".join(f'{name}="{value}"' for name, value in sorted(variables.items()))
    command = " ".join(f'"{part}"' for part in program.command)
    return SECTION.format(program=program, state=state, command=command, environment=environment)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


HEAD = """[supervisord]
logfile={state}/logs/supervisord.log
logfile_maxbytes=1MB
logfile_backups=1
pidfile={state}/run/supervisord.pid
identifier={identity}
childlogdir={state}/logs

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface

[inet_http_server]
port=127.0.0.1:{port}
username=slipway
password={password}
"""

SECTION = """
[program:{program.name}]
command={command}
directory={program.directory}
environment={environment}
autostart=false
autorestart=true
startsecs=1
startretries=20
stopsignal={program.stop_signal}
stopwaitsecs={program.stop_seconds}
redirect_stderr=true
stdout_logfile={state}/logs/{program.name}.log
stdout_logfile_maxbytes=10MB
stdout_logfile_backups=1
"""
