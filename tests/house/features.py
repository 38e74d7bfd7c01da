"""The table of Home Assistant's features, gathered from the tests that show them.

Run ``python -m tests.house.features > docs/home-assistant.md`` to write it anew.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

TESTS: Final = Path(__file__).parent.parent
TABLE: Final = TESTS.parent / "docs" / "home-assistant.md"
ANSWERS: Final = ("supported", "different", "refused")
_HEAD: Final = """# Home Assistant's automations, here

Each row is shown by the tests in its last column, which run with every change. Made by
`python -m tests.house.features`; do not edit it by hand.

| Home Assistant | Here | Note | Shown by |
|---|---|---|---|
"""


class Feature(NamedTuple):
    """One mark on a test: what it shows, the answer, a note."""

    name: str
    answer: str
    note: str
    test: str


def features() -> list[Feature]:
    """Return every mark on every test, by name."""
    found = (each for path in TESTS.rglob("test_*.py") for each in _marks(path))
    return sorted(found)


def table(marks: list[Feature]) -> str:
    """Return the page; raises ``ValueError`` where tests contradict each other."""
    rows: dict[str, list[Feature]] = {}
    for each in marks:
        rows.setdefault(each.name, []).append(each)
    return _HEAD + "".join(map(_row, rows.values()))


def _row(marks: list[Feature]) -> str:
    answers = {(each.answer, each.note) for each in marks}
    if len(answers) != 1 or marks[0].answer not in ANSWERS:
        raise ValueError(f"'{marks[0].name}' has the answers {sorted(answers)}")
    name, answer, note, _ = marks[0]
    tests = "<br>".join(f"`{each.test}`" for each in marks)
    return f"| {name} | {answer} | {note} | {tests} |\n"


def _marks(path: Path) -> Iterator[Feature]:
    source = path.read_text(encoding="utf-8")
    if "mark.feature" not in source:
        return
    for node in ast.parse(source).body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for each in node.decorator_list:
            if isinstance(each, ast.Call) and ast.unparse(each.func) == "pytest.mark.feature":
                name, answer, *note = (str(ast.literal_eval(arg)) for arg in each.args)
                place = f"{path.relative_to(TESTS).as_posix()}::{node.name}"
                yield Feature(name, answer, "".join(note), place)


if __name__ == "__main__":
    sys.stdout.write(table(features()))
