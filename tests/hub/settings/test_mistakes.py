"""Each broken configuration: exactly these lines, at exactly these places."""

from collections.abc import Mapping
from typing import NamedTuple

import pytest

from tests.hub.settings.conftest import Desk

_TAB = "YAML is indented with spaces; most editors can turn tabs into them."


class Case(NamedTuple):
    """Files, and the errors they shall lead to."""

    about: str
    files: str | Mapping[str, str]
    errors: list[str]


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
REFERENCES = [
    Case(
        "objects nobody looks for",
        """
        cameras:
          porch:
            platform: lens
            source: x
            detect: {objects: [person, dgo]}
            zones: {door: {polygon: [[0, 0], [1, 1], [0, 1]], objects: [person, cat]}}
        """,
        [
            (
                "configuration.yaml:5:32: error: no detector knows an object 'dgo'. "
                "Did you mean 'dog'?"
            ),
            (
                "configuration.yaml:6:73: error: camera 'porch' does not look for 'cat'. "
                "Known: dgo, person."
            ),
        ],
    ),
    Case(
        "lines and filters for objects nobody looks for",
        """
        cameras:
          porch:
            platform: lens
            source: x
            detect: {filters: {persn: {min_score: 0.7}}}
            lines: {gate: {points: [[0, 0], [1, 1]], objects: dog}}
        """,
        [
            (
                "configuration.yaml:5:24: error: camera 'porch' does not look for 'persn'. "
                "Did you mean 'person'?"
            ),
            (
                "configuration.yaml:6:46: error: camera 'porch' does not look for 'dog'. "
                "Known: person."
            ),
        ],
    ),
    Case(
        "a line that is called as a zone",
        """
        cameras:
          porch:
            platform: lens
            source: x
            zones: {gate: {polygon: [[0, 0], [1, 1], [0, 1]]}}
            lines: {gate: {points: [[0, 0], [1, 1]]}}
        """,
        [
            (
                "configuration.yaml:6:13: error: a zone of camera 'porch' is called 'gate' as "
                "well. Rename one of them."
            ),
        ],
    ),
    Case(
        "corners of no surface",
        """
        cameras:
          a:
            platform: lens
            source: x
            ground: {points: [[0, 0], [1, 1], [1, 0], [0, 1]], size: [2, 3]}
          b:
            platform: lens
            source: x
            ground: {points: [[0, 0], [0.5, 0], [1, 0], [0.5, 1]], size: [2, 3]}
          c:
            platform: lens
            source: x
            ground: {points: [[0.4, 0.2], [0.6, 0.2], [0.9, 0.9], [0.1, 0.9]], size: [2, 3]}
        """,
        [
            (
                "configuration.yaml:5:22: error: the corners are not those of a surface. Name "
                "them in order, around it; no three may lie on one line."
            ),
            (
                "configuration.yaml:9:22: error: the corners are not those of a surface. Name "
                "them in order, around it; no three may lie on one line."
            ),
        ],
    ),
    Case(
        "a zone and an object that no review can see",
        """
        cameras:
          porch:
            platform: lens
            source: x
            zones: {door: {polygon: [[0, 0], [1, 1], [0, 1]]}}
            review:
              alerts: {objects: [persn], zones: door}
              detections: [{zones: [dor]}]
        """,
        [
            (
                "configuration.yaml:7:26: error: camera 'porch' does not look for 'persn'. "
                "Did you mean 'person'?"
            ),
            (
                "configuration.yaml:8:29: error: camera 'porch' has no zone 'dor'. "
                "Did you mean 'door'?"
            ),
        ],
    ),
    Case(
        "captures of what nobody sees, by nobody or by the same, for no room",
        """
        cameras:
          porch:
            platform: lens
            source: x
            detect: {detector: eye}
            capture:
              keep: plenty
              rules:
                - {when: score, between: [0.6, 0.3]}
                - {when: score, objects: [persn]}
                - {when: disagree}
                - {when: disagree, with: eey}
                - {when: disagree, with: eye}
        """,
        [
            (
                "configuration.yaml:7:13: error: expected a number of bytes such as 500MB or 1GB, "
                "got 'plenty'"
            ),
            "configuration.yaml:9:34: error: expected [least, most], got 0.6 before 0.3",
            (
                "configuration.yaml:10:35: error: camera 'porch' does not look for 'persn'. "
                "Did you mean 'person'?"
            ),
            "configuration.yaml:11:11: error: 'disagree' needs 'with': the other detector's name",
            "configuration.yaml:12:34: error: unknown detector 'eey'. Did you mean 'eye'?",
            (
                "configuration.yaml:13:34: error: detector 'eye' would be compared with itself. "
                "Name another one."
            ),
        ],
    ),
    Case(
        "all that is wrong with one camera",
        """
        cameras:
          a:
            platform: lens
            source: exec:id
            detect: {fps: fast, objects: [persn], detector: eey}
            zones:
              d: {polygon: [[0, 0], [2, 1], [0, 1]], objects: [dog]}
              e: {polygon: [[0, 0]], enter_after: soon}
        """,
        [
            "configuration.yaml:4:13: error: a camera is not a command",
            "configuration.yaml:5:19: error: expected a number, got 'fast'",
            (
                "configuration.yaml:5:35: error: no detector knows an object 'persn'. "
                "Did you mean 'person'?"
            ),
            "configuration.yaml:5:53: error: unknown detector 'eey'. Did you mean 'eye'?",
            (
                "configuration.yaml:7:29: error: a point's x and y are fractions of the "
                "picture, 0 to 1, got 2"
            ),
            ("configuration.yaml:7:56: error: camera 'a' does not look for 'dog'. Known: persn."),
            (
                "configuration.yaml:8:20: error: a polygon needs at least three different "
                "points, got 1"
            ),
            (
                "configuration.yaml:8:43: error: expected a time span such as 2s or 00:00:02, "
                "got 'soon'"
            ),
        ],
    ),
    Case(
        "who is asked first",
        """
        detectors: {near: {platform: eye}, far: {platform: eye}}
        cameras:
          a: {platform: lens, source: x, detect: {detector: far, first: near}}
          b: {platform: lens, source: x, detect: {detector: far, first: naer}}
          c: {platform: lens, source: x, detect: {detector: far, first: far}}
          d: {platform: lens, source: x, detect: {first: near}}
          e: {platform: lens, source: x, detect: {detector: far, first: builtin}}
          f: {platform: lens, source: x, detect: {detector: builtin, first: near, objects: [car]}}
        """,
        [
            "configuration.yaml:4:65: error: unknown detector 'naer'. Did you mean 'near'?",
            (
                "configuration.yaml:5:65: error: detector 'far' looks at everything already. "
                "Name a cheaper one, or leave it out."
            ),
            (
                "configuration.yaml:7:65: error: detector 'builtin' wants whole pictures, so it "
                "cannot be asked first. Name one that looks at parts, such as openvino with "
                "model: lwpd_192."
            ),
            (
                "configuration.yaml:8:69: error: detector 'near' does not know 'car', which the "
                "camera looks for. Ask it first only on cameras that look for nothing else than "
                "it knows."
            ),
        ],
    ),
    Case(
        "bounds between which nothing is",
        """
        cameras:
          a:
            platform: lens
            source: x
            detect: {filters: {person: {min_area: 0.5, max_area: 0.1, min_ratio: 2, max_ratio: 2}}}
            zones: {gate: {polygon: [[0, 0], [1, 0], [1, 1]], min_area: 0.4, max_area: 0.3}}
        """,
        [
            (
                "configuration.yaml:5:43: error: min_area 0.5 is more than max_area 0.1, "
                "so nothing fits"
            ),
            (
                "configuration.yaml:6:65: error: min_area 0.4 is more than max_area 0.3, "
                "so nothing fits"
            ),
        ],
    ),
    Case(
        "who tells things apart",
        """
        detectors: {near: {platform: eye}, far: {platform: eye}}
        cameras:
          a: {platform: lens, source: x, detect: {detector: far, appearance: near}}
          b: {platform: lens, source: x, detect: {detector: far, appearance: naer}}
          c: {platform: lens, source: x, detect: {detector: far, appearance: far}}
          d: {platform: lens, source: x, detect: {detector: far, appearance: builtin}}
        """,
        [
            "configuration.yaml:4:70: error: unknown detector 'naer'. Did you mean 'near'?",
            (
                "configuration.yaml:5:70: error: detector 'far' finds things, and does not tell "
                "them apart. Name another one, such as openvino with model: person_reid_0287."
            ),
            (
                "configuration.yaml:6:70: error: detector 'builtin' does not tell things apart. "
                "Name another one, such as openvino with model: person_reid_0287."
            ),
        ],
    ),
    Case(
        "a detector with labels of its own",
        """
        detectors: {fast: {platform: eye}}
        cameras:
          a: {platform: lens, source: x, detect: {objects: [gnome]}}
          b: {platform: lens, source: x, detect: {objects: [car]}}
          c: {platform: lens, source: x, detect: {detector: builtin, objects: [car]}}
          d: {platform: lens, source: x, detect: {detector: fats}}
        """,
        [
            (
                "configuration.yaml:4:53: error: no detector knows an object 'car'. "
                "Known: gnome, person."
            ),
            "configuration.yaml:6:53: error: unknown detector 'fats'. Did you mean 'fast'?",
        ],
    ),
    Case(
        "what a plugin itself checks",
        "cameras:\n  a: {platform: lens, source: 'exec:id'}\n",
        ["configuration.yaml:2:31: error: a camera is not a command"],
    ),
    Case(
        "automations about what is not there",
        """
        cameras:
          porch: {platform: lens, source: x}
        automation:
          - {alias: a, camera: proch}
          - {alias: b, action: camera.snapshoot}
          - {alias: c, action: notify.phone}
          - {alias: d, entity: camera.porhc}
          - five
          - {alias: f, camera: porch, action: notify.bell, entity: automation.a}
        notify: {bell: {platform: bell}}
        """,
        [
            "configuration.yaml:4:24: error: unknown camera 'proch'. Did you mean 'porch'?",
            (
                "configuration.yaml:5:24: error: unknown action 'camera.snapshoot'. "
                "Did you mean 'camera.snapshot'?"
            ),
            (
                "configuration.yaml:6:24: error: unknown action 'notify.phone'. "
                "Did you mean 'notify.bell'?"
            ),
            (
                "configuration.yaml:7:24: error: unknown entity 'camera.porhc'. "
                "Did you mean 'camera.porch'?"
            ),
            "configuration.yaml:8:5: error: expected an automation",
            (
                "configuration.yaml:9:60: error: unknown entity 'automation.a'. "
                "It was left out because of another error."
            ),
        ],
    ),
    Case(
        "zones of two cameras that make one entity",
        """
        cameras:
          a: {platform: lens, source: x, zones: {b_c: {polygon: [[0, 0], [1, 1], [0, 1]]}}}
          a_b: {platform: lens, source: x, zones: {c: {polygon: [[0, 0], [1, 1], [0, 1]]}}}
        """,
        [
            (
                "configuration.yaml:3:3: error: 'binary_sensor.a_b_c_occupied' would be an entity "
                "of camera 'a' as well. Rename one of them."
            ),
        ],
    ),
]


@pytest.mark.parametrize(
    "case",
    [*SYNTAX, *FILES, *OPTIONS, *REFERENCES],
    ids=lambda case: case.about,
)
def test_each_mistake_is_told_with_its_place(desk: Desk, case: Case) -> None:
    if isinstance(case.files, dict):
        for name, text in case.files.items():
            path = desk.folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(text.encode("utf-8", "surrogateescape"))
            path.chmod(0o600)
        settings = desk.open({})
    else:
        settings = desk.open(case.files)
    assert desk.lines(settings) == case.errors
    assert all(each.place for each in settings.problems)


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
