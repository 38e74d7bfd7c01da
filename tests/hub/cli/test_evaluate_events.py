"""``watchpost evaluate events`` as somebody uses it who has a recording and knows what is in it."""

import json
from pathlib import Path

import pytest
from click.testing import Result

from tests.hub.cli.conftest import run

# Of the drawn clip, 10 frames a second: somebody crosses the yard from frame 10 to 59.
TRUTH = {"yard": {"fps": 10, "frames": 100, "visits": [{"frames": [10, 59], "persons": 1}]}}


def evaluate(*arguments: object) -> Result:
    return run("evaluate", "events", *arguments)


@pytest.fixture
def truth(tmp_path: Path) -> Path:
    return write(tmp_path, TRUTH)


def write(folder: Path, told: object) -> Path:
    file = folder / "truth.json"
    file.write_text(told if isinstance(told, str) else json.dumps(told, indent=1))
    return file


def test_a_recording_is_replayed_and_scored(folder: Path, clip: Path, truth: Path) -> None:
    result = evaluate(clip, "-c", folder, "--truth", truth, "--strict")
    assert result.exit_code == 0, result.output
    assert "yard.mp4" in result.stdout
    assert "10 to 59" in result.stdout
    assert "1 of 1" in result.stdout
    assert "does not hold" not in result.stdout


def test_scores_come_as_json_by_recording(folder: Path, clip: Path, truth: Path) -> None:
    result = evaluate(clip, "-c", folder, "--truth", truth, "--json")
    found = json.loads(result.stdout)["yard.mp4"]
    assert found["holds"] is True
    assert (found["visits_seen"], found["tracks"], found["extra_tracks"]) == (1, 1, 0)
    (visit,) = found["visits"]
    assert visit["frames"] == [10, 59]
    assert visit["seen_frames"] == pytest.approx([10, 58], abs=2)


def test_what_does_not_hold_is_said_and_ends_with_1_only_if_strict(
    folder: Path, clip: Path, tmp_path: Path
) -> None:
    truth = write(tmp_path, {"yard": {"visits": [], "lines": {"gate": {"in": 1}}}})
    loose = evaluate(clip, "-c", folder, "--truth", truth)
    assert loose.exit_code == 0
    assert "does not hold: visits: 1 instead of 0" in loose.stdout
    assert "line gate in: 0 of 1" in loose.stdout
    strict = evaluate(clip, "-c", folder, "--truth", truth, "--strict", "--json")
    assert strict.exit_code == 1
    assert json.loads(strict.stdout)["yard.mp4"]["wrong"][0] == "visits: 1 instead of 0"
    limits = ["--false", "60", "--extra", "9"]
    forgiven = evaluate(clip, "-c", folder, "--truth", truth, "--json", *limits)
    assert len(json.loads(forgiven.stdout)["yard.mp4"]["wrong"]) == 2


def test_an_option_may_be_set_for_the_evaluation(folder: Path, clip: Path, truth: Path) -> None:
    change = "cameras.porch.detect.min_score=0.95"
    result = evaluate(clip, "-c", folder, "--truth", truth, "--set", change)
    assert "not seen" in result.stdout


def test_events_that_were_kept_are_scored_without_a_replay(
    folder: Path, clip: Path, truth: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "out.jsonl"
    log = run("replay", clip, "-c", folder).stdout
    kept.write_text('{"type": "plugin.changed", "plugin": "x", "state": "ready"}\n' + log)
    told = evaluate(clip, "--truth", truth, "--events", kept, "--json")
    assert told.exit_code == 0, told.output
    again = evaluate(clip, "-c", folder, "--truth", truth, "--json")
    assert told.stdout == again.stdout


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("nonsense", "out.jsonl:2: not an event as JSON"),
        ('{"type": "motion.started"}', "out.jsonl:2: Object missing required field"),
    ],
)
def test_a_line_that_is_no_event_is_told_with_its_number(
    line: str, words: str, clip: Path, truth: Path, tmp_path: Path, quiet: None
) -> None:
    kept = tmp_path / "out.jsonl"
    kept.write_text(f'{{"type": "hub.started"}}\n{line}\n')
    result = evaluate(clip, "--truth", truth, "--events", kept)
    assert result.exit_code == 1
    assert words in result.stderr
    missing = evaluate(clip, "--truth", truth, "--events", tmp_path / "nope.jsonl")
    assert "there is no file" in missing.stderr
    uneven = evaluate(clip, "--truth", truth, "--events", kept, "--events", kept)
    assert "for 1 recordings give as many --events, not 2" in uneven.stderr


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"yrad": {}}, "tells nothing of 'yard'. Did you mean 'yrad'?"),
        ({"yard": {"vists": []}}, "truth.json:3:3: unknown key 'vists'. Did you mean 'visits'?"),
        ({"yard": {"visits": [{"persons": 1}]}}, "missing key 'frames'"),
        ({"yard": {"visits": [{"frames": [9, 3]}]}}, "the last frame, 3, is before the first, 9"),
        ({"yard": {"visits": [{"frames": 3}]}}, "expected [first, last], got 3"),
        ({"yard": {"visits": [{"frames": [1, 2], "exits": {"lft": 1}}]}}, "mean 'left'?"),
        ({"yard": {"visits": [{"frames": [1, "b"]}]}}, "expected a number, got 'b'"),
        ({"yard": {"lines": {"gate": {"inn": 3}}}}, "unknown key 'inn'. Did you mean 'in'?"),
        ({"yard": []}, "expected options as 'key: value'"),
        ('{"yard": {"visits": [}', "truth.json:1:"),
        ("[]", "truth.json:1:1: expected recordings by name"),
    ],
)
def test_a_mistake_in_a_truth_is_told_with_its_place(
    told: object, words: str, folder: Path, clip: Path, tmp_path: Path
) -> None:
    result = evaluate(clip, "-c", folder, "--truth", write(tmp_path, told))
    assert result.exit_code == 1
    assert words in result.stderr
    assert result.stdout == ""


def test_a_truth_that_is_not_there_is_said(folder: Path, clip: Path, tmp_path: Path) -> None:
    result = evaluate(clip, "-c", folder, "--truth", tmp_path / "nope.json")
    assert "there is no file" in result.stderr
    gone = evaluate(tmp_path / "x.mp4", "-c", folder, "--truth", write(tmp_path, TRUTH))
    assert "there is no file" in gone.stderr


def test_a_truth_may_be_yaml_and_name_the_file_in_full(
    folder: Path, clip: Path, tmp_path: Path
) -> None:
    file = tmp_path / "truth.yaml"
    file.write_text("yard.mp4:\n  visits:\n    - frames: [10, 59]\n")
    assert evaluate(clip, "-c", folder, "--truth", file, "--strict").exit_code == 0
