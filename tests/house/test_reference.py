"""docs/REFERENCE.md is what ``watchpost reference`` prints, and leaves nothing out.

Run ``watchpost reference > docs/REFERENCE.md`` to write it anew.
"""

import inspect
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from hub.api import hooks
from hub.api.events import subclasses
from hub.app.actions import SPECS
from hub.cli.main import main
from hub.plugins import Registry


@pytest.fixture(scope="module")
def reference(root: Path) -> str:
    return (root / "docs" / "REFERENCE.md").read_text()


@pytest.fixture(scope="module")
def headings(reference: str) -> set[str]:
    return set(re.findall(r"^### (.+)$", reference, re.MULTILINE))


def test_it_equals_what_the_command_prints(reference: str) -> None:
    printed = CliRunner().invoke(main, ["reference"], catch_exceptions=False)

    assert printed.exit_code == 0
    assert printed.output == reference, "run watchpost reference > docs/REFERENCE.md"


def test_every_hook_has_a_heading_with_its_signature(headings: set[str]) -> None:
    found = [name for name in vars(hooks) if name.startswith("hub_")]

    assert found
    for name in found:
        assert any(each.startswith(f"`{name}() -> ") for each in headings), name
        returned = inspect.signature(getattr(hooks, name)).return_annotation
        heading = next(each for each in headings if each.startswith(f"`{name}("))
        assert re.sub(r"\b[\w.]+\.(?=\w)", "", str(returned)) in heading


def test_every_event_has_a_heading(headings: set[str]) -> None:
    ours = [name for name, each in subclasses().items() if each.__module__.startswith("hub.api")]

    assert len(ours) > 15
    assert set(ours) <= headings | {"vision.event"}


def test_every_key_says_what_it_takes(reference: str) -> None:
    rows = re.findall(r"^\| `([^`]+)` \| (.*?) \| (.*?) \|", reference, re.MULTILINE)
    keys = [row for row in rows if not row[2].startswith("`")]

    assert len(rows) > 150
    assert [key for key, what, kind in keys if not what.strip() or not kind.strip()] == []
    assert [key for key, _, kind in keys if kind.startswith(" or ") or kind.endswith(" of ")] == []


def test_every_option_trigger_condition_and_action_is_in_it(
    reference: str, headings: set[str], registry: Registry
) -> None:
    plugins = [each for name in registry.names for each in registry.components(name)]
    language = [*registry.triggers(), *registry.conditions()]
    actions = [each.name for each in SPECS]
    keys = [str(key) for each in plugins for key in each.SCHEMA]

    assert {*language, *actions} <= headings
    assert [key for key in keys if f"| `{key}` |" not in reference] == []
