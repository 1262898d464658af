"""The style law is in force: ruff reports what the house forbids, in the files where it forbids it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

RUFF = Path(sys.executable).with_name("ruff")
SERVICES = "backend/apps/users/services.py"
CLOCK = "backend/kit/clock.py"

FORBIDDEN = {
    "TID251": [
        "from django.utils import timezone\n\nat = timezone.now()",
        "from datetime import UTC, datetime\n\nat = datetime.now(UTC)",
        "from datetime import date\n\non = date.today()",
        "import time\n\nat = time.time()",
        "from django.db.models.functions import Now\n\nat = Now()",
        "import uuid\n\nidentifier = uuid.uuid4()",
    ],
    "DTZ001": ["from datetime import datetime\n\nat = datetime(2026, 1, 1)"],
    "ERA001": ["# amount = price * seats"],
    "TD": ["# TODO: later"],
    "S608": ['def find(name: str) -> str:\n    return f"SELECT 1 FROM users WHERE name = {name}"'],
    "T201": ['print("hello")'],
    "PLC0415": ["def find() -> None:\n    import os\n\n    os.abort()"],
    "BLE001": ["try:\n    pass\nexcept Exception:\n    pass"],
    "F401": ["import os"],
}


def findings(text: str, path: str) -> str:
    command = [str(RUFF), "check", "--output-format=concise", "--no-cache", f"--stdin-filename={path}", "-"]
    done = subprocess.run(command, check=False, cwd=ROOT, input=text, capture_output=True, text=True)
    return done.stdout


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in FORBIDDEN.items() for text in texts])
def test_what_is_forbidden_is_reported(code: str, text: str) -> None:
    assert f" {code}" in findings(f'"""X."""\n\n{text}\n', SERVICES)


def test_only_the_clock_may_read_the_time() -> None:
    text = '"""X."""\n\nfrom datetime import UTC, datetime\n\nat = datetime.now(UTC)\n'
    assert "TID251" not in findings(text, CLOCK)
