"""How much faster than it was a week of a home goes by in ``watchpost backtest``.

Prints one JSON object. The journal is a real one in SQLite: cameras with motion, visits to zones,
sensors; forty automations look at all of it.
"""

import asyncio
import json
import os
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import msgspec
import yaml

from hub.api import Box, Event, MotionStarted, State, StateChanged, StoredRow, ZoneEntered, ZoneLeft
from hub.app.actions import SPECS
from hub.app.bare import open_storage
from hub.plugins import Registry
from hub.settings import open_configuration
from hub.testing.backtest import backtest

DAYS = 7
CAMERAS = 8
EVENTS = 100_000
AUTOMATIONS = 40
BATCH = 5000
START = datetime(2026, 6, 1, tzinfo=UTC)


def written(folder: Path) -> None:
    """Write a configuration."""
    zone = {"door": {"polygon": [[0, 0], [1, 0], [1, 1]]}}
    automations = [
        {
            "alias": f"Automation {at}",
            "mode": "restart",
            "triggers": [
                {"trigger": "zone", "camera": f"cam{at % CAMERAS}", "zone": "door"},
                {"trigger": "state", "entity_id": "input_boolean.guests", "to": "on", "for": 60},
            ],
            "conditions": "{{ trigger.id == '1' or trigger.score > 0.5 }}",
            "actions": [
                {"action": "notify.log", "data": {"message": "{{ trigger.description }}"}},
                {"delay": 30},
                {"action": "notify.log", "data": {"message": "later"}},
            ],
        }
        for at in range(AUTOMATIONS)
    ]
    main = {
        "hub": {"data": "data", "time_zone": "UTC"},
        "cameras": {f"cam{at}": {"platform": "demo", "zones": zone} for at in range(CAMERAS)},
        "input_boolean": {"guests": {}},
        "sql": {"keep": 0},
        "automation": automations,
    }
    (folder / "configuration.yaml").write_text(yaml.safe_dump(main))
    (folder / "data").mkdir()


def event(random: Random, now: datetime) -> Event:
    """Return something that happens in a home."""
    camera = f"cam{random.randrange(CAMERAS)}"
    kind = random.random()
    if kind < 0.4:
        return MotionStarted(camera=camera, captured=now)
    if kind < 0.7:
        value = str(random.randrange(100))
        old, new = (
            State(entity=f"sensor.{camera}_lux", state=each, changed=now, updated=now)
            for each in ("0", value)
        )
        return StateChanged(entity=f"sensor.{camera}_lux", old=old, new=new)
    facts = {
        "camera": camera, "zone": "door", "object": "person", "track": "t", "count": 1,
        "score": random.random(), "box": Box(0, 0, 1, 1), "captured": now,
    }  # fmt: skip
    return ZoneEntered(**facts) if kind < 0.85 else ZoneLeft(**facts, seconds=3.0)


async def measure(folder: Path) -> dict[str, float]:
    """Fill a journal and go through it."""
    settings = open_configuration(folder, os.environ, Registry.discover(), SPECS)
    assert not settings.problems, settings.problems[0]
    random, step = Random(1), timedelta(days=DAYS) / EVENTS
    async with open_storage(settings) as storage:
        for first in range(0, EVENTS, BATCH):
            rows = []
            for number in range(first + 1, first + BATCH + 1):
                now = START + number * step
                made = msgspec.structs.replace(event(random, now), sequence=number, time=now)
                body = msgspec.json.encode(made)
                rows.append(StoredRow(sequence=number, time=now, type=made.type, body=body))
            await storage.append(rows, {})
        began = time.perf_counter()
        end = START + timedelta(days=DAYS, hours=1)
        outcome = await backtest(settings, storage, START, end, lambda _: None)
        took = time.perf_counter() - began
    assert outcome.events == EVENTS, outcome.events
    assert outcome.pairs
    return {"seconds": took, "runs": len(outcome.pairs), "times": DAYS * 86400 / took}


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        written(Path(folder))
        found = asyncio.run(measure(Path(folder)))
    figures = {key: round(each) for key, each in found.items()}
    print(json.dumps({"benchmark": "backtest", "days": DAYS, "events": EVENTS, **figures}))


if __name__ == "__main__":
    main()
