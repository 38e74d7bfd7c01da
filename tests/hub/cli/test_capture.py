"""``watchpost capture``: what was captured, and a data set made of it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hub.cli.capture import capture
from hub.vision.samples import Samples
from tests.hub.vision.test_samples import PLENTY, catch

CONFIGURATION = """
hub: {time_zone: Europe/Berlin}
cameras:
  porch: {platform: demo}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "configuration"
    place.mkdir()
    (place / "configuration.yaml").write_text(CONFIGURATION)
    return place


def call(*words: object) -> Result:
    return CliRunner().invoke(capture, [str(each) for each in words])


def captured(folder: Path) -> None:
    for number in (0, 3600, 7200):
        Samples(folder / "data" / "media", "porch").store(catch(number), "openvino", PLENTY)


def test_what_was_captured_is_listed_by_camera_and_rule(folder: Path) -> None:
    captured(folder)
    result = call("list", "-c", folder)
    assert result.exit_code == 0, result.output
    (line,) = result.stdout.splitlines()
    assert line.split()[:4] == ["porch", "score", "3", "frames"]
    assert line.endswith(" MB")


def test_nothing_captured_is_said(folder: Path) -> None:
    result = call("list", "-c", folder)
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "Nothing was captured" in result.stderr


def test_since_is_in_the_hubs_time_zone(folder: Path) -> None:
    captured(folder)  # at 22:13, 23:13 and 00:13 UTC; an hour later in Berlin
    result = call("list", "-c", folder, "--since", "2023-11-15")
    assert result.stdout.split()[2] == "2"


@pytest.mark.parametrize("form", ["coco", "yolo"])
def test_a_data_set_is_exported(form: str, folder: Path, tmp_path: Path) -> None:
    captured(folder)
    out = tmp_path / "out"
    result = call("export", out, "-c", folder, "--format", form, "--objects", "person,dog")
    assert result.exit_code == 0, result.output
    assert "3 images with 3 objects" in result.output
    assert len([*(out / "images").iterdir()]) == 3
    if form == "coco":
        read = json.loads((out / "annotations.json").read_text())
        assert [round(side) for side in read["annotations"][0]["bbox"]] == [544, 252, 64, 108]


def test_mistakes_are_said_in_words(folder: Path, tmp_path: Path) -> None:
    captured(folder)
    unknown = call("export", tmp_path / "a", "-c", folder, "--format", "coco", "--camera", "prch")
    assert unknown.exit_code == 1
    assert "there is no camera 'prch'. Did you mean 'porch'?" in unknown.output
    again = call("export", folder, "-c", folder, "--format", "coco")
    assert "is not empty" in again.output
    assert call("export", tmp_path / "b", "-c", folder).exit_code == 2
