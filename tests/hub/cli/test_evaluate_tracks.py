"""``watchpost evaluate tracks`` as a user runs it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hub.cli import main


@pytest.fixture
def folder(data: Path) -> Path:
    return data / "datasets/mot/TUD-Campus"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["evaluate", "tracks", *map(str, arguments)])


def test_tracks_are_scored(folder: Path) -> None:
    result = run("--truth", folder / "gt.txt", "--tracks", folder / "test.txt")
    assert result.exit_code == 0
    lines = {line.split("  ")[0]: line.split() for line in result.output.splitlines()}
    assert lines["IDF1"][1] == "55.8%"
    assert lines["MOTA"][1] == "52.6%"
    assert lines["ID switches"][2] == "7"
    assert lines["Misses"][1] == "150"


def test_json_has_every_number_under_its_name(folder: Path) -> None:
    result = run("--truth", folder / "gt.txt", "--tracks", folder / "test.txt", "--json")
    found = json.loads(result.output)
    assert found["idf1"] == pytest.approx(0.5577, abs=0.0001)
    assert found["hota"] == pytest.approx(0.3914, abs=0.0001)
    assert (found["switches"], found["false_positives"], found["misses"]) == (7, 13, 150)


def test_detections_are_followed_and_the_tracks_written(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.txt"
    given = ("--truth", folder / "gt.txt", "--detections", folder / "det.txt", "--json")
    first = run(*given, "--output", out)
    again = run("--truth", folder / "gt.txt", "--tracks", out, "--json")
    assert json.loads(first.output)["idf1"] == pytest.approx(
        json.loads(again.output)["idf1"], abs=0.005
    )
    assert first.output == run(*given).output  # the same on every run


def test_only_some_frames_may_be_used(folder: Path) -> None:
    given = ("--truth", folder / "gt.txt", "--detections", folder / "det.txt", "--json")
    assert json.loads(run(*given, "--every", 5).output)["frames"] == 15


def test_a_bad_line_is_named_and_ends_it(folder: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_text("1,1,2,3,4,5\n1,2,two,3,4,5\n")
    result = run("--truth", folder / "gt.txt", "--tracks", bad)
    assert result.exit_code == 1
    assert f"{bad}:2: 'two' in column 3 is no number" in result.output


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "give either --detections or --tracks"),
        (("--tracks", "a", "--detections", "b"), "give either --detections or --tracks"),
        (("--tracks", "a", "--size", "wide"), "no size such as 1920x1080"),
        (("--tracks", "a", "--iou", "0"), "not in the range"),
    ],
)
def test_options_that_make_no_sense_are_refused(options: tuple[str, ...], words: str) -> None:
    result = run("--truth", "gt.txt", *options)
    assert result.exit_code == 2
    assert words in result.output


def test_the_group_lists_what_it_can_evaluate() -> None:
    result = CliRunner().invoke(main, ["evaluate", "--help"])
    assert "tracks" in result.output
    assert CliRunner().invoke(main, ["evaluate", "nothing"]).exit_code == 2
