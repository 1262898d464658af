"""How does nginx run without an engine? From the PATH, with the very configuration of its container."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from scripts.stacks import places
from scripts.stacks.program import Program

SOURCE = places.ROOT / "nginx"
# Debian keeps it where ordinary users do not look.
ELSEWHERE = "/usr/sbin:/usr/local/sbin:/opt/homebrew/bin"


def find() -> str | None:
    """Find nginx on this machine."""
    return shutil.which("nginx") or shutil.which("nginx", path=ELSEWHERE)


def prepare(folder: Path, *, listen: int, backend: int) -> None:
    """Render the templates as the container does."""
    values = {
        "LISTEN": f"127.0.0.1:{listen}",
        "BACKEND": f"127.0.0.1:{backend}",
        # Never asked: the backend is an address here.
        "RESOLVER": "127.0.0.1",
        "TLS": "off",
    }
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "conf.d").mkdir(parents=True)
    shutil.copy(SOURCE / "nginx.conf", folder / "nginx.conf")
    for template in (SOURCE / "templates").glob("*.template"):
        text = re.sub(r"\$\{([A-Z]+)\}", lambda match: values.get(match[1], match[0]), template.read_text())
        (folder / "conf.d" / template.stem).write_text(text)


def program(binary: str, folder: Path) -> Program:
    """Describe nginx; everything it writes lies in the folder."""
    # Its workers would be `nobody`, who need not reach the folder.
    user = ["-g", "user root;"] if os.geteuid() == 0 else []
    words = (binary, "-p", f"{folder}/", "-e", "stderr", "-c", str(folder / "nginx.conf"), *user)
    return Program("nginx", words, folder, stop_signal="QUIT")
