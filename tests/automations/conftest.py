"""A home with cameras, lights and a phone, in which automations written in YAML run."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, tzinfo

import pytest
import yaml

from automations import hub_automations, loader
from automations.service import Automations
from hub.api import (
    AutomationFinished,
    Box,
    Condition,
    EventFired,
    Known,
    KnownCamera,
    Trigger,
    ZoneEntered,
    ZoneLeft,
    schema,
)
from hub.api.events import subclasses
from hub.testing import TestHub

CAMERAS = {
    "porch": KnownCamera(
        zones=frozenset({"doorstep"}),
        lines=frozenset({"drive"}),
        objects=frozenset({"person", "car"}),
    ),
    "yard": KnownCamera(zones=frozenset({"gate", "lawn"}), objects=frozenset({"person", "dog"})),
}
ENTITIES = frozenset({
    "light.hall", "light.porch", "sensor.lux", "sensor.limit", "binary_sensor.porch_motion",
    "sensor.tiny_*", "automation.other",
})  # fmt: skip


class Home:
    """A test hub, and what tests of automations do with one."""

    def __init__(self, hub: TestHub) -> None:
        self.hub = hub
        self.services: list[Automations] = []
        hub.fake_action("test.note")
        hub.fake_action(
            "notify.phone",
            schema={
                schema.required("message", "What to say."): schema.text,
                schema.optional("title", "A title."): schema.text,
                schema.optional("volume", "How loud."): schema.number(0, 1),
            },
        )
        hub.fake_action(
            "test.look",
            schema={
                schema.required("camera", "Which camera."): schema.camera,
                schema.optional("also", "More cameras."): schema.each(schema.camera),
            },
        )
        self.learn()

    def learn(self) -> None:
        """Let checks know all actions there are by now."""
        ours = list(hub_automations())
        offered = {each.name: each for each in Automations.ACTIONS}
        self.hub.known = Known(
            cameras=CAMERAS,
            entities=ENTITIES,
            actions={**self.hub.actions.known(), **offered},
            events=subclasses(),
            triggers={each.KEY: each for each in ours if issubclass(each, Trigger)},
            conditions={each.KEY: each for each in ours if issubclass(each, Condition)},
            plugins=frozenset({"automation", "idle"}),
            loaded=frozenset({"automation"}),
        )

    def check(self, text: str) -> list[str]:
        """Return the problems of a file: ``path: words. hint``."""
        raw = yaml.safe_load(text)
        return [
            str(each).replace(": error:", ":") for each in Automations.check(raw, self.hub.known)
        ]

    def load(self, text: str) -> Automations:
        """Start automations, each of which must be right in itself."""
        raw = yaml.safe_load(text)
        found = zip(loader.automations(raw), loader.entities(raw), strict=True)
        read = [loader.load(*each, name, self.hub.known, None)[1] for each, name in found]
        assert [str(each) for told in read for each in told if not each.warning] == []
        service = Automations(self.hub.context("automation"), raw)
        self.services.append(service)
        self.hub.run(service.start())
        return service

    def actions(self, text: str, variables: Mapping[str, object] | None = None) -> None:
        """Run a list of actions once, started by an event with some data."""
        self.load(
            yaml.safe_dump(
                [
                    {
                        "alias": "Test",
                        "mode": "parallel",
                        "triggers": [{"trigger": "event", "event_type": "go"}],
                        "variables": dict(variables or {}),
                        "actions": yaml.safe_load(text),
                    }
                ]
            )
        )
        self.event("go")

    def event(self, name: str, **data: object) -> None:
        """Fire an event of the user's own."""
        self.fire(EventFired(name=name, data=data))

    def fire(self, event: object) -> None:
        """Fire any event, and let what follows happen."""

        async def go() -> None:
            self.hub.fire(event)  # type: ignore[arg-type]
            await self.hub.settled()

        self.hub.run(go())

    def set(self, entity: str, state: str, **attributes: object) -> None:
        """Set a state, and let what follows happen."""

        async def go() -> None:
            self.hub.states.set(entity, state, attributes)
            await self.hub.settled()

        self.hub.run(go())

    def remove(self, entity: str) -> None:
        """Remove an entity, and let what follows happen."""

        async def go() -> None:
            self.hub.states.remove(entity)
            await self.hub.settled()

        self.hub.run(go())

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.hub.run(self.hub.clock.advance(seconds))

    def call(self, name: str, **data: object) -> None:
        """Call an action."""

        async def go() -> None:
            await self.hub.actions.call(name, data)
            await self.hub.settled()

        self.hub.run(go())

    def enter(self, zone: str = "doorstep", **other: object) -> None:
        """Let somebody enter a zone."""
        self.fire(ZoneEntered(**_zone(zone, other)))

    def leave(self, zone: str = "doorstep", **other: object) -> None:
        """Let somebody leave a zone."""
        self.fire(ZoneLeft(**_zone(zone, {"seconds": 4.0, **other})))

    @property
    def notes(self) -> list[object]:
        """What ``test.note`` was called with: ``text`` alone, or all of the data."""
        calls = [each.data for each in self.hub.calls if each.name == "test.note"]
        return [data["text"] if set(data) == {"text"} else dict(data) for data in calls]

    @property
    def results(self) -> list[tuple[str, str]]:
        """How runs ended, and why if they failed."""
        return [(each.result, each.error) for each in self.hub.events.of(AutomationFinished)]

    def attributes(self, entity: str) -> Mapping[str, object]:
        """Return what an automation shows of itself."""
        state = self.hub.states.get(entity)
        assert state is not None
        return state.attributes


def _zone(zone: str, other: Mapping[str, object]) -> dict[str, object]:
    return {
        "camera": "porch",
        "zone": zone,
        "object": "person",
        "track": "7",
        "score": 0.9,
        "box": Box(0.1, 0.2, 0.3, 0.4),
        "captured": datetime(2026, 6, 1, 12, tzinfo=UTC),
        "count": 1,
        **other,
    }  # type: ignore[return-value]


def _home(zone: tzinfo = UTC, *, tolerant: bool = False) -> Iterator[Home]:
    with TestHub(cameras=CAMERAS, zone=zone, tolerant=tolerant) as hub:
        home = Home(hub)
        yield home
        for service in home.services:
            hub.run(service.stop())


@pytest.fixture
def home() -> Iterator[Home]:
    """A home; a listener or task of ours that raises fails the test."""
    yield from _home()


@pytest.fixture
def clumsy_home() -> Iterator[Home]:
    """A home in which plugins may raise what they like."""
    yield from _home(tolerant=True)


@pytest.fixture
def berlin() -> Iterator[Home]:
    """A home with summer time."""
    from zoneinfo import ZoneInfo

    yield from _home(ZoneInfo("Europe/Berlin"))
