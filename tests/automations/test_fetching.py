"""``watchpost blueprint``: shown before it is saved, and nothing fetched that should not be."""

from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from automations.fetching import fetched
from hub.cli.main import main
from tests.automations.test_blueprints import LIGHT


@pytest.fixture
def house(tmp_path: Path) -> Path:
    (tmp_path / "configuration.yaml").write_text("cameras: {porch: {platform: demo}}\n")
    (tmp_path / "note.yaml").write_text(LIGHT)
    return tmp_path


def run(house: Path, *arguments: str, answer: str = "") -> Result:
    return CliRunner().invoke(main, ["blueprint", *arguments, "-c", str(house)], input=answer)


def saved(house: Path) -> Path:
    return house / "blueprints" / "automation" / "note_by_event.yaml"


@pytest.mark.feature("blueprint: import", "different", "https and files, not posts of the forum")
def test_it_is_shown_and_saved_when_one_says_so(house: Path) -> None:
    result = run(house, "import", str(house / "note.yaml"), answer="y\n")
    assert result.exit_code == 0, result.output
    for each in (
        "Note by event  (blueprint of an automation)",
        "Notes something when an event comes",
        "event  (needed)  Which event",
        "word  (default 'hello', text)  What to note",
        "triggers 1: event",
        "actions 1: repeat",
        "use_blueprint: {path: note_by_event.yaml",
    ):
        assert each in result.output
    assert saved(house).read_text() == LIGHT
    assert "It is there already" in run(house, "import", str(house / "note.yaml")).output
    assert "automation/note_by_event.yaml  Note by event" in run(house, "list").output


def test_it_is_not_saved_when_one_does_not(house: Path) -> None:
    result = run(house, "import", str(house / "note.yaml"), answer="n\n")
    assert result.exit_code == 1
    assert not saved(house).exists()


def test_another_of_the_same_name_is_asked_about(house: Path) -> None:
    run(house, "import", str(house / "note.yaml"), "--yes")
    (house / "note.yaml").write_text(LIGHT.replace("hello", "bye"))
    result = run(house, "import", str(house / "note.yaml"), answer="n\n")
    assert "in place of another one?" in result.output
    assert saved(house).read_text() == LIGHT


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\n", "is no blueprint: it has no 'blueprint:'"),
        ("blueprint: {name: A, domain: template}\n", "blueprints for a template are not used here"),
        ("x" * 600_000, "is larger than 512 KiB"),
    ],
)
def test_what_is_none_is_refused(house: Path, text: str, said: str) -> None:
    (house / "note.yaml").write_text(text)
    result = run(house, "import", str(house / "note.yaml"), "--yes")
    assert result.exit_code == 1
    assert said in result.output


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://example.org/a.yaml", "only https addresses are fetched"),
        ("file:///etc/passwd", "only https addresses are fetched"),
        ("https://127.0.0.1/a.yaml", "is a machine of your own network"),
        ("https://[::1]/a.yaml", "is a machine of your own network"),
        ("https://10.0.0.1/a.yaml", "is a machine of your own network"),
        ("https://169.254.169.254/latest", "is a machine of your own network"),
        ("https://community.home-assistant.io/t/1", "save its YAML to a file"),
        ("/no/such/file.yaml", "cannot be read"),
    ],
)
def test_nothing_is_fetched_that_should_not_be(address: str, said: str) -> None:
    with pytest.raises(click.ClickException) as refused:
        fetched(address)
    assert said in refused.value.message


def test_without_blueprints_it_says_how_to_get_one(house: Path) -> None:
    result = run(house, "list")
    assert result.exit_code == 1
    assert "blueprint import ADDRESS" in result.output
