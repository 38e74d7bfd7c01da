"""A drawn recording, and a detector for it installed as a plugin, for commands to use."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hub.cli.main import main
from tests.hub.shelf import shelf
from tests.hub.vision.test_replay import film

CONFIGURATION = """
cameras:
  porch:
    platform: demo
    detect: {fps: 5, objects: [person], detector: red}
    zones:
      all: {polygon: [[0, 0], [1, 0], [1, 1], [0, 1]]}
detectors:
  red: {platform: red}
"""
_RED = """
    from hub.api import hookimpl
    from tests.hub.vision.scenes import RedFinder

    class Red(RedFinder):
        LABELS = ("person",)

        def __init__(self, name, options):
            super().__init__()

    @hookimpl
    def hub_components():
        return [Red]
"""


@pytest.fixture(scope="module")
def red(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A detector that finds red things."""
    with shelf(tmp_path_factory.mktemp("plugins")) as ours:
        ours.put("red", _RED)
        yield


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten seconds in which somebody crosses a yard."""
    return film(tmp_path_factory.mktemp("clips") / "yard.mp4")


@pytest.fixture
def quiet() -> Iterator[None]:
    """Take back what a command does to this process's logging."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quiet: None, red: None) -> Path:
    """A configuration whose porch is looked at by the red detector."""
    monkeypatch.setenv("WATCHPOST_OFFLINE", "1")
    (tmp_path / "configuration.yaml").write_text(CONFIGURATION)
    return tmp_path


def run(*arguments: object) -> Result:
    """Run a command as somebody types it."""
    return CliRunner().invoke(main, [str(each) for each in arguments])


def kinds(result: Result) -> list[str]:
    """Return the types of the events that were printed."""
    return [json.loads(line)["type"] for line in result.stdout.splitlines()]
