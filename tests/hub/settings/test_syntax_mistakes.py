"""What is no YAML: exactly these lines, at exactly these places."""

import pytest

from tests.hub.settings.conftest import Desk
from tests.hub.settings.mistakes import Case, told

_TAB = "YAML is indented with spaces; most editors can turn tabs into them."


SYNTAX = [
    Case(
        "a tab",
        "cameras:\n  a:\n\tplatform: lens\n    source: x\n",
        [f"configuration.yaml:3:1: error: a tab in the indentation. {_TAB}"],
    ),
    Case(
        "tabs in two places",
        "cameras:\n\ta: {platform: lens, source: x}\nweb:\n\tport: 1\n",
        [
            f"configuration.yaml:2:1: error: a tab in the indentation. {_TAB}",
            f"configuration.yaml:4:1: error: a tab in the indentation. {_TAB}",
        ],
    ),
    Case(
        "a quote that is never closed",
        "hub:\n  name: 'Home\nweb:\n  port: 1\n",
        ["configuration.yaml:2:9: error: this quote is never closed"],
    ),
    Case(
        "a bracket that is never closed",
        "web: {port: 8080\nhub: {name: x}\n",
        ["configuration.yaml:1:6: error: this '{' is never closed, or a comma is missing in it"],
    ),
    Case(
        "two colons",
        "hub:\n  name: a: b\n",
        [
            (
                "configuration.yaml:2:10: error: a second ':' in this line. "
                "Put quotes around the text, or begin a new line after the first ':'."
            )
        ],
    ),
    Case(
        "a line outdented by one",
        "cameras:\n  a:\n    platform: lens\n   source: x\n",
        [
            (
                "configuration.yaml:4:4: error: this line does not belong to what is above it. "
                "Check its indentation."
            )
        ],
    ),
    Case(
        "an at sign",
        "hub:\n  name: @home\n",
        ["configuration.yaml:2:9: error: a text cannot begin with '@'. Put quotes around it."],
    ),
    Case(
        "an escape",
        'hub:\n  name: "C:\\home"\n',
        [
            (
                "configuration.yaml:2:12: error: an unknown escape after '\\'. "
                "Use single quotes, in which '\\' means itself."
            )
        ],
    ),
    Case(
        "a list item among keys",
        "web:\n  port: 1\n- hub\n",
        [
            (
                "configuration.yaml:3:1: error: this line does not belong to what is above it. "
                "Check its indentation."
            )
        ],
    ),
    Case(
        "a control character",
        "hub: {name: x\x07}\n",
        ["configuration.yaml:1:14: error: a control character that no text may hold"],
    ),
    Case(
        "a key without a text",
        "hub:\n  : x\n",
        ["configuration.yaml:2:3: error: a key is missing before ':'"],
    ),
    Case(
        "a template without quotes",
        "hub:\n  name: {{ x }}\n",
        [
            (
                "configuration.yaml:2:10: error: a template needs quotes around it. "
                'Such as: "{{ trigger.object }}"'
            )
        ],
    ),
    Case(
        "a key that is a list",
        "[a, b]: 1\nhub: {}\n",
        ["configuration.yaml:1:1: error: a key must be a text"],
    ),
    Case(
        "a duplicate key",
        "web:\n  port: 1\n  port: 2\n",
        ["configuration.yaml:3:3: error: key 'port' appears twice; the first is in line 2"],
    ),
    Case(
        "a duplicate section",
        "web: {}\nhub: {}\nweb: {}\n",
        ["configuration.yaml:3:1: error: key 'web' appears twice; the first is in line 1"],
    ),
    Case(
        "two documents",
        "web: {}\n---\nhub: {}\n",
        ["configuration.yaml:2:1: error: a file holds one document, here begins another"],
    ),
    Case(
        "a list as configuration",
        "- cameras\n",
        ["configuration.yaml:1:1: error: expected sections such as 'cameras:'"],
    ),
    Case(
        "an alias of nothing",
        "hub: {name: *home}\n",
        [
            (
                "configuration.yaml:1:13: error: '*home' refers to no anchor above it. "
                "Put quotes around a text with '*'."
            )
        ],
    ),
    Case(
        "a Python tag",
        "hub:\n  name: !!python/object/apply:os.system [id]\n",
        ["configuration.yaml:2:9: error: the tag '!!python/object/apply:os.system' is not known"],
    ),
    Case(
        "an unknown tag",
        "automation: !includ automations.yaml\n",
        [
            (
                "configuration.yaml:1:13: error: the tag '!includ' is not known. "
                "Did you mean '!include'?"
            )
        ],
    ),
    Case(
        "a tag on the wrong kind",
        "hub: {name: !secret [a]}\nweb: {port: !!int x}\n",
        [
            "configuration.yaml:1:13: error: '!secret' takes a single word, not a list or mapping",
            "configuration.yaml:2:13: error: 'x' is not of the kind that '!!int' says",
        ],
    ),
]


@pytest.mark.parametrize("case", SYNTAX, ids=lambda case: case.about)
def test_what_is_no_yaml_is_told_with_its_place(desk: Desk, case: Case) -> None:
    told(desk, case)
