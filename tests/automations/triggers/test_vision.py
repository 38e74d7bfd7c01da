"""Triggers on what cameras see and on who is where: which events start them, and what they tell."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from hub.api import (
    Box,
    Event,
    LineCrossed,
    ObjectAppeared,
    ObjectAttributed,
    ObjectLeft,
    ObjectMoved,
    ObjectPictured,
    ObjectStationary,
    PersonEntered,
    PersonLeft,
    ReviewEnded,
    ReviewStarted,
    ZoneCleared,
    ZoneCrowded,
    ZoneLoitering,
)

WHEN = datetime(2026, 6, 1, 12, tzinfo=UTC)
SEEN: Mapping[str, Any] = {
    "camera": "porch", "object": "person", "track": "t1", "score": 0.8,
    "box": Box(0, 0, 0.1, 0.1), "captured": WHEN,
}  # fmt: skip
REVIEW: Mapping[str, Any] = {
    "camera": "porch", "review": "r1", "severity": "alert", "captured": WHEN, "started": WHEN,
    "objects": ("person", "car"), "zones": ("doorstep",), "tracks": ("t1",),
}  # fmt: skip
CROSSED = LineCrossed(**SEEN, line="drive", direction="in")
FACE = ObjectAttributed(camera="porch", track="t1", attributes={"face": "anna"}, by="faces")
PLATE = ObjectAttributed(camera="porch", track="t1", attributes={"plate": "AB 1"}, by="plates")
PICTURED = ObjectPictured(**SEEN, picture="a.jpg", annotated="b.jpg", thumbnail="c.jpg")
IN = PersonEntered(person="anna", room="kitchen", other="hall")
OUT = PersonLeft(person="anna", room="kitchen", other="hall")


def fired(home: Any, trigger: str, *events: Event) -> list[object]:
    """Return what an automation with this trigger said of these events."""
    home.load(f"""
    - alias: Test
      mode: parallel
      triggers: {trigger}
      actions: [{{action: test.note, data: {{text: "{{{{ trigger.description }}}}"}}}}]
    """)
    for each in events:
        home.fire(each)
    notes: list[object] = home.notes
    return notes


@pytest.mark.parametrize(
    ("trigger", "event", "said"),
    [
        ("{trigger: line, line: drive}", CROSSED, "person crossed drive of porch (in)"),
        ("{platform: line, line: [drive], direction: in, object: person}", CROSSED,
         "person crossed drive of porch (in)"),
        ("{trigger: object}", ObjectAppeared(**SEEN), "person appeared at porch"),
        ("{trigger: object, camera: porch, object: [person, car], event: leave}",
         ObjectLeft(**SEEN, seconds=3), "person left porch"),
        ("{trigger: object, event: stop}", ObjectStationary(**SEEN, seconds=3),
         "person stopped at porch"),
        ("{trigger: object, event: move}", ObjectMoved(**SEEN, seconds=3),
         "person moved on at porch"),
        ("{trigger: object, min_score: 0.8}", ObjectAppeared(**SEEN), "person appeared at porch"),
        ("{trigger: track}", PICTURED, "a better picture of t1"),
        ("{trigger: track, event: attribute, attribute: plate}", PLATE, "an attribute of t1"),
        ("{trigger: face}", FACE, "the face of anna at porch"),
        ("{trigger: face, person: anna, camera: porch}", FACE, "the face of anna at porch"),
        ("{trigger: review}", ReviewStarted(**REVIEW), "alert of person, car at porch"),
        ("{trigger: review, severity: alert, object: car, zone: doorstep, event: end}",
         ReviewEnded(**REVIEW, ended=WHEN), "alert of person, car at porch"),
        ("{trigger: zone, zone: doorstep, event: loiter}",
         ZoneLoitering(**SEEN, zone="doorstep", seconds=9), "person loiters in doorstep of porch"),
        ("{trigger: zone, zone: doorstep, event: crowd, object: person}",
         ZoneCrowded(camera="porch", zone="doorstep", captured=WHEN, count=4),
         "objects are a crowd in doorstep of porch"),
        ("{trigger: zone, zone: doorstep, event: clear}",
         ZoneCleared(camera="porch", zone="doorstep", captured=WHEN, seconds=4),
         "everybody has left doorstep of porch"),
        ("{trigger: presence}", IN, "anna entered kitchen"),
        ("{trigger: presence, person: anna, room: kitchen, event: leave}", OUT,
         "anna left kitchen"),
    ],
)  # fmt: skip
@pytest.mark.feature("triggers of cameras and presence", "different", "here alone")
def test_it_starts_on_what_is_meant(home: Any, trigger: str, event: Event, said: str) -> None:
    assert fired(home, trigger, event) == [said]


@pytest.mark.parametrize(
    ("trigger", "event"),
    [
        ("{trigger: line, line: drive, direction: out}", CROSSED),
        ("{trigger: line, line: drive, object: car}", CROSSED),
        ("{trigger: object, event: leave}", ObjectAppeared(**SEEN)),
        ("{trigger: object, camera: yard}", ObjectAppeared(**SEEN)),
        ("{trigger: object, min_score: 0.9}", ObjectAppeared(**SEEN)),
        ("{trigger: track, event: attribute, attribute: face}", PLATE),
        ("{trigger: face}", PLATE),
        ("{trigger: face, person: ben}", FACE),
        ("{trigger: review, severity: detection}", ReviewStarted(**REVIEW)),
        ("{trigger: review, object: dog}", ReviewStarted(**REVIEW)),
        ("{trigger: zone, zone: doorstep}", ZoneLoitering(**SEEN, zone="doorstep", seconds=9)),
        ("{trigger: presence, person: ben}", IN),
        ("{trigger: presence, room: hall}", IN),
        ("{trigger: presence}", OUT),
    ],
)
def test_it_does_not_start_on_anything_else(home: Any, trigger: str, event: Event) -> None:
    assert fired(home, trigger, event) == []


def test_all_that_the_event_says_can_be_used(home: Any) -> None:
    home.load("""
    - alias: Test
      triggers: {trigger: line, line: drive}
      actions:
        - action: test.note
          data: {text: "{{ trigger.object }} {{ trigger.direction }} {{ trigger.score }}"}
    """)
    home.fire(CROSSED)
    assert home.notes == ["person in 0.8"]


@pytest.mark.parametrize(
    ("trigger", "said"),
    [
        ("{trigger: line, line: driv}", ("0.triggers.line: there is no line 'driv'. "
         "Did you mean 'drive'?")),
        ("{trigger: object, camera: porhc}", ("0.triggers.camera: there is no camera 'porhc'. "
         "Did you mean 'porch'?")),
        ("{trigger: review, severity: bad}",
         "0.triggers.severity: expected one of alert, detection, got 'bad'"),
    ],
)  # fmt: skip
def test_wrong_names_are_told(home: Any, trigger: str, said: str) -> None:
    found = home.check(f"[{{alias: A, triggers: {trigger}, actions: [{{action: test.note}}]}}]")
    assert said in found


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("{condition: presence}", True),
        ("{condition: presence, room: kitchen}", True),
        ("{condition: presence, room: hall}", False),
        ("{condition: presence, person: anna}", True),
        ("{condition: presence, person: ben}", False),
        ("{condition: presence, person: [anna, ben], match: all}", False),
        ("{condition: presence, person: [anna, ben], room: [kitchen, away], match: all}", True),
    ],
)
def test_where_somebody_is_can_be_a_condition(home: Any, condition: str, holds: bool) -> None:
    home.set("person.anna", "kitchen")
    home.set("person.ben", "away")
    home.load(f"""
    - alias: Test
      triggers: {{trigger: event, event_type: go}}
      conditions: [{condition}]
      actions: [{{action: test.note, data: {{text: yes}}}}]
    """)
    home.event("go")
    assert bool(home.notes) is holds
