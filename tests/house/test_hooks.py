"""Every hook is documented and exercised by a test that bears its name."""

import ast
import inspect
from pathlib import Path

import pytest

from hub.api import hooks

HOOKS = sorted(name for name in vars(hooks) if name.startswith("hub_"))


def test_there_are_hooks() -> None:
    assert {"hub_components", "hub_automations", "hub_events", "hub_commands"} <= set(HOOKS)


@pytest.mark.parametrize("hook", HOOKS)
def test_a_hook_says_what_to_return(hook: str) -> None:
    words = inspect.getdoc(getattr(hooks, hook))

    assert words
    assert words.startswith("Return ")


@pytest.mark.parametrize("hook", HOOKS)
def test_a_hook_is_exercised_by_a_test_of_that_name(hook: str, root: Path) -> None:
    tests = [
        node.name
        for path in (root / "tests").rglob("test_*.py")
        if path != Path(__file__)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]

    assert any(hook in name for name in tests)
