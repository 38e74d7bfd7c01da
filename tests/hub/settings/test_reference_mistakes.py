"""Names of what is not there, and parts that do not go together."""

import pytest

from tests.hub.settings.conftest import Desk
from tests.hub.settings.mistakes import Case, told

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


@pytest.mark.parametrize("case", REFERENCES, ids=lambda case: case.about)
def test_what_does_not_fit_together_is_told_with_its_place(desk: Desk, case: Case) -> None:
    told(desk, case)
