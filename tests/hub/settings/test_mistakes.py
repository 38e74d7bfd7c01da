"""Each broken configuration: exactly these lines, at exactly these places."""

import pytest

from tests.hub.settings.conftest import Desk
from tests.hub.settings.mistakes import Case, told

FILES = [
    Case(
        "a missing secret",
        {"configuration.yaml": "hub:\n  name: !secret hme\n", "secrets.yaml": "home: x\n"},
        [
            (
                "configuration.yaml:2:9: error: secret 'hme' is not in secrets.yaml. "
                "Did you mean 'home'?"
            )
        ],
    ),
    Case(
        "a secret without a file",
        "hub:\n  name: !secret home\n",
        [
            (
                "configuration.yaml:2:9: error: secret 'home' is not known. "
                "Write 'home: ...' into a file secrets.yaml."
            )
        ],
    ),
    Case(
        "a missing file",
        {"configuration.yaml": "automation: !include automation.yaml\n", "automations.yaml": ""},
        [
            (
                "configuration.yaml:1:13: error: there is no file 'automation.yaml'. "
                "Did you mean 'automations.yaml'?"
            )
        ],
    ),
    Case(
        "a missing folder",
        {"configuration.yaml": "automation: !include_dir_list rule\n", "rules/a.yaml": ""},
        [
            "configuration.yaml:1:13: error: there is no folder 'rule'. Did you mean 'rules'?",
        ],
    ),
    Case(
        "files in a ring",
        {
            "configuration.yaml": "hub: !include a.yaml\n",
            "a.yaml": "name: !include b.yaml\n",
            "b.yaml": "!include a.yaml\n",
        },
        [
            "b.yaml:1:1: error: files include each other in a ring: a.yaml -> b.yaml -> a.yaml",
        ],
    ),
    Case(
        "a mistake in an included file",
        {
            "configuration.yaml": "web: {prt: 1}\nautomation: !include a.yaml\n",
            "a.yaml": "- alias: one\n- alias: 'two\n- alias: three\n",
        },
        [
            "configuration.yaml:1:7: error: unknown key 'prt'. Did you mean 'port'?",
            "a.yaml:2:10: error: this quote is never closed",
        ],
    ),
    Case(
        "not UTF-8",
        {"configuration.yaml": "automation: !include a.yaml\n", "a.yaml": "- \udcff\n"},
        ["a.yaml:1:3: error: the file is not text in UTF-8"],
    ),
    Case(
        "a missing variable",
        "hub:\n  name: !env_var NO_SUCH_THING\n",
        [
            (
                "configuration.yaml:2:9: error: the environment has no variable 'NO_SUCH_THING'. "
                "Set it, or write: !env_var NO_SUCH_THING DEFAULT"
            )
        ],
    ),
    Case(
        "files that do not merge",
        {
            "configuration.yaml": "automation: !include_dir_merge_list rules\n"
            "cameras: !include_dir_merge_named rooms\n",
            "rules/a.yaml": "alias: x\n",
            "rooms/a.yaml": "- x\n",
            "rooms/b.yaml": "x: {platform: lens, source: x}\n",
            "rooms/c.yaml": "x: {platform: lens, source: y}\n",
        },
        [
            "rules/a.yaml:1:1: error: expected 'a.yaml' to hold a list",
            "rooms/a.yaml:1:1: error: expected 'a.yaml' to hold 'name: value' lines",
            "rooms/c.yaml:1:1: error: key 'x' appears twice; the first is in rooms/b.yaml:1:1",
        ],
    ),
]
OPTIONS = [
    Case(
        "an unknown section",
        "camera: {}\nmqtt: {}\n",
        [
            (
                "configuration.yaml:1:1: error: unknown key 'camera'. Did you mean 'cameras'? "
                "It holds cameras by name."
            ),
            "configuration.yaml:2:1: error: unknown key 'mqtt'",
        ],
    ),
    Case(
        "an unknown platform",
        "cameras:\n  a: {platform: lense, source: x}\n",
        ["configuration.yaml:2:17: error: unknown camera platform 'lense'. Did you mean 'lens'?"],
    ),
    Case(
        "a platform of another kind",
        "cameras:\n  a: {platform: bell}\nbell: {}\nnotify:\n  b: {platform: eye}\n",
        [
            "configuration.yaml:2:17: error: 'bell' is a notifier platform, not a camera platform",
            (
                "configuration.yaml:3:1: error: 'bell' is a notifier, not a section. "
                "Write it below 'notify:', with 'platform: bell'."
            ),
            "configuration.yaml:5:17: error: 'eye' is a detector platform, not a notifier platform",
        ],
    ),
    Case(
        "a plugin that cannot be imported",
        "torn: {}\n",
        [
            (
                "configuration.yaml:1:1: error: the plugin 'torn' is broken: "
                "ModuleNotFoundError: No module named 'there_is_no_such_module'"
            )
        ],
    ),
    Case(
        "a missing key",
        "cameras:\n  porch:\n    platform: lens\n  yard:\n    source: x\n",
        [
            "configuration.yaml:2:3: error: missing key 'source'. source: Where it is.",
            (
                "configuration.yaml:4:3: error: missing key 'platform'. platform: What "
                "kind it is: the name of a plugin."
            ),
        ],
    ),
    Case(
        "a misspelt key that is needed",
        "cameras:\n  porch:\n    platform: lens\n    sorce: x\n",
        ["configuration.yaml:4:5: error: unknown key 'sorce'. Did you mean 'source'?"],
    ),
    Case(
        "a misspelt key of the hub's own",
        "cameras:\n  porch:\n    platform: lens\n    source: x\n    zone: {}\n    angel: 3\n",
        [
            "configuration.yaml:5:5: error: unknown key 'zone'. Did you mean 'zones'?",
            "configuration.yaml:6:5: error: unknown key 'angel'. Did you mean 'angle'?",
        ],
    ),
    Case(
        "mistakes deep inside",
        """
        cameras:
          porch:
            platform: lens
            source: 5
            angle: wide
            login: {usr: me, password: 12345}
            modes: [day, noon]
            detect: {fps: 99, min_score: true, object: person}
            motion: {threshold: 2.5, mask: [[[0, 0], [1, 1]]]}
        """,
        [
            "configuration.yaml:4:13: error: expected a text, got 5: write it in quotes",
            "configuration.yaml:5:12: error: expected a number, got 'wide'",
            "configuration.yaml:6:13: error: unknown key 'usr'. Did you mean 'user'?",
            "configuration.yaml:6:32: error: expected a text, got 12345: write it in quotes",
            "configuration.yaml:7:18: error: expected one of day, night, got 'noon'",
            "configuration.yaml:8:19: error: expected a number from 1 to 30, got 99",
            "configuration.yaml:8:34: error: expected a number, got true",
            "configuration.yaml:8:40: error: unknown key 'object'. Did you mean 'objects'?",
            "configuration.yaml:9:25: error: expected a whole number, got 2.5",
            (
                "configuration.yaml:9:37: error: "
                "a polygon needs at least three different points, got 2"
            ),
        ],
    ),
    Case(
        "bad zones",
        """
        cameras:
          porch:
            platform: lens
            source: x
            zones:
              door: {polygon: [[0, 0], [1, 1]]}
              gate: {polygn: [[0, 0], [1, 1], [0, 1]]}
              path: {polygon: [[0, 0], [1, 1], [0, 1.5]]}
              Big Door: {polygon: [[0, 0], [1, 1], [0, 1]]}
              lawn: green
        """,
        [
            (
                "configuration.yaml:6:23: error: "
                "a polygon needs at least three different points, got 2"
            ),
            "configuration.yaml:7:14: error: unknown key 'polygn'. Did you mean 'polygon'?",
            (
                "configuration.yaml:8:40: error: "
                "a point's x and y are fractions of the picture, 0 to 1, got 1.5"
            ),
            (
                "configuration.yaml:9:7: error: 'Big Door' is not a name: use small letters, "
                "digits and underscores. Did you mean 'big_door'?"
            ),
            "configuration.yaml:10:13: error: expected options as 'key: value', got 'green'",
        ],
    ),
    Case(
        "sections of the wrong kind",
        "cameras: [a]\nweb: 8080\ndetectors: x\nhub: []\n",
        [
            "configuration.yaml:1:10: error: expected names, each with its options below",
            "configuration.yaml:2:6: error: expected options as 'key: value', got 8080",
            "configuration.yaml:3:12: error: expected names, each with its options below",
            "configuration.yaml:4:6: error: expected names, each with its options below",
        ],
    ),
    Case(
        "cameras of the wrong kind",
        "cameras:\n  a: x\n  b:\n  Front: {platform: lens, source: x}\n",
        [
            "configuration.yaml:2:3: error: expected options such as 'platform: rtsp'",
            "configuration.yaml:3:3: error: expected options such as 'platform: rtsp'",
            (
                "configuration.yaml:4:3: error: 'Front' is not a name: use small letters, digits "
                "and underscores. Did you mean 'front'?"
            ),
        ],
    ),
    Case(
        "the hub's own section",
        "hub:\n  nam: x\n  time_zone: Europe/Berln\n  log_level: loud\n",
        [
            "configuration.yaml:2:3: error: unknown key 'nam'. Did you mean 'name'?",
            (
                "configuration.yaml:3:14: error: 'Europe/Berln' is not a time zone. "
                "Did you mean 'Europe/Berlin'?"
            ),
            (
                "configuration.yaml:4:14: error: "
                "expected one of debug, info, warning, error, got 'loud'"
            ),
        ],
    ),
    Case(
        "a validator that breaks",
        "crash: {fuse: 1}\n",
        [
            "configuration.yaml:1:1: error: the plugin 'crash' failed: KeyError: 'oh no'",
        ],
    ),
]


