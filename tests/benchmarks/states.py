"""How many states can be set in a CPU second, each change being an event to one listener."""

import json
from time import process_time

from hub.api import StateChanged
from hub.bus import EventBus
from hub.core.clock import SystemClock
from hub.states import StateTable

CHANGES = 100_000
ENTITIES = [f"sensor.number_{n}" for n in range(1000)]


def rate(values: list[str], attributes: dict[str, object]) -> int:
    best = 0.0
    for _ in range(5):
        clock = SystemClock()
        bus = EventBus(clock)
        states = StateTable(bus, clock)
        bus.listen(StateChanged, lambda _: None)
        began = process_time()
        for n in range(CHANGES // len(ENTITIES)):
            value = values[n % len(values)]
            for entity in ENTITIES:
                states.set(entity, value, attributes)
        best = max(best, CHANGES / (process_time() - began))
    return round(best)


def main() -> None:
    attributes: dict[str, object] = {"friendly_name": "Number", "unit": "lx", "count": 3}
    print(
        json.dumps(
            {
                "benchmark": "states",
                "unit": "calls of set per CPU second",
                "changed": rate(["on", "off"], {}),
                "changed_with_attributes": rate(["on", "off"], attributes),
                "unchanged": rate(["on"], attributes),
            }
        )
    )


if __name__ == "__main__":
    main()
