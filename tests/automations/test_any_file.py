"""Whatever bytes are in a file, ``watchpost check`` ends soon, with what is wrong or with nothing.

It never raises: the exit code is 0 or 1, and every problem has a place in a file that is there.
"""

import json
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from hub.cli import main
from tests.automations.test_any_input import WHOLE
from tests.automations.test_broken import FILES, HOME

# On a machine that does other things as well; alone, each of these takes less than a second.
LIMIT = 20.0  # seconds
QUICK = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
WORDS = some.sampled_from([
    "trigger", "triggers", "condition", "conditions", "action", "actions", "alias", "id", "mode",
    "max", "for", "state", "entity_id", "zone", "camera", "porch", "doorstep", "on", "off", "and",
    "or", "not", "if", "then", "else", "choose", "default", "sequence", "repeat", "count", "while",
    "until", "for_each", "parallel", "stop", "delay", "wait_template", "wait_for_trigger", "event",
    "event_type", "event_data", "variables", "enabled", "value_template", "above", "below", "at",
    "notify.phone", "data", "message", "target", "response_variable", "template", "zone.entered",
    "{{ trigger.score > 0.5 }}", "{{ x }}", "{{ states('camera.porch') == 'on' }}", "{% if %}",
    "{{ states.camera.porch.state }}", "{{ 'a' if b else 'c' }}", "{{ trigger.event.data.x.y }}",
    "{{ (trigger)['id'] in [1, 'x'] }}", "<<", "*a", "&a", "!secret x", "12:30", "binary_sensor.x",
])  # fmt: skip
PLAIN = some.none() | some.booleans() | some.integers() | some.floats() | WORDS | some.text()
VALUES = some.recursive(
    PLAIN,
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(WORDS, inner, max_size=5),
    max_leaves=25,
)
GOOD = [WHOLE.encode(), *(each.read_bytes() for each in FILES if each.stat().st_size < 10_000)]


def check(folder: Path, content: bytes) -> None:
    """Check a file of these bytes, and what is said of it."""
    (folder / "configuration.yaml").write_bytes(HOME.read_bytes())
    (folder / "automations.yaml").write_bytes(content)
    began = time.monotonic()
    result = CliRunner().invoke(main, ["check", "-c", str(folder), "--json"])
    assert time.monotonic() - began < LIMIT
    assert isinstance(result.exception, SystemExit | None), result.exception
    answer = json.loads(result.output)
    assert result.exit_code == (1 if answer["errors"] else 0)
    for each in answer["problems"]:
        assert Path(each["file"]).exists()
        assert each["line"] >= 1
        assert each["column"] >= 1
        assert each["words"]
    shown = CliRunner().invoke(main, ["check", "-c", str(folder)])
    assert shown.exit_code == result.exit_code
    assert isinstance(shown.exception, SystemExit | None), shown.exception


@QUICK
@given(content=some.binary(max_size=400))
def test_random_bytes(tmp_path: Path, content: bytes) -> None:
    check(tmp_path, content)


@QUICK
@given(content=some.text(max_size=300))
def test_random_text(tmp_path: Path, content: str) -> None:
    check(tmp_path, content.encode("utf-8", "surrogatepass"))


@QUICK
@given(content=some.lists(some.dictionaries(WORDS, VALUES, max_size=6), max_size=4) | VALUES)
def test_random_yaml(tmp_path: Path, content: Any) -> None:
    check(tmp_path, yaml.safe_dump(content, allow_unicode=True).encode("utf-8", "replace"))


@QUICK
@given(data=some.data())
def test_good_files_with_something_spoilt(tmp_path: Path, data: some.DataObject) -> None:
    content = bytearray(data.draw(some.sampled_from(GOOD)))
    for _ in range(data.draw(some.integers(1, 4))):
        at = data.draw(some.integers(0, len(content)))
        what = data.draw(some.binary(max_size=3) | some.sampled_from([b"\t", b"\n", b"{{", b": "]))
        content[at : at + data.draw(some.integers(0, 6))] = what
    check(tmp_path, bytes(content))


BOMBS = {
    "aliases that double": "a0: &a0 [x, x]\n"
    + "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, 40)),
    "merges that double": "a0: &a0 {x: 1}\n"
    + "".join(f"a{i}: &a{i} {{<<: [*a{i - 1}, *a{i - 1}], k{i}: 1}}\n" for i in range(1, 30)),
    "deep lists": "- " + "[" * 20_000,
    "deep mappings": "{a: " * 5_000,
    "deep blocks": "".join(f"{' ' * i}a:\n" for i in range(1_500)),
    "a long text": "- alias: " + "x" * 3_000_000 + "\n",
    "a long template": '- "{{ ' + "1 + " * 100_000 + '1 }}"\n',
    "a deep template": '- conditions: "{{ ' + "(" * 5_000 + ")" * 5_000 + ' }}"\n',
    "a template of many names": '- triggers: []\n  conditions: "{{ '
    + " + ".join(f"n{i}" for i in range(5_000))
    + ' }}"\n',
    "a long chain": '- conditions: "{{ trigger' + ".a" * 10_000 + ' }}"\n',
    "many keys": "- {" + ", ".join(f"k{i}: 1" for i in range(30_000)) + "}\n",
    "many automations": "- {alias: a, triggers: [], actions: []}\n" * 3_000,
    "many lines": "\n" * 500_000 + "- x\n",
    "one wide number": "- max: " + "9" * 100_000 + "\n",
    "an alias of itself": "- &a [*a]\n",
    "zeros": "\0" * 10_000,
    "a mark of byte order": "\ufeff- {alias: a, triggers: [], actions: []}\n",
}


@pytest.mark.parametrize("content", BOMBS.values(), ids=BOMBS.keys())
def test_a_bomb_does_not_go_off(tmp_path: Path, content: str) -> None:
    check(tmp_path, content.encode())
