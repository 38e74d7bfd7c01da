"""The commands a person types, as processes."""

import json
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

CAMERA = """\
cameras:
  porch:
    platform: rtsp
    source: rtsp://10.0.0.7/sub
    zones:
      all: {polygon: [[0, 0], [1, 0], [1, 1], [0, 1]], objects: [person]}
"""


def watchpost(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    import os

    return subprocess.run(
        [sys.executable, "-m", "hub", *words],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, **environ},
    )


def replay(folder: Path, data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    clip = data / "footage" / "people-detection.mp4"
    models = str(data / "models")
    return watchpost(
        "replay", str(clip), "-c", str(folder), "--camera", "porch", *words,
        WATCHPOST_MODELS=models,
    )  # fmt: skip


@pytest.mark.slow
def test_replay_sees_the_visits_and_persons_and_the_same_each_time(
    tmp_path: Path, data: Path
) -> None:
    (tmp_path / "configuration.yaml").write_text(CAMERA)
    first, second = replay(tmp_path, data), replay(tmp_path, data)
    events = [json.loads(line) for line in first.stdout.splitlines()]
    entered = [each for each in events if each["type"] == "zone.entered"]
    visits = sum(each["count"] == 1 for each in entered)

    assert first.returncode == 0, first.stderr
    assert first.stdout == second.stdout
    assert visits == 4
    assert len(entered) in (6, 7, 8)
    assert Counter(each["object"] for each in entered) == {"person": len(entered)}
    assert all(b["sequence"] > a["sequence"] for a, b in pairwise(events))


def test_replay_says_which_cameras_there_are(tmp_path: Path, data: Path) -> None:
    (tmp_path / "configuration.yaml").write_text(CAMERA)
    clip = data / "footage" / "people-detection.mp4"
    done = watchpost("replay", str(clip), "-c", str(tmp_path), "--camera", "prch")

    assert done.returncode != 0
    assert "Did you mean 'porch'?" in done.stderr


def test_check_accepts_what_a_new_user_starts_from(root: Path) -> None:
    done = watchpost("check", "-c", str(root / "config"))

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "command", ["run", "check", "replay", "events", "plugins", "models", "reference"]
)
def test_every_command_has_help(command: str) -> None:
    done = watchpost(command, "--help")

    assert done.returncode == 0, done.stderr
    assert "Usage:" in done.stdout


def test_events_are_there_when_no_hub_runs(tmp_path: Path) -> None:
    (tmp_path / "configuration.yaml").write_text("")
    done = watchpost("events", "-c", str(tmp_path))

    assert done.returncode == 0, done.stderr
    assert "No hub is running" in done.stderr


def test_a_number_of_events_below_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "configuration.yaml").write_text(CAMERA)
    done = watchpost("events", "-c", str(tmp_path), "-n", "-3")

    assert done.returncode == 2
    assert "-3 is not in the range x>=0" in done.stderr
