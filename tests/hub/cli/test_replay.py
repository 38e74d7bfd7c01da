"""``watchpost replay`` as somebody uses it who tunes a camera."""

import contextlib
import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import av
import cv2
import pytest
from click.testing import Result

from tests.hub.cli.conftest import CONFIGURATION, kinds, run


def replay(*arguments: object) -> Result:
    return run("replay", *arguments)


def test_an_option_set_for_the_run_changes_what_is_seen(folder: Path, clip: Path) -> None:
    plain = replay(clip, "-c", folder)
    assert plain.exit_code == 0, plain.output
    assert "zone.entered" in kinds(plain)
    empty = replay(clip, "-c", folder, "--set", "cameras.porch.zones=")
    assert empty.exit_code == 0, empty.output
    assert kinds(empty) == [each for each in kinds(plain) if not each.startswith("zone.")]


def test_a_wrong_option_ends_the_command_and_names_itself(folder: Path, clip: Path) -> None:
    wrong = "cameras.porch.detect.min_scre=1"
    result = replay(clip, "-c", folder, "--set", wrong)
    assert result.exit_code == 1
    assert "--set cameras.porch.detect.min_scre" in result.stderr
    assert "Did you mean 'min_score'?" in result.stderr
    assert result.stdout == ""
    both = replay(clip, "-c", folder, "--set", wrong, "--set", "cameras.porch.detect.fps=x")
    assert both.stderr.count("--set cameras.porch.detect.") == 2
    assert "expected a number, got 'x'" in both.stderr


def test_a_mistake_elsewhere_in_the_configuration_does_not_stop_it(
    folder: Path, clip: Path
) -> None:
    (folder / "configuration.yaml").write_text(f"{CONFIGURATION}  yard: {{platform: dmeo}}\n")
    result = replay(clip, "-c", folder, "--camera", "porch")
    assert result.exit_code == 0
    assert "'dmeo'" in result.stderr


def test_a_file_of_any_name_is_a_configuration(folder: Path, clip: Path) -> None:
    night = folder / "night.yaml"
    night.write_text(CONFIGURATION.replace("porch", "garden"))
    result = replay(clip, "-c", night)
    assert json.loads(result.stdout.splitlines()[0])["camera"] == "garden"


def test_two_configurations_are_compared(folder: Path, clip: Path) -> None:
    bare = folder / "bare.yaml"
    bare.write_text(CONFIGURATION.replace("[1, 1], [0, 1]", "[1, 0.1]"))
    result = replay(clip, "--compare", folder, bare)
    assert result.exit_code == 0, result.output
    lines = {line.split()[0]: line.split()[1:] for line in result.stdout.splitlines() if line}
    assert lines["object.appeared"] == ["1", "1", "1", "0", "0"]
    assert lines["zone.entered"] == ["1", "0", "0", "1", "0"]
    assert f"A: {folder}\n" in result.stdout
    assert f"B: {bare}\n" in result.stdout
    assert "only in A" in result.stdout
    assert "only in B\n" not in result.stdout


def test_one_configuration_is_compared_with_the_present_one(folder: Path, clip: Path) -> None:
    bare = folder / "bare.yaml"
    bare.write_text(CONFIGURATION.partition("    zones")[0] + "detectors: {red: {platform: red}}\n")
    found = json.loads(replay("--compare", bare, clip, "-c", folder, "--json").stdout)
    assert found["a"]["configuration"] == str(folder)
    assert found["b"]["configuration"] == str(bare)
    assert found["types"]["zone.entered"] == {"a": 1, "b": 0, "same": 0}
    assert {each["type"] for each in found["only_a"]} >= {"zone.entered", "zone.left"}
    assert found["only_b"] == []


def test_an_option_is_compared_with_how_it_is_now(folder: Path, clip: Path) -> None:
    change = "cameras.porch.zones.all.polygon=[[0, 0], [1, 0], [1, 0.1]]"
    told = replay(clip, "-c", folder, "--compare", "--set", change)
    assert f"B: {folder} --set {change}\n" in told.stdout
    assert "zone.entered" in told.stdout
    found = json.loads(replay(clip, "-c", folder, "--compare", "--set", change, "--json").stdout)
    assert found["b"]["set"] == [change]
    assert found["types"]["zone.entered"] == {"a": 1, "b": 0, "same": 0}


def test_a_set_belongs_to_the_second_of_two(folder: Path, clip: Path) -> None:
    other = folder / "other.yaml"
    other.write_text(CONFIGURATION)
    change = "cameras.porch.zones="
    found = json.loads(replay(clip, "--compare", folder, other, "--set", change, "--json").stdout)
    assert (found["a"]["set"], found["b"]["set"]) == ([], [change])


def test_nothing_that_changed_is_said_in_words(folder: Path, clip: Path) -> None:
    same = "cameras.porch.detect.fps=5"
    result = replay(clip, "-c", folder, "--compare", "--set", same)
    assert "The same happens in both." in result.stdout
    assert result.exit_code == 0


