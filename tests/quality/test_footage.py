"""What a camera's pipeline finds on real footage, with the model people get and its defaults.

People walk through a room, and in other clips nobody does; what really happens in them was
looked at by eye (``truth.json`` here, and one that came with the footage).
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
PEOPLE = "people-detection.mp4"
CLIPS = (
    "derived/worker-zone-detection.preview.mp4",
    "derived/classroom.preview.mp4",
    "car-detection.mp4",
    "bottle-detection.mp4",
)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]


def watchpost(data: Path, *arguments: object) -> str:
    """Run a command in a process of its own, with the models of the test data."""
    environment = {"WATCHPOST_MODELS": str(data / "models"), "WATCHPOST_OFFLINE": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "hub", *(str(each) for each in arguments)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def scored(data: Path, clip: str, truth: Path, *arguments: object) -> Any:
    """Return a clip's score as ``evaluate events`` gives it."""
    file = data / "footage" / clip
    configured = ("-c", HERE / "configuration.yaml", "--truth", truth, "--json")
    answer = watchpost(data, "evaluate", "events", file, *configured, *arguments)
    return json.loads(answer)[file.name]


def test_four_visits_of_seven_persons_are_seen_and_where_they_go(data: Path) -> None:
    found = scored(data, PEOPLE, data / "footage" / "truth" / "events.json")
    assert found["wrong"] == []
    assert found["visits_seen"] == 4
    assert found["persons"] == 7
    assert 7 <= found["tracks"] <= 8
    assert found["longest_false_seconds"] <= 0.5


@pytest.mark.parametrize("fps", [5, 10])
def test_who_comes_and_goes_is_counted_at_lines(data: Path, tmp_path: Path, fps: int) -> None:
    told = json.loads((data / "footage" / "truth" / "events.json").read_text())
    told["people-detection"]["lines"] = {
        "enter": {"in": 7, "out": 0},
        "left": {"in": 0, "out": 4},
        "right": {"in": 0, "out": 3},
    }
    truth = tmp_path / "truth.json"
    truth.write_text(json.dumps(told))
    found = scored(data, PEOPLE, truth, "--set", f"cameras.porch.detect.fps={fps}")
    assert {name: each["counted"] for name, each in found["lines"].items()} == {
        "enter in": 7,
        "enter out": 0,
        "left in": 0,
        "left out": 4,
        "right in": 0,
        "right out": 3,
    }
    assert found["wrong"] == []


@pytest.mark.parametrize("clip", CLIPS)
def test_nobody_is_seen_where_nobody_is(data: Path, clip: str) -> None:
    found = scored(data, clip, HERE / "truth.json")
    assert found["wrong"] == []
    assert found["longest_false_seconds"] <= 0.5


@pytest.mark.parametrize("clip", [PEOPLE, *CLIPS])
def test_the_same_recording_gives_the_same_events_byte_for_byte(data: Path, clip: str) -> None:
    arguments = ("replay", data / "footage" / clip, "-c", HERE / "configuration.yaml")
    first, second = (watchpost(data, *arguments) for _ in range(2))
    assert first
    assert first == second


def test_two_detectors_one_after_the_other_are_the_same_every_time_too(data: Path) -> None:
    changes = (
        "detectors.near={platform: openvino, model: lwpd_192}",
        "cameras.porch.detect.first=near",
    )
    arguments = ["replay", data / "footage" / PEOPLE, "-c", HERE / "configuration.yaml"]
    for each in changes:
        arguments += ["--set", each]
    first, second = (watchpost(data, *arguments) for _ in range(2))
    assert first == second
    assert first.count('"object.appeared"') == 7
