from pathlib import Path

import pytest

from hub.api import Camera, Component, Detector, Invalid
from hub.core.components import load

_PLUGIN = """
from hub.api import Camera, Service

class Tiny(Camera):
    KEY = "tiny"

class Other(Service):
    KEY = "tiny.service"

def hub_components():
    return [Tiny, Other]
"""


@pytest.fixture(autouse=True)
def _tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tiny_test_plugin.py").write_text(_PLUGIN)
    info = tmp_path / "tiny-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
    points = "[watchpost.plugins]\ntiny = tiny_test_plugin\nbroken = no_such_module\nos = os\n"
    (info / "entry_points.txt").write_text(points)
    monkeypatch.syspath_prepend(tmp_path)


def test_a_component_is_found_by_plugin_and_key() -> None:
    assert load("tiny", "tiny", Camera).KEY == "tiny"
    assert load("tiny", "tiny.service", Component).KEY == "tiny.service"


def test_an_unknown_plugin_is_explained() -> None:
    with pytest.raises(Invalid, match=r"no plugin 'tinny' is installed\. Did you mean 'tiny'\?"):
        load("tinny", "tiny", Camera)


def test_an_unknown_key_or_another_kind_is_explained() -> None:
    with pytest.raises(Invalid, match=r"has no camera 'tyny'\. Did you mean 'tiny'\?"):
        load("tiny", "tyny", Camera)
    with pytest.raises(Invalid, match=r"plugin 'tiny' has no detector 'tiny'$"):
        load("tiny", "tiny", Detector)
    with pytest.raises(Invalid, match="plugin 'os' has no camera 'x'"):
        load("os", "x", Camera)


def test_what_a_plugins_module_raises_passes_through() -> None:
    with pytest.raises(ModuleNotFoundError):
        load("broken", "x", Camera)
