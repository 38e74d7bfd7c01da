"""``watchpost events`` beside a running hub."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.product import Product

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120), pytest.mark.xdist_group("product")]

YARD = "cameras: {yard: {platform: demo, detect: {detector: builtin}}}\n"


def test_recent_events_come_first_and_then_those_that_happen(tmp_path: Path) -> None:
    (tmp_path / "configuration.yaml").write_text(YARD)
    with Product(tmp_path) as product:
        product.event("camera.online")
        tail = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "hub",
                "events",
                "-c",
                str(tmp_path),
                "--json",
                "-n",
                "500",
                "--states",
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert tail.stdout
        seen = [json.loads(tail.stdout.readline())]
        while seen[-1]["type"] != "object.left":
            seen.append(json.loads(tail.stdout.readline()))
        tail.send_signal(signal.SIGINT)
        rest = tail.communicate(timeout=10)[0]

        sequences = [each["sequence"] for each in seen]
        assert seen[0]["type"] == "plugin.changed"  # the page, which is there before all else
        assert "camera.online" in [each["type"] for each in seen]
        assert sequences == list(range(sequences[0], sequences[0] + len(sequences)))
        assert tail.returncode == 0, rest


def test_a_tail_ends_with_its_hub(tmp_path: Path) -> None:
    (tmp_path / "configuration.yaml").write_text(YARD)
    with Product(tmp_path) as product:
        product.event("hub.started")
        tail = subprocess.Popen(
            [sys.executable, "-m", "hub", "events", "-c", str(tmp_path), "-t", "hub.started"],
            stdout=subprocess.PIPE,
            env={**os.environ, "NO_COLOR": "1"},
            text=True,
        )
        assert tail.stdout
        first = tail.stdout.readline()
        product.stop()
        rest, _ = tail.communicate(timeout=10)

        assert "hub.started" in first
        assert rest == ""
        assert tail.returncode == 0


def test_changes_of_states_are_shown_only_when_asked_for(tmp_path: Path) -> None:
    (tmp_path / "configuration.yaml").write_text(YARD)
    with Product(tmp_path) as product:
        product.event("camera.online")
    plain, full, wrong = (
        subprocess.run(
            [sys.executable, "-m", "hub", "events", "-c", str(tmp_path), "--no-follow", *words],
            capture_output=True,
            text=True,
            check=False,
        )
        for words in (["-n", "500"], ["-n", "500", "--states"], ["-t", "camera.onlin"])
    )

    assert "camera.online" in plain.stdout
    assert "state.changed" not in plain.stdout
    assert "state.changed" in full.stdout
    assert wrong.returncode == 1
    assert "Did you mean 'camera.online'?" in wrong.stderr
