"""What is reported of a file that is not YAML, or was written for something else."""

import pytest

from tests.hub.settings.conftest import Desk
from tests.hub.settings.test_mistakes import Case

_TAB = "YAML is indented with spaces; most editors can turn tabs into them."

REPAIRED = [
    Case(
        "a tab hides nothing",
        """
        cameras:
          porch:
            platform: lens
        \tsource: x
            angle: wide
            detect: {objects: [persn]}
        """,
        [
            f"configuration.yaml:4:1: error: a tab in the indentation. {_TAB}",
            "configuration.yaml:5:12: error: expected a number, got 'wide'",
            (
                "configuration.yaml:6:24: error: no detector knows an object 'persn'. "
                "Did you mean 'person'?"
            ),
        ],
    ),
    Case(
        "tabs throughout",
        "cameras:\n\tporch:\n\t\tplatform: lens\n\t\tsource: x\n\t\tangle: wide\n",
        [
            f"configuration.yaml:2:1: error: a tab in the indentation. {_TAB}",
            "configuration.yaml:5:10: error: expected a number, got 'wide'",
        ],
    ),
    Case("a tab before a comment", "cameras:\n\t# none yet\nweb:\n  port: 1\n", []),
    Case(
        "a key too deep",
        "cameras:\n  a:\n    platform: lens\n      source: x\n      angle: wide\n",
        [
            (
                "configuration.yaml:4:13: error: a ':' where none can be. Check the indentation of "
                "this line and the one above, or put quotes around the text."
            ),
            "configuration.yaml:5:14: error: expected a number, got 'wide'",
        ],
    ),
    Case(
        "a line outdented in the midst",
        "cameras:\n  a:\n    platform: lens\n   source: x\n    angle: wide\n",
        [
            (
                "configuration.yaml:4:4: error: this line does not belong to what is above it. "
                "Check its indentation."
            ),
            "configuration.yaml:5:12: error: expected a number, got 'wide'",
        ],
    ),
    Case(
        "no space after a colon",
        "cameras:\n  a:\n    platform:lens\n    source: x\n    angle: wide\n",
        [
            (
                "configuration.yaml:3:13: error: a space is missing after ':'. "
                "Write 'platform: ' and then the value."
            ),
            "configuration.yaml:5:12: error: expected a number, got 'wide'",
        ],
    ),
    Case(
        "no space after a dash",
        "automation:\n  -alias: a\n   camera: x\n",
        [
            "configuration.yaml:2:3: error: a space is missing after '-'. Write: - alias",
            "configuration.yaml:3:12: error: unknown camera 'x'",
        ],
    ),
    Case(
        "a quote that ends far below",
        "hub:\n  name: 'Home\ncameras:\n  a: {platform: lens, source: 'x', angel: 1}\n",
        [
            (
                "configuration.yaml:2:9: error: this quote is closed only in line 4. "
                "Put a quote at the end of the text."
            ),
            "configuration.yaml:4:36: error: unknown key 'angel'. Did you mean 'angle'?",
        ],
    ),
    Case(
        "quotes in quotes",
        """
        hub: {name: "my "home""}
        web: {prt: 1}
        """,
        [
            (
                "configuration.yaml:1:18: error: the text has ended at the quote before this. "
                "Put single quotes around the whole text."
            ),
            "configuration.yaml:2:7: error: unknown key 'prt'. Did you mean 'port'?",
        ],
    ),
    Case(
        "mistakes line by line",
        "automation:\n  - alias: a: b\n  - alias: @b\n    camera: x\n  - alias: %c\n",
        [
            (
                "configuration.yaml:2:13: error: a second ':' in this line. "
                "Put quotes around the text, or begin a new line after the first ':'."
            ),
            "configuration.yaml:3:12: error: a text cannot begin with '@'. Put quotes around it.",
            "configuration.yaml:4:13: error: unknown camera 'x'",
            "configuration.yaml:5:12: error: a text cannot begin with '%'. Put quotes around it.",
        ],
    ),
    Case(
        "a bracket that is open where an item begins",
        "automation:\n  - alias: a\n    x: [\n  - camera: x\n",
        [
            "configuration.yaml:3:8: error: this '[' is never closed, or a comma is missing in it",
            "configuration.yaml:4:13: error: unknown camera 'x'",
        ],
    ),
    Case(
        "a list in its key's line",
        "automation: - alias: a\nweb: {prt: 1}\n",
        [
            (
                "configuration.yaml:1:13: error: a list cannot begin in the line of its key. "
                "Write '- ' in a line of its own, indented below."
            ),
            "configuration.yaml:2:7: error: unknown key 'prt'. Did you mean 'port'?",
        ],
    ),
    Case(
        "a control character among others",
        "hub: {name: '\xe4\x07'}\nweb: {prt: 1}\n",
        [
            "configuration.yaml:1:15: error: a control character that no text may hold",
            "configuration.yaml:2:7: error: unknown key 'prt'. Did you mean 'port'?",
        ],
    ),
    Case(
        "a merge of nothing",
        "x-all: &all {platform: lens}\ncameras:\n  a: {<<: *al, platform: lens, angle: wide}\n",
        [
            (
                "configuration.yaml:3:11: error: '*al' refers to no anchor above it. "
                "Did you mean 'all'?"
            ),
            "configuration.yaml:3:39: error: expected a number, got 'wide'",
        ],
    ),
    Case(
        "a mistake that is merged in twice",
        "cameras:\n  a: &a {platform: lens, source: x, angle: wide}\n  b: {<<: *a}\n",
        ["configuration.yaml:2:44: error: expected a number, got 'wide'"],
    ),
]
FOREIGN = [
    Case(
        "cameras as a list",
        "cameras:\n  - name: porch\n    platform: lens\n",
        [
            (
                "configuration.yaml:2:3: error: expected names, each with its options below. "
                "Write 'porch:' in place of '- name: porch'."
            )
        ],
    ),
    Case(
        "a camera without a name",
        "cameras:\n  porch:\n  platform: lens\n  source: x\n",
        [
            (
                "configuration.yaml:3:3: error: 'platform' is an option of a camera; "
                "here stand the cameras' names. Indent it below a name."
            )
        ],
    ),
    Case(
        "options not indented",
        "cameras:\n  a:\n    platform: lens\n    source: x\n    detect:\n    fps: 5\n",
        ["configuration.yaml:6:5: error: unknown key 'fps'. Indent it below 'detect:'."],
    ),
    Case(
        "a zone of Frigate's",
        """
        cameras:
          a:
            platform: lens
            source: x
            zones:
              yard: {coordinates: "0,461,3,0"}
              gate: {polygon: "0.1,0.2,0.3,0.4"}
              flat: {polygon: [0, 0, 1, 1, 0, 1]}
              size: {polygon: [[0, 461], [3, 0], [640, 360]]}
        """,
        [
            (
                "configuration.yaml:6:14: error: unknown key 'coordinates'. "
                "Write 'polygon', corners as [x, y] in fractions of the picture."
            ),
            (
                "configuration.yaml:7:23: error: expected points [[x, y], [x, y], ...], "
                "got '0.1,0.2,0.3,0.4'"
            ),
            (
                "configuration.yaml:8:23: error: expected points [[x, y], [x, y], ...], "
                "got numbers in a row"
            ),
            (
                "configuration.yaml:9:23: error: a polygon's x and y are fractions of the "
                "picture, 0 to 1, not pixels"
            ),
        ],
    ),
    Case(
        "sections of Home Assistant's",
        "homeassistant: {}\nlight: []\n",
        [
            (
                "configuration.yaml:1:1: error: unknown key 'homeassistant'. "
                "Name and time zone are in 'hub:'."
            ),
            (
                "configuration.yaml:2:1: error: unknown key 'light'. "
                "That is a section of Home Assistant's; there is none like it here."
            ),
        ],
    ),
    Case(
        "a detector's type",
        "detectors: {fast: {type: eye}}\n",
        ["configuration.yaml:1:20: error: unknown key 'type'. Did you mean 'platform'?"],
    ),
    Case(
        "a secret that is a list",
        {"configuration.yaml": "hub: {name: !secret x}\n", "secrets.yaml": "x: [a]\n"},
        ["secrets.yaml:1:4: error: secret 'x' must be a text or a number"],
    ),
]


@pytest.mark.parametrize("case", [*REPAIRED, *FOREIGN], ids=lambda case: case.about)
def test_each_mistake_is_told_with_its_place(desk: Desk, case: Case) -> None:
    settings = desk.open(case.files)

    assert desk.lines(settings) == case.errors
    assert all(each.place for each in settings.problems)
