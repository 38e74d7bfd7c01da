"""How many events a CPU second brings from `fire` to a listener; each figure is the best of five.

Peer: Home Assistant's bus, in the same run where it is installed (see `peers/`).
"""

import json
import logging
from collections.abc import Callable
from time import process_time

from peers.run import home_assistant

from hub.api import Event, EventFired
from hub.bus import EventBus
from hub.core.clock import SystemClock

EVENTS = 200_000
ROUNDS = 5


def listener(event: Event) -> None:
    pass


def broken(event: Event) -> None:
    raise ValueError("a plugin's mistake")


def rate(prepare: Callable[[EventBus], None]) -> int:
    best = 0.0
    for _ in range(ROUNDS):
        bus = EventBus(SystemClock())
        prepare(bus)
        events = [EventFired(name="doorbell") for _ in range(EVENTS)]
        fire = bus.fire
        began = process_time()
        for event in events:
            fire(event)
        best = max(best, EVENTS / (process_time() - began))
    return round(best)


def one(bus: EventBus) -> None:
    bus.listen(EventFired, listener)


def keyed(bus: EventBus) -> None:
    bus.listen(EventFired, listener, key=("name", "doorbell"))


def keyed_among_10000(bus: EventBus) -> None:
    keyed(bus)
    for n in range(10_000):
        bus.listen(EventFired, listener, key=("name", f"other {n}"))


def of_everything(bus: EventBus) -> None:
    bus.listen(Event, listener)


def beside_a_broken_one(bus: EventBus) -> None:
    bus.listen(EventFired, broken)
    one(bus)


def nobody(bus: EventBus) -> None:
    pass


def main() -> None:
    logging.disable()
    cases = (nobody, one, of_everything, keyed, keyed_among_10000, beside_a_broken_one)
    figures = {each.__name__: rate(each) for each in cases}
    peer = home_assistant("bus")
    unit = "events per CPU second"
    print(json.dumps({"benchmark": "bus", "unit": unit, **figures, "home_assistant": peer}))


if __name__ == "__main__":
    main()
