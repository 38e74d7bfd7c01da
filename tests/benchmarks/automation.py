"""How many events a second become actions: trigger, template condition, call, traced events.

Prints one JSON object. Three figures, each with the number of actions counted: one automation;
the same beside 10,000 others on the same event type (other zones); stopping and starting
1,000 automations.
"""

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from peers.run import home_assistant

from automations import hub_automations
from automations.service import Automations
from hub.actions import ActionRegistry
from hub.api import ActionCall, ActionSpec, Box, Condition, Known, KnownCamera, Trigger, ZoneEntered
from hub.api.events import subclasses
from hub.bus import EventBus
from hub.core.clock import SystemClock
from hub.core.tasks import Tasks
from hub.states import StateTable
from hub.testing import TestContext, TestHub

EVENTS = 20_000
OTHERS = 10_000
RELOADED = 1_000
ROUNDS = 5
# As many events as a vision worker reports at once at the most.
BATCH = 50

# DESIGN 8, measured on this machine's like with Python 3.11: Home Assistant 2024.3.3.
PEER = {
    "home_assistant_2024_3_3_events_per_second": [5_100, 6_900],
    "home_assistant_reload_of_1000_stall_ms": 529,
}


def automation(zone: str, number: int) -> dict[str, Any]:
    """Return an automation on one zone."""
    return {
        "id": f"a{number}",
        "alias": f"Automation {number}",
        "triggers": [{"trigger": "zone", "camera": "porch", "zone": zone, "object": "person"}],
        "conditions": "{{ trigger.score > 0.5 }}",
        "actions": [{"action": "test.count", "data": {"track": "{{ trigger.track }}"}}],
    }


class Counter:
    """The action that is called."""

    def __init__(self) -> None:
        self.calls = 0

    async def __call__(self, call: ActionCall) -> None:
        self.calls += 1


@asynccontextmanager
async def home(raw: list[dict[str, Any]]) -> Any:
    """Start automations on a hub with the machine's own clock."""
    clock, counter = SystemClock(), Counter()
    bus = EventBus(clock)
    actions = ActionRegistry()
    spec = ActionSpec(name="test.count", description="Counts.", schema={"track": object})
    actions.register(spec, counter)
    ours = list(hub_automations())
    zones = frozenset(each["triggers"][0]["zone"] for each in raw) | {"doorstep"}
    known = Known(
        cameras={"porch": KnownCamera(zones=zones, objects=frozenset({"person"}))},
        actions=actions.known(),
        events=subclasses(),
        triggers={each.KEY: each for each in ours if issubclass(each, Trigger)},
        conditions={each.KEY: each for each in ours if issubclass(each, Condition)},
    )
    spare = TestHub()
    context = TestContext(
        name="automation",
        clock=clock,
        bus=bus,
        states=StateTable(bus, clock),
        actions=actions,
        journal=spare.journal,
        pictures=spare.pictures,
        seen=spare.seen,
        traces=spare.context().traces,
        known=known,
        paths=spare.paths,
        tasks=Tasks("automation"),
    )
    problems = list(Automations.check(raw, known))
    assert not problems, problems[0]
    service = Automations(context, raw)
    await service.start()
    yield bus, counter, service, context
    await service.stop()
    await context.tasks.stop()


def events() -> Iterator[ZoneEntered]:
    """Return events of which every one leads to an action."""
    for number in range(EVENTS):
        yield ZoneEntered(
            camera="porch",
            zone="doorstep",
            object="person",
            track=str(number),
            score=0.9,
            box=Box(0.1, 0.1, 0.2, 0.2),
            captured=datetime.now(UTC),
            count=1,
        )


async def throughput() -> tuple[float, float]:
    """Return events per CPU second, alone and beside many others; the best of some rounds each.

    The rounds alternate, so that whatever else the machine does meets both alike.
    """
    one = [automation("doorstep", 0)]
    others = [automation(f"zone_{number}", number) for number in range(1, OTHERS + 1)]
    alone = crowded = 0.0
    async with home(one) as (bus, counter, _, _), home(one + others) as (full, full_counter, _, _):
        for _ in range(ROUNDS):
            alone = max(alone, await fire(bus, counter))
            crowded = max(crowded, await fire(full, full_counter))
    return alone, crowded


async def fire(bus: EventBus, counter: Counter) -> float:
    """Fire events that all lead to an action; return how many a CPU second brings."""
    before, ready = counter.calls, list(events())
    began = time.process_time()
    for number, event in enumerate(ready):
        bus.fire(event)
        if number % BATCH == 0:
            await asyncio.sleep(0)
    spent = time.process_time() - began
    await asyncio.sleep(0.3)
    assert counter.calls - before == EVENTS, (counter.calls - before, EVENTS)
    return EVENTS / spent


async def reload() -> dict[str, float]:
    """Return milliseconds to check, and to stop and start, many automations."""
    raw = [automation(f"zone_{number}", number) for number in range(RELOADED)]
    async with home(raw) as (bus, counter, service, context):
        began = time.perf_counter()
        assert not list(Automations.check(raw, context.known))
        checked = time.perf_counter()
        await service.stop()
        again = Automations(context, raw)
        await again.start()
        started = time.perf_counter()
        for number in range(RELOADED):
            event = next(events())
            bus.fire(type(event)(**{**_fields(event), "zone": f"zone_{number}"}))
        assert counter.calls == RELOADED, counter.calls
        await again.stop()
        await service.start()  # the one that is stopped at the end
    return {"check_ms": (checked - began) * 1e3, "stop_and_start_ms": (started - checked) * 1e3}


def _fields(event: ZoneEntered) -> dict[str, Any]:
    stamp = {"sequence", "time"}
    return {name: getattr(event, name) for name in event.__struct_fields__ if name not in stamp}


def main() -> None:
    """Measure and print."""
    bare, crowded = asyncio.run(throughput())
    again = asyncio.run(reload())
    print(
        json.dumps(
            {
                "benchmark": "automation",
                "events_per_cpu_second": round(bare),
                f"events_per_cpu_second_beside_{OTHERS}": round(crowded),
                "ratio": round(crowded / bare, 3),
                f"reload_of_{RELOADED}": {key: round(each, 1) for key, each in again.items()},
                "home_assistant": home_assistant("0"),
                "home_assistant_beside_1000": home_assistant("1000"),
                "peer_noted": PEER,
            }
        )
    )


if __name__ == "__main__":
    main()
