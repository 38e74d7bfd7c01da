"""``trigger: zone``: what it fires on and what it tells."""

from typing import Any

import pytest

TELL = (
    "{{ trigger.platform }} {{ trigger.camera }} {{ trigger.zone }} {{ trigger.object }}"
    " {{ trigger.event }} {{ trigger.score }} {{ trigger.track }} {{ trigger.count }}"
    " {{ trigger.box.left }} {{ trigger.captured.year }} {{ trigger.seconds | default('-') }}"
)


def _load(home: Any, options: str, tell: str = "{{ trigger.zone }} {{ trigger.object }}") -> None:
    home.load(
        f"""
        alias: Test
        mode: parallel
        triggers: {{trigger: zone, {options}}}
        actions: {{action: test.note, data: {{text: "{tell}"}}}}
        """
    )


@pytest.mark.feature("trigger: zone", "different", "zones are a camera's, with objects in them")
def test_it_tells_all_there_is_to_know(home: Any) -> None:
    _load(home, "camera: porch, zone: doorstep", TELL)
    home.enter()
    assert home.notes == ["zone porch doorstep person enter 0.9 7 1 0.1 2026 -"]


def test_leaving_tells_how_long_it_was_there(home: Any) -> None:
    _load(home, "camera: porch, zone: doorstep, event: leave", TELL)
    home.enter()
    home.leave(count=0)
    assert home.notes == ["zone porch doorstep person leave 0.9 7 0 0.1 2026 4.0"]


@pytest.mark.parametrize(
    ("options", "notes"),
    [
        ("zone: [gate, lawn]", ["gate person", "lawn dog"]),
        ("zone: [gate, lawn], object: dog", ["lawn dog"]),
        ("zone: lawn, objects: [dog, person]", ["lawn dog"]),
        ("zone: gate, camera: yard", ["gate person"]),
        ("zone: [doorstep, gate], camera: [porch, yard]", ["doorstep car", "gate person"]),
    ],
)
def test_cameras_zones_and_objects_choose(home: Any, options: str, notes: list[str]) -> None:
    _load(home, options)
    home.enter(object="car")
    home.enter("gate", camera="yard")
    home.enter("lawn", camera="yard", object="dog")
    home.leave("lawn", camera="yard", object="dog")
    assert home.notes == notes
