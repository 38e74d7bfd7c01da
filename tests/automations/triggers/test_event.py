"""``trigger: event`` and ``trigger: hub``."""

from typing import Any

import pytest

from hub.api import CameraOffline, HubStarted, HubStopping


def _load(home: Any, options: str, tell: str) -> None:
    home.load(
        f"""
        alias: Test
        mode: parallel
        triggers: {{trigger: event, {options}}}
        actions: {{action: test.note, data: {{text: "{tell}"}}}}
        """
    )


@pytest.mark.feature("trigger: event", "supported")
def test_a_users_own_event_is_found_by_its_name(home: Any) -> None:
    _load(home, "event_type: bell", "{{ trigger.event.event_type }} {{ trigger.event.data.who }}")
    home.event("bell", who="anna")
    home.event("door", who="ben")
    assert home.notes == ["bell anna"]


@pytest.mark.feature("trigger: event, event_data", "supported")
def test_several_events_and_data_inside_data(home: Any) -> None:
    _load(
        home,
        "event_type: [bell, door], event_data: {who: {name: anna}}",
        "{{ trigger.event.event_type }}",
    )
    home.event("bell", who={"name": "anna", "age": 5})
    home.event("door", who={"name": "ben"})
    home.event("door", who="anna")
    home.event("door", who={"name": "anna"})
    assert home.notes == ["bell", "door"]


@pytest.mark.feature("trigger: event, templates in event_data", "supported")
def test_the_data_to_match_may_be_computed_at_the_start(home: Any) -> None:
    home.set("sensor.limit", "7")
    _load(home, "event_type: bell, event_data: {n: \"{{ states('sensor.limit') }}\"}", "x")
    home.event("bell", n=6)
    home.event("bell", n=7)
    assert home.notes == ["x"]


@pytest.mark.parametrize(
    "options",
    ["event_data: {camera: porch}", "event_data: {camera: porch, reason: gone}", "id: x"],
)
def test_the_hubs_own_events_have_their_fields_as_data(home: Any, options: str) -> None:
    _load(
        home,
        f"event_type: camera.offline, {options}",
        "{{ trigger.event.data.camera }}: {{ trigger.event.data.reason }}",
    )
    home.fire(CameraOffline(camera="porch", reason="gone"))
    if "data" in options:
        home.fire(CameraOffline(camera="yard", reason="gone"))
    assert home.notes == ["porch: gone"]


@pytest.mark.parametrize("name", ["hub", "homeassistant"])
@pytest.mark.feature("trigger: homeassistant start/shutdown", "supported")
def test_the_hubs_start_and_end(home: Any, name: str) -> None:
    home.load(
        f"""
        alias: Test
        triggers:
          - {{platform: {name}, event: start}}
          - {{trigger: {name}, event: shutdown}}
        actions: {{action: test.note, data: {{text: "{{{{ trigger.event }}}}"}}}}
        """
    )
    home.fire(HubStarted())
    home.fire(HubStopping())
    assert home.notes == ["start", "shutdown"]
