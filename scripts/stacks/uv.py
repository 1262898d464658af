"""Where is a uv that works, and are the dependencies installed?"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys

from scripts.stacks import places
from scripts.stacks.program import StackError

TOOLS = places.ROOT / ".tools"
OURS = (TOOLS / "venv" / "bin" / "uv", TOOLS / "uv" / "bin" / "uv")
NO_PYTHON = """The backend needs Python 3.12 or newer (3.13 is best): none was found, and none could be fetched.
Install one (Debian 13: `apt-get install python3`; elsewhere `uv python install 3.13`), or point to one:
UV_PYTHON=/path/to/python3.13 make up"""


def find() -> str:
    """Return a uv that runs, installing it below `.tools/` when there is none."""
    for candidate in (*map(str, OURS), shutil.which("uv") or ""):
        # The one on the PATH may be a shim that only knows how to fail.
        if candidate and _answers([candidate, "--version"]):
            return candidate
    return _install()


def sync() -> None:
    """Install what an embedded stack needs, as locked; quick when nothing changed."""
    stamp = places.VENV / "slipway.lock"
    digest = hashlib.sha256((places.BACKEND / "uv.lock").read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    print("Installing the dependencies into backend/.venv ...", flush=True)
    uv = find()
    # --inexact: the tools for tests may be there too, and stay.
    groups = ["--no-default-groups", "--group", "embedded", "--inexact"]
    python = ["--python", python_for(uv)]
    command = [uv, "sync", "--project", str(places.BACKEND), "--locked", "--quiet", *python, *groups]
    done = subprocess.run(command, cwd=places.BACKEND, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise StackError(NO_PYTHON if "python-build-standalone" in done.stderr else done.stderr.strip())
    stamp.write_text(digest)


def python_for(uv: str) -> str:
    """Prefer the version of the images, then any that will do, before it fetches one."""
    if asked := os.environ.get("UV_PYTHON"):
        return asked
    for version in ("3.13", ">=3.12"):
        if _answers([uv, "python", "find", "--no-python-downloads", version]):
            return version
    return "3.13"


def _install() -> str:
    print("Installing uv into .tools/ ...", flush=True)
    TOOLS.mkdir(exist_ok=True)
    for python in dict.fromkeys([sys.executable, "/usr/bin/python3", "python3"]):
        target = str(TOOLS / "uv")
        for command in (
            [python, "-m", "pip", "install", "--quiet", "--target", target, "uv"],
            [python, "-m", "venv", str(TOOLS / "venv")],
            [str(TOOLS / "venv" / "bin" / "pip"), "install", "--quiet", "uv"],
        ):
            _answers(command)
        for candidate in OURS:
            if _answers([str(candidate), "--version"]):
                return str(candidate)
    raise StackError("uv is missing and could not be installed with pip. Install uv, then try again.")


def _answers(command: list[str]) -> bool:
    environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    try:
        return subprocess.run(command, capture_output=True, env=environment, check=False).returncode == 0
    except OSError:
        return False