def test_what_cannot_be_compared_is_said(folder: Path, clip: Path) -> None:
    nothing = replay(clip, "-c", folder, "--compare")
    assert "needs a configuration to compare with, or --set" in nothing.stderr
    gone = replay(clip, "-c", folder, "--compare", folder / "nope.yaml")
    assert "nope.yaml" in gone.stderr
    slower = replay(clip, "-c", folder, "--compare", folder, "--fps", "2")
    assert "write --set cameras.NAME.detect.fps" in slower.stderr
    assert {nothing.exit_code, gone.exit_code, slower.exit_code} == {1}
    third = replay(clip, "--compare", folder, folder, folder)
    assert third.exit_code == 2


def test_a_film_is_made_beside_the_events(folder: Path, clip: Path) -> None:
    out = folder / "out.mp4"
    result = replay(clip, "-c", folder, "--annotate", out)
    assert result.exit_code == 0, result.output
    assert result.stdout == replay(clip, "-c", folder).stdout
    with av.open(str(out)) as made:
        assert made.streams.video[0].frames == 100


def test_a_film_that_cannot_be_made_is_said(folder: Path, clip: Path) -> None:
    itself = replay(clip, "-c", folder, "--annotate", clip)
    assert "is the recording itself" in itself.stderr
    assert clip.stat().st_size > 0
    other = replay(clip, "-c", folder, "--annotate", folder / "out.gif")
    assert "should end in .mp4" in other.stderr
    both = replay(clip, "-c", folder, "--compare", folder, "--annotate", folder / "out.mp4")
    assert "--compare takes no --annotate or --heatmap" in both.stderr
    assert {itself.exit_code, other.exit_code, both.exit_code} == {1}


@pytest.mark.parametrize(("name", "begin"), [("heat.jpg", b"\xff\xd8"), ("heat.PNG", b"\x89PNG")])
def test_where_it_moved_is_drawn_on_the_last_picture(
    folder: Path, clip: Path, name: str, begin: bytes
) -> None:
    out = folder / name
    result = replay(clip, "-c", folder, "--heatmap", out)
    assert result.exit_code == 0, result.output
    assert out.read_bytes().startswith(begin)
    picture = cv2.imread(str(out))
    assert picture.shape[1] >= 640
    spread = picture.max(axis=2).astype(int) - picture.min(axis=2)
    across, still = spread[200:280, 200:500].mean(), spread[10:60, 350:600].mean()
    assert across > 3 * still


def test_a_map_that_cannot_be_written_is_said(folder: Path, clip: Path) -> None:
    other = replay(clip, "-c", folder, "--heatmap", folder / "heat.gif")
    assert "should end in .jpg or .png" in other.stderr
    nowhere = replay(clip, "-c", folder, "--heatmap", folder / "no" / "heat.jpg")
    assert "cannot be written" in nowhere.stderr
    assert {other.exit_code, nowhere.exit_code} == {1}


def test_on_a_terminal_lines_scroll_by_above_the_bar(folder: Path, clip: Path) -> None:
    (folder / "configuration.yaml").write_text("cameras: {porch: {platform: demo}}\n")
    shown = on_a_terminal("replay", clip, "-c", folder)
    lines = re.split(r"[\r\n]+", re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown))
    events = [json.loads(line) for line in lines if line.startswith("{")]
    assert [each["type"] for each in events] == ["motion.started", "motion.ended"]
    assert any(line.startswith("yard.mp4 ") for line in lines)
    assert not any('"type"' in line for line in lines if not line.startswith("{"))
    assert "times real time" in lines[-2]


def on_a_terminal(*arguments: object) -> str:
    """Run a command as a terminal's own, and return what was written on it."""
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "hub", *(str(each) for each in arguments)]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "80", "LINES": "24"}
    child = subprocess.Popen(command, stdout=follower, stderr=follower, env=environment)
    os.close(follower)
    written = b""
    with contextlib.suppress(OSError):  # what a closed terminal is to its reader
        while piece := os.read(leader, 65536):
            written += piece
    os.close(leader)
    assert child.wait(30) == 0, written
    return written.decode()


def test_pictures_and_captured_frames_are_stored_where_it_is_said(
    folder: Path, clip: Path, tmp_path: Path
) -> None:
    place = tmp_path / "pictures"
    rule = "cameras.porch.capture.rules={when: every, every: 2s}"
    result = replay(clip, "-c", folder, "--pictures", place, "--set", rule)
    assert result.exit_code == 0, result.output
    told = [json.loads(line) for line in result.stdout.splitlines()]
    pictured = [each for each in told if each["type"] == "object.pictured"]
    assert pictured
    for each in pictured:
        assert Path(each["thumbnail"]).is_relative_to(place / "tracks" / "porch")
        assert Path(each["thumbnail"]).read_bytes().startswith(b"\xff\xd8")
    assert len([*(place / "capture" / "porch").rglob("*.json")]) > 2
    again = replay(clip, "-c", folder, "--pictures", place, "--set", rule)
    assert again.stdout == result.stdout
    plain = replay(clip, "-c", folder)
    assert kinds(plain) == [each for each in kinds(result) if each != "object.pictured"]
    both = replay(clip, "-c", folder, "--pictures", place, "--compare", folder)
    assert both.exit_code == 1
    assert "--compare takes no --pictures" in both.stderr
