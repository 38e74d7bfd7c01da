"""The JSON Schema for editors: what is right passes, what is typically wrong does not."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

from hub.cli import main
from hub.settings.loading import load
from tests.automations.test_any_input import WHOLE
from tests.automations.test_broken import ERRORS, HOME, WARNINGS, furnish

ROOT = Path(__file__).parents[3]
# What only reading can tell: it takes more than one place to see, or is inside a template.
BEYOND = {
    "a_camera_that_is_not_there_in_a_template", "a_delay_that_is_none", "a_field_of_a_state",
    "a_field_of_an_event_in_a_template", "a_field_of_another_trigger",
    "a_field_that_no_trigger_gives", "a_number_that_is_a_word_in_an_event", "a_span_that_is_none",
    "a_template_that_does_not_compile", "a_time_that_is_none", "a_variable_of_another_repeat",
    "a_variable_that_nothing_sets", "a_wait_that_was_not", "a_word_without_quotes_in_a_template",
    "an_event_of_the_hub", "an_id_that_no_trigger_has", "an_unknown_action_in_a_template",
    "an_unknown_camera_in_an_event", "an_unknown_entity_by_dots",
    "an_unknown_entity_in_a_template", "an_unknown_event", "an_unknown_filter",
    "an_unknown_function", "an_unknown_line", "bounds_the_wrong_way_round",
}  # fmt: skip


def schema(*arguments: str) -> Any:
    result = CliRunner().invoke(main, ["schema", *arguments])
    assert result.exit_code == 0, result.output
    found = json.loads(result.output)
    jsonschema.Draft7Validator.check_schema(found)
    return found


def tree(folder: Path) -> Any:
    """Return a configuration as it is read, if it is readable at all."""
    document = load(folder, {})
    return None if document.problems else document.tree


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> jsonschema.Draft7Validator:
    """The schema with the names of the home of the broken files."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "configuration.yaml").write_text(HOME.read_text())
    (folder / "automations.yaml").write_text(
        "- {alias: Someone at the door, triggers: [], actions: []}\n"
    )
    return jsonschema.Draft7Validator(schema("-c", str(folder)))


@pytest.fixture(scope="module")
def general() -> jsonschema.Draft7Validator:
    return jsonschema.Draft7Validator(schema("--general"))


def test_the_configuration_that_comes_with_it_passes(general: Any) -> None:
    assert [each.message for each in general.iter_errors(tree(ROOT / "config"))] == []


def test_an_automation_with_everything_passes(general: Any, tmp_path: Path) -> None:
    (tmp_path / "configuration.yaml").write_text(f"automation:\n{WHOLE}")
    assert [each.message for each in general.iter_errors(tree(tmp_path))] == []


def test_the_examples_of_the_manual_pass(general: Any, tmp_path: Path) -> None:
    texts = [each.read_text() for each in (ROOT / "automations").glob("README.md")]
    samples = [part.split("```")[0] for text in texts for part in text.split("```yaml\n")[1:]]
    whole = [
        each for each in samples if each.startswith("# configuration.yaml") and "!" not in each
    ]
    assert whole
    for each in whole:
        (tmp_path / "configuration.yaml").write_text(each)
        assert [error.message for error in general.iter_errors(tree(tmp_path))] == []


@pytest.mark.parametrize("file", WARNINGS, ids=[each.stem for each in WARNINGS])
def test_what_is_only_warned_of_passes(known: Any, file: Path, tmp_path: Path) -> None:
    assert [each.message for each in known.iter_errors(tree(furnish(tmp_path, file)))] == []


@pytest.mark.parametrize("file", ERRORS, ids=[each.stem for each in ERRORS])
def test_what_is_typically_wrong_does_not(known: Any, file: Path, tmp_path: Path) -> None:
    found = tree(furnish(tmp_path, file))
    if found is not None:  # an editor tells itself of what is no YAML
        assert known.is_valid(found) == (file.stem in BEYOND)


def test_names_are_completed_and_words_explained(known: Any) -> None:
    definitions = known.schema["definitions"]
    assert {"enum": ["porch", "yard"]} in definitions["cameras"]["anyOf"]
    assert {"enum": ["doorstep", "lawn"]} in definitions["zones"]["anyOf"]
    assert "notify.phone" in json.dumps(definitions["step"])
    assert "data of notify.phone" in definitions
    zone = next(
        each
        for each in definitions["trigger"]["anyOf"]
        if each["properties"]["trigger"]["const"] == "zone"
    )
    assert zone["properties"]["trigger"]["description"]
    assert zone["properties"]["camera"]["description"].startswith("The camera")
    assert zone["properties"]["platform"]["const"] == "zone"


def test_a_section_that_is_a_file_of_its_own_has_a_schema(tmp_path: Path) -> None:
    validator = jsonschema.Draft7Validator(schema("automation", "--general"))
    (tmp_path / "configuration.yaml").write_text(f"automation:\n{WHOLE}")
    found = tree(tmp_path)["automation"]
    assert validator.is_valid(found)
    found[0]["triggers"][0]["trigger"] = "zoen"
    assert not validator.is_valid(found)


def test_a_section_that_is_none_is_refused() -> None:
    result = CliRunner().invoke(main, ["schema", "automatoin", "--general"])
    assert result.exit_code == 1
    assert "there is no section 'automatoin'" in result.output
