"""Home Assistant doing what our benchmarks of bus and automations do, in its own environment.

    python -m venv /tmp/ha && /tmp/ha/bin/pip install homeassistant==2024.3.3
    WATCHPOST_BENCH_HOME_ASSISTANT=/tmp/ha/bin/python make bench

Run by ``bus.py`` and ``automation.py`` with that interpreter; prints one JSON object of rates
per CPU second. The number of calls is checked before a rate is believed.
"""

import asyncio
import json
import sys
import tempfile
import time
from importlib.metadata import version

from homeassistant import config_entries, loader
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import (
    area_registry,
    device_registry,
    entity,
    entity_registry,
    issue_registry,
    restore_state,
    translation,
)
from homeassistant.setup import async_setup_component

EVENTS = 20_000
BATCH = 500


async def fire(hass: HomeAssistant, kind: str, data: dict, done: list) -> float:
    """Fire events in batches; returns how many a CPU second were handled."""
    before, begin = len(done), time.process_time()
    for _ in range(EVENTS // BATCH):
        for _ in range(BATCH):
            hass.bus.async_fire(kind, data)
        await hass.async_block_till_done()
    rate = EVENTS / (time.process_time() - begin)
    handled = len(done) - before
    if handled != EVENTS:
        raise SystemExit(f"{handled} of {EVENTS} were handled")
    return rate


async def started() -> HomeAssistant:
    """Return a Home Assistant with nothing in it."""
    hass = HomeAssistant(tempfile.mkdtemp())
    hass.config.config_dir = tempfile.mkdtemp()
    loader.async_setup(hass)
    translation.async_setup(hass)
    entity.async_setup(hass)
    await restore_state.async_load(hass)
    hass.config_entries = config_entries.ConfigEntries(hass, {})
    for each in (area_registry, device_registry, entity_registry, issue_registry):
        await each.async_load(hass)
    return hass


async def automations(hass: HomeAssistant, others: int) -> float:
    """Measure an automation with a template condition beside others on the same event type."""
    done: list = []

    @callback
    def act(call: object) -> None:
        done.append(call)

    hass.services.async_register("bench", "act", act)
    items = [
        {
            "alias": f"bench {number}",
            "id": f"bench{number}",
            "mode": "parallel",
            "max": 100_000,
            "trigger": {
                "platform": "event",
                "event_type": "zone_entered",
                "event_data": {"zone": "doorstep" if number == 0 else f"zone{number}"},
            },
            "condition": "{{ trigger.event.data.score > 0.5 }}",
            "action": {"service": "bench.act"},
        }
        for number in range(others + 1)
    ]
    if not await async_setup_component(hass, "automation", {"automation": items}):
        raise SystemExit("the automations were not set up")
    await hass.async_start()
    await hass.async_block_till_done()
    return await fire(hass, "zone_entered", {"zone": "doorstep", "score": 0.8}, done)


async def bus(hass: HomeAssistant) -> float:
    """Measure one listener."""
    done: list = []

    @callback
    def heard(event: object) -> None:
        done.append(event)

    hass.bus.async_listen("bench", heard)
    return await fire(hass, "bench", {"zone": "doorstep", "score": 0.8}, done)


async def main(what: str) -> None:
    """Measure one thing and print it."""
    hass = await started()
    found = {"home_assistant": version("homeassistant"), "python": sys.version.split()[0]}
    if what == "bus":
        found["events_per_cpu_second"] = round(await bus(hass))
    else:
        found["runs_per_cpu_second"] = round(await automations(hass, int(what)))
        found["others"] = int(what)
    await hass.async_stop(force=True)
    print(json.dumps(found))


asyncio.run(main(sys.argv[1]))
