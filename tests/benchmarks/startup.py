"""Cold start of the hub to its page answering, and the memory it then takes; one JSON object.

DESIGN.md 8: less than 0.8 s and less than 90 MiB in the hub process; Home Assistant 1.05 s at
best and 118 MiB. Wall time depends on what else the machine does, so the processor time that the
start took is told too. The configuration is the one a new user starts from.
"""

import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 7
SETTLED = 12.0  # seconds until memory is looked at: cameras are up, automations have run
PATIENCE = 30.0  # seconds
CONFIG = Path(__file__).parents[2] / "config"
TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(CONFIG, Path(folder) / "config")
        rounds = [_start(Path(folder) / "config", last=n == ROUNDS - 1) for n in range(ROUNDS)]
    first, *later = rounds
    figures = {
        "benchmark": "startup",
        "seconds_to_health": round(min(each["wall"] for each in later), 3),
        "seconds_to_health_median": round(statistics.median(each["wall"] for each in later), 3),
        "seconds_to_health_new_database": round(first["wall"], 3),
        "cpu_seconds_to_health": round(min(each["cpu"] for each in later), 3),
        "hub_rss_mib": round(rounds[-1]["rss"], 1),
        "ingest_rss_mib": round(rounds[-1]["hub.ingest"], 1),
        "vision_rss_mib": round(rounds[-1]["hub.vision"], 1),
        "budget_seconds": 0.8,
        "budget_rss_mib": 90,
        "home_assistant_2024_3_3": {"seconds": 1.05, "rss_mib": 118},
    }
    sys.stdout.write(json.dumps(figures) + "\n")


def _start(config: Path, *, last: bool) -> dict[str, float]:
    """Start a hub, wait for its page, and stop it; of the last one memory is measured."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = os.environ | {"WATCHPOST__WEB__PORT": str(port), "WATCHPOST_OFFLINE": "1"}
    began = time.perf_counter()
    hub = subprocess.Popen(
        [sys.executable, "-m", "hub", "run", "-c", str(config)],
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for_health(port, began, hub)
        found = {"wall": time.perf_counter() - began, "cpu": _cpu(hub.pid)}
        if last:
            time.sleep(SETTLED)
            found |= {"rss": _rss(hub.pid), **_workers(hub.pid)}
        return found
    finally:
        hub.terminate()
        hub.wait(PATIENCE)


def _wait_for_health(port: int, began: float, hub: subprocess.Popen[bytes]) -> None:
    request = f"GET /health HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
    while time.perf_counter() - began < PATIENCE:
        if hub.poll() is not None:
            raise SystemExit(f"the hub ended with {hub.returncode}")
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
                connection.sendall(request)
                if b" 200 " in connection.recv(64):
                    return
        except OSError:
            time.sleep(0.002)
    raise SystemExit(f"no answer within {PATIENCE} s")


def _cpu(process: int) -> float:
    """Return the processor seconds a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _rss(process: int) -> float:
    """Return a process's resident memory in MiB."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(each.split()[1]) / 1024 for each in lines if each.startswith("VmRSS"))


def _workers(process: int) -> dict[str, float]:
    found = {}
    for task in Path(f"/proc/{process}/task").iterdir():
        for child in (task / "children").read_text().split():
            words = Path(f"/proc/{child}/cmdline").read_text().split("\0")
            name = next((each for each in words if each.startswith("hub.")), "")
            found[name] = _rss(int(child))
    return found


if __name__ == "__main__":
    main()
