"""How many events a second are fired, encoded, committed to SQLite, and safe from a power cut.

Peer: Home Assistant's recorder, 1,800 to 2,500.
"""

import asyncio
import json
from time import perf_counter, process_time

from hub.api import Box, Event, StateChanged, ZoneEntered
from hub.bus import EventBus
from hub.core.clock import SystemClock
from hub.journal import JournalWriter
from hub.states import StateTable
from hub.testing import START, TestHub
from integrations.sql import SqlStorage

EVENTS = 60_000
BURST = 500


def entered() -> Event:
    return ZoneEntered(
        camera="porch", zone="doorstep", object="person", track="porch-17", score=0.91,
        box=Box(0.1, 0.2, 0.3, 0.9), captured=START, count=1, source="vision",
    )  # fmt: skip


async def measure() -> dict[str, float]:
    clock = SystemClock()
    async with TestHub() as folders:
        storage = SqlStorage(folders.context("sql"), {})
        began = perf_counter()
        await storage.start()
        opened = perf_counter() - began
        bus = EventBus(clock)
        states = StateTable(bus, clock)
        journal = JournalWriter(bus, storage, clock)
        journal.start()
        longest = 0.0
        began, cpu = perf_counter(), process_time()
        fired = 0
        while fired < EVENTS or journal.waiting:
            if fired < EVENTS and journal.waiting < 20_000:
                for _ in range(BURST - 1):
                    bus.fire(entered())
                states.set("sensor.porch_doorstep_person_count", str(fired))
                fired += BURST
            turn = perf_counter()
            await asyncio.sleep(0.001)
            longest = max(longest, perf_counter() - turn - 0.001)
        seconds, cpu = perf_counter() - began, process_time() - cpu
        stored = await storage.recent(EVENTS + 1, ())
        changes = len(await storage.recent(EVENTS + 1, [StateChanged.type]))
        await journal.stop()
        await storage.stop()
    if len(stored) != EVENTS or changes != EVENTS // BURST or journal.dropped:
        raise SystemExit(f"only {len(stored)} of {EVENTS} events were stored")
    return {
        "stored_per_second": round(EVENTS / seconds),
        "stored_per_cpu_second": round(EVENTS / cpu),
        "longest_stall_of_the_loop_ms": round(1000 * longest, 1),
        "open_new_database_ms": round(1000 * opened),
    }


def main() -> None:
    print(json.dumps({"benchmark": "journal", "unit": "events", **asyncio.run(measure())}))


if __name__ == "__main__":
    main()
