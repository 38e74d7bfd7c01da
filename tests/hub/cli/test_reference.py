"""``watchpost reference`` and ``watchpost plugins`` as a user runs them."""

import json
from pathlib import Path

import voluptuous as vol
from click.testing import CliRunner

from hub.api import schema
from hub.cli import main
from hub.settings.json_schema import json_schema


def run(*arguments: str) -> str:
    result = CliRunner().invoke(main, list(arguments))
    assert result.exit_code == 0
    return result.output


def test_the_page_has_a_heading_for_everything() -> None:
    page = run("reference").splitlines()
    for heading in (
        "### cameras.NAME.zones.NAME",
        "### demo",
        "### mqtt",
        "### zone",
        "### notify.NAME",
        "### camera.snapshot",
        "### zone.entered",
        "### `hub_components() -> Iterable[type[Component]]`",
    ):
        assert heading in page
    assert "| `fps` | Frames looked at per second. | number, 1 to 30 | `5` |" in page
    polygon = "Corners as [x, y], fractions of the picture."
    assert f"| `polygon` | {polygon} | polygon | required |" in page


def test_programs_get_json_schema() -> None:
    answer = json.loads(run("reference", "--json"))
    sections = answer["configuration"]["properties"]
    assert {"hub", "cameras", "detectors", "notify", "automation", "web"} <= set(sections)
    assert all(each["description"] for each in sections.values())
    kinds = sections["cameras"]["additionalProperties"]["anyOf"]
    (demo,) = [each for each in kinds if each["properties"]["platform"] == {"const": "demo"}]
    assert demo["properties"]["zones"]["additionalProperties"]["required"] == ["polygon"]
    assert answer["events"]["$defs"]["ZoneEntered"]["properties"]["type"] == {
        "enum": ["zone.entered"]
    }


def test_programs_get_what_the_page_says_of_automations() -> None:
    answer = json.loads(run("reference", "--json"))
    zone, snapshot = answer["triggers"]["zone"], answer["actions"]["camera.snapshot"]
    sections = answer["configuration"]

    assert zone["description"].startswith("Fires when a person")
    assert zone["required"] == ["zone"]
    assert "above" in answer["conditions"]["numeric_state"]["properties"]
    assert set(snapshot["properties"]) == {"camera", "boxes"}
    assert [*sections["patternProperties"]] == ["^automation .", "^scene ."]
    assert {"type": "object"} in sections["properties"]["automation"]["anyOf"]


def test_every_key_and_every_event_is_described() -> None:
    page = run("reference").splitlines()
    empty = [line for line in page if line.startswith("| `") and line.split(" | ")[1] == ""]
    assert empty == []
    for number, line in enumerate(page):
        if line.startswith("### "):
            assert page[number + 2], line


def test_schemas_are_converted() -> None:
    converted = json_schema(
        {
            schema.required("a", "An a."): schema.whole(1, 5),
            schema.optional("b", "A b.", []): [schema.choice("x", "y")],
            schema.optional("c", "A c."): vol.Any(None, schema.each(schema.text)),
            schema.optional("d", "A d."): {str: vol.All(float, vol.Range(0, 1))},
            schema.optional("e", "An e."): bool,
        }
    )
    text = {"type": "string", "minLength": 1}
    assert converted == {
        "type": "object",
        "additionalProperties": False,
        "required": ["a"],
        "properties": {
            "a": {"description": "An a.", "type": "integer", "minimum": 1, "maximum": 5},
            "b": {
                "description": "A b.",
                "default": [],
                "type": "array",
                "items": {"enum": ["x", "y"]},
            },
            "c": {
                "description": "A c.",
                "anyOf": [{"const": None}, {"anyOf": [text, {"type": "array", "items": text}]}],
            },
            "d": {
                "description": "A d.",
                "type": "object",
                "properties": {},
                "additionalProperties": {"type": "number"},
            },
            "e": {"description": "An e.", "type": "boolean"},
        },
    }


def test_plugins_are_listed_with_what_uses_them(tmp_path: Path) -> None:
    (tmp_path / "configuration.yaml").write_text("cameras: {a: {platform: demo}}\n")
    rows = json.loads(run("plugins", "-c", str(tmp_path), "--json"))
    states = {each["name"]: each["state"] for each in rows}
    assert states["demo"] == "used"
    assert states["rtsp"] == "not used"
    table = run("plugins", "-c", str(tmp_path))
    assert "persistent_notification" in table
    assert "camera" in table
