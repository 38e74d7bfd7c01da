"""What a new user starts from is right as it stands, and so is every example in its comments."""

import re
import shutil
from pathlib import Path

import pytest
import yaml

from hub.app.actions import SPECS
from hub.plugins import Registry
from hub.settings import Settings, open_configuration
from integrations.demo.perspective import View
from integrations.demo.walks import DOOR

# The heading of an example, then its lines, each with "# " before it.
EXAMPLE = re.compile(r"^( *)# --- (.+?)\.? -*\n((?:\1# .*\n)+)", re.MULTILINE)


def opened(folder: Path) -> Settings:
    return open_configuration(folder, {}, Registry.discover(), SPECS)


@pytest.fixture
def config(root: Path, tmp_path: Path) -> Path:
    """Return a copy, as a new user gets it."""
    shutil.copytree(root / "config", tmp_path / "config")
    (tmp_path / "config" / "secrets.yaml").chmod(0o600)
    return tmp_path / "config"


def test_it_is_accepted_as_it_stands(config: Path) -> None:
    settings = opened(config)

    assert settings.problems == ()
    assert settings.warnings == ()


def test_it_needs_no_camera_no_model_and_no_broker(config: Path) -> None:
    settings = opened(config)
    (porch,) = settings.cameras.values()

    assert (porch.key, porch.detect.detector) == ("demo", "builtin")
    assert set(porch.zones) == {"doorstep", "path"}
    assert "mqtt" not in settings.services


def test_everything_in_the_folder_is_used(config: Path) -> None:
    names = {each.name for each in config.iterdir()}

    assert names == {"configuration.yaml", "automations.yaml", "secrets.yaml"}


def test_its_examples_are_there(root: Path) -> None:
    text = (root / "config" / "configuration.yaml").read_text()
    found = [heading for _, heading, _ in EXAMPLE.findall(text)]

    assert len(found) == 4
    assert found[0].startswith("A camera of your own")


def test_every_example_works_once_its_comment_signs_are_gone(config: Path) -> None:
    file = config / "configuration.yaml"
    file.write_text(EXAMPLE.sub(_uncommented, file.read_text()))
    settings = opened(config)

    assert settings.problems == ()
    assert set(settings.cameras) == {"porch", "my_porch"}
    assert {"mqtt", "web"} <= set(settings.services)
    assert "house" in settings.notifiers


def test_secrets_hold_no_more_than_the_examples_need(config: Path) -> None:
    secrets = yaml.safe_load((config / "secrets.yaml").read_text())
    used = re.findall(r"!secret (\w+)", (config / "configuration.yaml").read_text())

    assert sorted(secrets) == sorted(used)


def test_the_doorstep_zone_is_where_the_doorstep_is_drawn(config: Path) -> None:
    polygon = opened(config).cameras["porch"].zones["doorstep"].polygon
    view = View(width=1600, height=900)
    across, down = view.pixel(DOOR[0], 0.14, DOOR[1])
    lefts, tops = zip(*polygon, strict=True)

    assert min(lefts) + 0.05 < across / 1600 < max(lefts) - 0.05
    assert min(tops) + 0.02 < down / 900 < max(tops) - 0.02


def test_lines_are_short_enough_to_read(root: Path) -> None:
    for file in (root / "config").iterdir():
        assert max(map(len, file.read_text().splitlines())) <= 100


def _uncommented(example: re.Match[str]) -> str:
    indent = example[1]
    return "".join(
        indent + line.removeprefix(f"{indent}# ") for line in example[3].splitlines(keepends=True)
    )