@pytest.mark.parametrize("case", [*FILES, *OPTIONS], ids=lambda case: case.about)
def test_each_mistake_is_told_with_its_place(desk: Desk, case: Case) -> None:
    told(desk, case)


def test_every_mistake_of_a_configuration_is_told_at_once(desk: Desk) -> None:
    settings = desk.open(
        """
        hub: {time_zone: Mars}
        cameras:
          porch:
            platform: lens
            sorce: !secret nothing
            detect: {fps: 0}
        \tyard: {platform: lens}
        web: {port: 99999}
        automation: !include missing.yaml
        typo: 1
        """
    )
    assert [each.place.line for each in settings.problems if each.place] == [
        1,
        5,
        5,
        6,
        7,
        8,
        9,
        10,
    ]


def test_a_secret_never_shows_in_an_error(desk: Desk) -> None:
    settings = desk.open(
        {
            "configuration.yaml": """
                web: {port: !secret door_code}
                cameras: {a: {platform: lens, source: x, angle: !secret door_code}}
                """,
            "secrets.yaml": "door_code: swordfish\n",
        }
    )
    assert desk.lines(settings) == [
        "configuration.yaml:1:13: error: expected a number, got '***'",
        "configuration.yaml:2:49: error: expected a number, got '***'",
    ]
