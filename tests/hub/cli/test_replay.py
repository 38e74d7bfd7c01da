"""``watchpost replay`` as somebody uses it who tunes a camera."""

import json
from pathlib import Path

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
    assert "--set has the errors above" in both.stderr
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
