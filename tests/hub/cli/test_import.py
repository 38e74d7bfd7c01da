"""``watchpost import ha``: folders as people have them, and what is said of each thing in them."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.hub.cli.conftest import run

HERE = """
hub: {latitude: 52, longitude: 13}
cameras: {porch: {platform: demo}}
input_boolean: {guests: }
timer: {laundry: }
"""
THEIRS = {
    "configuration.yaml": """
homeassistant:
  name: Home
  packages: !include_dir_named packages
http: {ssl_key: !secret key}
automation: !include automations.yaml
automation by hand: !include_dir_merge_list hand
script: !include scripts.yaml
""",
    "automations.yaml": """
- id: '1'
  alias: Guests
  trigger: {platform: state, entity_id: input_boolean.guests, to: 'on'}
  condition: {condition: sun, after: sunset}
  action: {service: timer.start, target: {entity_id: timer.laundry}}
- id: '2'
  alias: Restarted
  trigger: {platform: event, event_type: homeassistant_started}
  action:
    service: notify.mobile_app_phone
    data: {message: "{{ states('input_boolean.guests') }}"}
- id: '3'
  alias: Button
  trigger: {platform: device, device_id: abc, domain: zha, type: remote_button_short_press}
  action: {service: timer.start, target: {entity_id: timer.laundry}}
- id: '4'
  alias: Hall light
  trigger: {platform: state, entity_id: binary_sensor.hall_motion, to: 'on'}
  action: {service: input_boolean.turn_on, target: {entity_id: input_boolean.guests}}
""",
    "hand/one.yaml": """
- alias: By hand
  triggers: {trigger: time, at: "07:00"}
  actions: [{action: script.wake}, {delay: "00:00:05"}]
""",
    "packages/laundry.yaml": """
automation:
  alias: Laundry
  trigger: {platform: event, event_type: timer.finished}
  action: {service: script.wake}
""",
    "scripts.yaml": """
wake: {alias: Wake, sequence: [{service: timer.start, target: {entity_id: timer.laundry}}]}
ring: {sequence: [{device_id: abc, domain: light, type: turn_on}]}
""",
}


@pytest.fixture
def theirs(tmp_path: Path, quiet: None, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WATCHPOST_OFFLINE", "1")
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "configuration.yaml").write_text(HERE)
    put(tmp_path / "ha", THEIRS)
    return tmp_path / "ha"


def put(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def judged(theirs: Path, *arguments: object) -> dict[str, Any]:
    result = run("import", "ha", theirs, "-c", theirs.parent / "here", "--json", *arguments)
    assert result.exit_code == 0, result.output
    found = [json.loads(line) for line in result.stdout.splitlines() if line.startswith("{")]
    return {each["found"]["name"]: each for each in found}


def test_each_is_told_what_becomes_of_it(theirs: Path) -> None:
    verdicts = {name: each["verdict"] for name, each in judged(theirs).items()}
    assert verdicts == {
        "Guests": "as is",
        "Restarted": "with changes",
        "Button": "cannot",
        "Hall light": "with changes",
        "By hand": "as is",
        "Laundry": "as is",
        "wake": "as is",
        "ring": "cannot",
    }


def test_changes_that_are_sure_are_made(theirs: Path) -> None:
    found = judged(theirs)["Restarted"]
    changes = [(each["old"], each["new"]) for each in found["changes"]]
    assert changes == [
        ("homeassistant_started", "hub.started"),
        ("notify.mobile_app_phone", "notify.log"),
    ]
    assert found["written"]["trigger"]["event_type"] == "hub.started"


def test_people_read_why_and_what_to_do(theirs: Path) -> None:
    output = run("import", "ha", theirs, "-c", theirs.parent / "here").stdout
    assert "- homeassistant_started" in output
    assert "+ hub.started" in output
    assert "There are no devices here; use a state, zone, event or mqtt trigger." in output
    assert "? binary_sensor.hall_motion is not here." in output
    assert "8 in all: 4 as is, 2 with changes, 2 cannot." in output


def test_entities_can_be_mapped_and_what_runs_be_written(theirs: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    mapping = "binary_sensor.hall_motion=binary_sensor.porch_motion"
    found = judged(theirs, "--map", mapping, "--write", out)
    assert found["Hall light"]["entities"] == []
    written = yaml.safe_load((out / "automations.yaml").read_text())
    assert [each["alias"] for each in written] == [
        "Guests", "Restarted", "Hall light", "By hand", "Laundry",
    ]  # fmt: skip
    assert written[2]["trigger"]["entity_id"] == "binary_sensor.porch_motion"
    assert list(yaml.safe_load((out / "scripts.yaml").read_text())) == ["wake"]
    again = run("import", "ha", theirs, "-c", theirs.parent / "here", "--write", out)
    assert again.exit_code == 1
    assert "is there already" in again.output


def test_what_was_written_runs_here(theirs: Path, tmp_path: Path) -> None:
    here = theirs.parent / "here"
    judged(theirs, "--write", here / "ha")
    (here / "configuration.yaml").write_text(
        HERE + "automation: !include ha/automations.yaml\nscript: !include ha/scripts.yaml\n"
    )
    result = run("check", "-c", here)
    assert result.exit_code == 0, result.output


def test_the_source_is_not_touched_and_no_secret_is_told(theirs: Path) -> None:
    put(theirs, {"secrets.yaml": "key: very-secret-word\n"})
    before = {each: each.read_bytes() for each in theirs.rglob("*") if each.is_file()}
    output = run("import", "ha", theirs, "-c", theirs.parent / "here").output
    assert before == {each: each.read_bytes() for each in theirs.rglob("*") if each.is_file()}
    assert "very-secret-word" not in output


def test_files_that_cannot_be_read_are_told(theirs: Path) -> None:
    put(theirs, {"scripts.yaml": "a: [\n", "hand/two.yaml": "- !include ../../../etc/passwd\n"})
    result = run("import", "ha", theirs, "-c", theirs.parent / "here")
    assert "scripts.yaml:2:" in result.stderr
    assert "outside the folder" in result.stderr
    assert "root:" not in result.output


def test_a_folder_without_anything_says_so(tmp_path: Path, theirs: Path) -> None:
    empty = tmp_path / "empty"
    put(empty, {"configuration.yaml": "homeassistant: {name: Home}\n"})
    result = run("import", "ha", empty, "-c", theirs.parent / "here")
    assert result.exit_code == 1
    assert "no automation or script was found" in result.stderr


@pytest.mark.parametrize("written", ["light.hall", "light=lamp.x", "=a.b"])
def test_wrong_maps_are_refused(theirs: Path, written: str) -> None:
    result = run("import", "ha", theirs, "-c", theirs.parent / "here", "--map", written)
    assert result.exit_code == 1
    assert "--map takes OLD=NEW" in result.stderr
