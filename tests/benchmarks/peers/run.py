"""Runs a peer's script with the interpreter it is installed for, where there is one."""

import json
import os
import subprocess
from pathlib import Path

MISSING = "not measured: WATCHPOST_BENCH_HOME_ASSISTANT names no interpreter that has it"


def home_assistant(what: str) -> object:
    """What `home_assistant.py` prints for `bus`, or for a number of other automations."""
    interpreter = os.environ.get("WATCHPOST_BENCH_HOME_ASSISTANT")
    if not interpreter:
        return MISSING
    script = Path(__file__).with_name("home_assistant.py")
    done = subprocess.run(
        [interpreter, str(script), what], capture_output=True, text=True, timeout=300, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])
