"""``watchpost check`` as a user runs it, with the plugins that come with Watchpost."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hub.cli import main

_GOOD = """\
cameras:
  porch:
    platform: demo
    detect: {fps: 5, objects: [person], detector: builtin}
    zones:
      doorstep: {polygon: [[0.3, 0.5], [0.7, 0.5], [0.7, 1]], enter_after: 0.4s}
automation: !include automations.yaml
"""
_AUTOMATIONS = """\
- alias: Someone at the door
  triggers:
    - trigger: zone
      camera: porch
      zone: doorstep
      event: enter
  conditions: "{{ trigger.score > 0.5 }}"
  actions:
    - action: camera.snapshot
      data: {camera: porch}
"""

# What is replaced by what, and the line in which the mistake then is.
BROKEN = {
    "an unknown section": ("cameras:", "camera:", 1),
    "an unknown platform": ("demo", "dmeo", 3),
    "an unknown key": ("fps", "fsp", 4),
    "a number that is a text": ("fps: 5", "fps: five", 4),
    "a number out of bounds": ("fps: 5", "fps: 500", 4),
    "an unknown object": ("[person]", "[preson]", 4),
    "an unknown detector": ("builtin", "bultin", 4),
    "an unknown key of a zone": ("polygon", "polygn", 6),
    "a polygon of two points": (", [0.7, 1]", "", 6),
    "a point outside": ("[0.7, 1]", "[0.7, 1.1]", 6),
    "a wrong time span": ("0.4s", "soon", 6),
    "a tab": ("    detect", "\tdetect", 4),
    "an open bracket": ("enter_after: 0.4s}", "enter_after: 0.4s", 6),
    "an open quote": ("platform: demo", "platform: 'demo", 3),
    "a wrong indent": ("    zones", "   zones", 5),
    "a duplicate key": ("    zones", "    platform: demo\n    zones", 5),
    "a missing file": ("automations.yaml", "automation.yaml", 7),
    "a missing secret": ("platform: demo", "platform: !secret platform", 3),
    "an unknown tag": ("!include", "!inclde", 7),
    "a Python tag": ("!include", "!!python/name:os.system", 7),
}
BROKEN_AUTOMATIONS = {
    "an unknown trigger": ("trigger: zone", "trigger: zoen", 3),
    "an unknown camera": ("camera: porch\n", "camera: proch\n", 4),
    "an unknown zone": ("zone: doorstep", "zone: dorstep", 5),
    "a template that does not compile": ("0.5 }}", "0.5 }", 7),
    "an unknown action": ("camera.snapshot", "camera.snap", 9),
    "an unknown key of an automation": ("actions:", "actoins:", 8),
}


def check(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["check", "-c", str(folder), *arguments])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "configuration.yaml").write_text(_GOOD)
    (tmp_path / "automations.yaml").write_text(_AUTOMATIONS)
    return tmp_path


def test_a_good_configuration_is_summed_up(folder: Path) -> None:
    result = check(folder)
    assert result.output == f"OK: 1 camera, 1 zone, 1 automation, 1 notifier in {folder}\n"
    assert result.exit_code == 0


def test_the_file_itself_may_be_named(folder: Path) -> None:
    assert check(folder / "configuration.yaml").output.startswith("OK: 1 camera")


@pytest.mark.parametrize("about", BROKEN)
def test_a_broken_configuration_fails_with_its_line(folder: Path, about: str) -> None:
    old, new, line = BROKEN[about]
    assert _GOOD.count(old)
    (folder / "configuration.yaml").write_text(_GOOD.replace(old, new, 1))
    _fails(check(folder), folder / "configuration.yaml", line)


@pytest.mark.parametrize("about", BROKEN_AUTOMATIONS)
def test_a_broken_automation_fails_with_its_line(folder: Path, about: str) -> None:
    old, new, line = BROKEN_AUTOMATIONS[about]
    assert _AUTOMATIONS.count(old)
    (folder / "automations.yaml").write_text(_AUTOMATIONS.replace(old, new, 1))
    _fails(check(folder), folder / "automations.yaml", line)


def _fails(result: Result, file: Path, line: int) -> None:
    assert result.exit_code == 1
    assert re.search(rf"^{re.escape(str(file))}:{line}:\d+: error: \S", result.output, re.MULTILINE)
    assert result.output.splitlines()[-1] != ""


def test_what_would_be_left_out_is_listed(folder: Path) -> None:
    (folder / "configuration.yaml").write_text(_GOOD.replace("platform: demo", "platform: x"))
    result = check(folder)
    assert result.output.splitlines()[-3:] == [
        "2 errors. Without these parts it would run:",
        "  camera 'porch'",
        "  automation 'Someone at the door'",
    ]


def test_where_no_part_is_left_out_none_is_announced(folder: Path) -> None:
    (folder / "configuration.yaml").write_text("- a list\n")
    lines = check(folder).output.splitlines()

    assert lines[-1] == "1 error."


def test_a_name_in_other_letters_is_suggested(folder: Path) -> None:
    file = folder / "configuration.yaml"
    file.write_text(file.read_text().replace("detector: builtin", "detector: BUILTIN"))

    assert "unknown detector 'BUILTIN'. Did you mean 'builtin'?" in check(folder).output


def test_warnings_alone_are_counted_and_are_no_error(folder: Path) -> None:
    (folder / "secrets.yaml").write_text("name: Home\n")
    (folder / "secrets.yaml").chmod(0o644)
    (folder / "configuration.yaml").write_text(_GOOD + "hub: {name: !secret name}\n")
    result = check(folder)

    assert result.exit_code == 0
    assert result.output.splitlines()[0].startswith(f"{folder}/secrets.yaml:1:1: warning: every")
    assert result.output.splitlines()[1].startswith("OK (1 warning): 1 camera, 1 zone")


def test_programs_get_one_object(folder: Path) -> None:
    assert json.loads(check(folder, "--json").output)["ok"] is True
    (folder / "configuration.yaml").write_text(_GOOD.replace("fps: 5", "fps: x"))
    answer = json.loads(check(folder, "--json").output)
    assert answer["ok"] is False
    assert answer["problems"][0] == {
        "file": str(folder / "configuration.yaml"),
        "line": 4,
        "column": 19,
        "severity": "error",
        "words": "expected a number, got 'x'",
        "hint": "",
    }
    assert answer["left_out"][0] == "camera 'porch'"


def test_a_folder_that_is_not_there_fails(tmp_path: Path) -> None:
    result = check(tmp_path / "nowhere")
    assert "there is no configuration.yaml in" in result.output
    assert result.exit_code == 1


def test_a_file_cannot_colour_the_terminal(folder: Path) -> None:
    (folder / "configuration.yaml").write_text('"\\e[31mred": 1\n')
    result = check(folder)
    assert "\x1b" not in result.output
    assert "\\x1b[31mred" in result.output


def test_a_warning_is_no_error(folder: Path) -> None:
    (folder / "secrets.yaml").write_text("kind: demo\n")
    (folder / "secrets.yaml").chmod(0o644)
    (folder / "configuration.yaml").write_text(_GOOD.replace(": demo", ": !secret kind"))
    result = check(folder)
    assert f"{folder}/secrets.yaml:1:1: warning: " in result.output
    assert result.exit_code == 0


def test_a_warning_is_shown_and_fails_nothing_nor_leaves_anything_out(folder: Path) -> None:
    twice = _AUTOMATIONS.replace("- alias", "- id: door\n  alias")
    (folder / "automations.yaml").write_text(twice + twice.replace("Someone", "Anyone"))
    result = check(folder)
    assert "automations.yaml:12:7: warning: the id 'door' is used twice" in result.output
    assert "OK (1 warning): 1 camera, 1 zone, 2 automations" in result.output
    assert result.exit_code == 0


def test_a_mistake_is_shown_with_its_line_and_marked(folder: Path) -> None:
    text = _AUTOMATIONS.replace("trigger.score", "trigger.scroe").replace("zone: door", "zone: dor")
    (folder / "automations.yaml").write_text(text)
    lines = check(folder).output.splitlines()
    assert lines[:6] == [
        (
            f"{folder}/automations.yaml:5:13: error: the camera 'porch' has no zone 'dorstep'. "
            "Did you mean 'doorstep'?"
        ),
        "    5 |       zone: dorstep",
        "      |             ^^^^^^^",
        (
            f"{folder}/automations.yaml:7:15: error: no trigger of this automation gives "
            "'trigger.scroe'. Did you mean 'score'?"
        ),
        '    7 |   conditions: "{{ trigger.scroe > 0.5 }}"',
        "      |                   ^^^^^^^^^^^^^",
    ]


def test_a_line_that_may_hold_a_secret_is_not_shown(folder: Path) -> None:
    text = _GOOD.replace("platform: demo", "platform: rtsp\n    source: rtsp://me:geheim@/x")
    (folder / "configuration.yaml").write_text(text + "mqtt: {password: 12345678, host: x}\n")
    output = check(folder).output
    assert "configuration.yaml:4:13: error: " in output
    assert "configuration.yaml:9:18: error: " in output
    assert "geheim" not in output
    assert "12345678 " not in output.replace("got 12345678", "")


def test_colours_are_for_terminals(folder: Path) -> None:
    (folder / "automations.yaml").write_text(_AUTOMATIONS.replace("zone: door", "zone: dor"))
    arguments = ["check", "-c", str(folder)]
    assert "\x1b[31m\x1b[1merror:" in CliRunner().invoke(main, arguments, color=True).output
    assert "\x1b" not in CliRunner().invoke(main, arguments).output


def test_warnings_fail_where_that_is_asked_for(folder: Path) -> None:
    (folder / "automations.yaml").write_text(
        _AUTOMATIONS.replace("  triggers", "  max: 3\n  triggers")
    )
    assert check(folder).exit_code == 0
    assert check(folder, "--strict").exit_code == 1
    answer = json.loads(check(folder, "--strict", "--json").output)
    assert (answer["ok"], answer["errors"], answer["warnings"]) == (False, 0, 1)
    assert answer["problems"][0]["severity"] == "warning"
