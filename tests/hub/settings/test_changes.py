"""``--set cameras.porch.detect.fps=10``: an option tried out, checked like one in a file."""

import pytest

from tests.hub.settings.conftest import Desk

PORCH = """
cameras:
  porch:
    platform: lens
    source: x
    detect: {fps: 5, objects: [person, car]}
    zones:
      gate: {polygon: [[0, 0], [1, 0], [1, 1]]}
"""


def test_options_are_set_where_the_path_leads_and_the_last_one_wins(desk: Desk) -> None:
    settings = desk.open(
        PORCH,
        {"WATCHPOST__CAMERAS__PORCH__DETECT__FPS": "7"},
        [
            "cameras.porch.detect.fps=9",
            "cameras.porch.detect.fps=10",
            "cameras.porch.detect.min_score=0.6",
            "cameras.porch.detect.objects.1=dog",
            "cameras.porch.zones.gate.polygon=[[0, 0], [1, 0], [1, 0.5]]",
            "cameras.porch.zones.new.polygon=[[0,0],[1,0],[1,1],[0,1]]",
            "cameras.porch.lines.path.points=[[0, 0.5], [1, 0.5]]",
            "cameras.porch.motion.sensitivity=high",
            "cameras.yard={platform: lens, source: y}",
        ],
    )
    assert desk.lines(settings) == []
    porch = settings.cameras["porch"]
    assert (porch.detect.fps, porch.detect.min_score) == (10.0, 0.6)
    assert porch.detect.objects == ("person", "dog")
    assert porch.zones["gate"].polygon == ((0, 0), (1, 0), (1, 0.5))
    assert len(porch.zones["new"].polygon) == 4
    assert porch.lines["path"].points == ((0, 0.5), (1, 0.5))
    assert porch.motion.threshold == 12
    assert "yard" in settings.cameras


def test_an_empty_value_takes_an_option_away(desk: Desk) -> None:
    document = desk.load(PORCH, changes=["cameras.porch.zones="])
    assert document.tree["cameras"]["porch"]["zones"] is None
    assert desk.open(PORCH, changes=["cameras.porch.zones="]).cameras["porch"].zones == {}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            "cameras.porch.detect.min_scre=0.6",
            (
                "--set cameras.porch.detect.min_scre:1:1: error: unknown key 'min_scre'. "
                "Did you mean 'min_score'?"
            ),
        ),
        (
            "cameras.porch.detect.min_score=high",
            "--set cameras.porch.detect.min_score:1:1: error: expected a number, got 'high'",
        ),
        (
            "cameras.prch.detect.fps=3",
            (
                "--set cameras.prch.detect.fps:1:1: error: there is no camera 'prch'. "
                "Did you mean 'porch'?"
            ),
        ),
        (
            "camera.porch.detect.fps=3",
            (
                "--set camera.porch.detect.fps:1:1: error: unknown key 'camera'. "
                "Did you mean 'cameras'?"
            ),
        ),
        (
            "cameras.porch.detect.fps.most=3",
            (
                "--set cameras.porch.detect.fps.most:1:1: error: "
                "there is no 'most': the configuration has a single value here"
            ),
        ),
        (
            "cameras.porch.zones.gate.polygon=[[0,0],[1,0]]",
            "--set cameras.porch.zones.gate.polygon:1:1: error: ",
        ),
        (
            "cameras.porch.zones.gate.polygon=[[0,0],[1,0",
            "--set cameras.porch.zones.gate.polygon:1:8: error: this '[' is never closed",
        ),
        ("cameras.porch.detect.fps", "error: expected PATH=VALUE, there is no '='"),
        ("cameras..fps=1", "error: '.' stands between the keys of an option, one is empty"),
        ("=1", "error: '.' stands between the keys of an option, one is empty"),
    ],
)
def test_a_mistake_is_told_as_in_a_file_and_names_the_change(
    desk: Desk, change: str, words: str
) -> None:
    (line,) = desk.lines(desk.open(PORCH, changes=[change]))
    assert words in line


def test_a_file_of_any_name_may_be_read_with_its_neighbours(desk: Desk) -> None:
    desk.write({"night.yaml": PORCH.replace("5,", "!include fps.yaml,"), "fps.yaml": "3\n"})
    from hub.settings import open_configuration

    settings = open_configuration(desk.folder / "night.yaml", {}, desk.offers)
    assert settings.cameras["porch"].detect.fps == 3.0
    assert settings.folder == desk.folder
