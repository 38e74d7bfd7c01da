"""What 1,000 automations cost: to load, to keep, and to reload while the loop goes on.

Prints one JSON object. The configuration is read from files as the hub reads it. A stall is the
longest time in which nothing else could happen on the event loop.
"""

import asyncio
import gc
import json
import os
import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml
from automation import automation

from automations.service import Automations
from hub.app.actions import SPECS
from hub.plugins import Registry
from hub.settings import Settings, open_configuration
from hub.testing import TestHub

COUNT = 1_000
ROUNDS = 5
BEAT = 0.001  # seconds


class Stall:
    """Beats as often as it can and notes the longest time between two beats."""

    def __init__(self) -> None:
        self.longest = 0.0

    async def beat(self) -> None:
        last = time.perf_counter()
        while True:
            await asyncio.sleep(BEAT)
            now = time.perf_counter()
            self.longest = max(self.longest, now - last - BEAT)
            last = now


@contextmanager
def house() -> Iterator[Path]:
    """A configuration of many automations on one camera."""
    zones = {f"zone_{at}": {"polygon": [[0, 0], [1, 0], [1, 1]]} for at in range(COUNT)}
    with tempfile.TemporaryDirectory() as folder:
        camera = {"platform": "demo", "zones": zones}
        main = yaml.safe_dump({"cameras": {"porch": camera}})
        main += "automation: !include automations.yaml\n"
        (Path(folder) / "configuration.yaml").write_text(main)
        several = [automation(f"zone_{at}", at) for at in range(COUNT)]
        for each in several:
            each["actions"] = [{"action": "notify.log", "data": {"message": "{{ trigger.track }}"}}]
        (Path(folder) / "automations.yaml").write_text(yaml.safe_dump(several))
        yield Path(folder)


def read(folder: Path) -> Settings:
    """Read and check the configuration, as a start and a reload do."""
    settings = open_configuration(folder, os.environ, Registry.discover(), SPECS)
    assert not settings.problems, settings.problems[0]
    return settings


async def measure(folder: Path) -> dict[str, float]:
    """Return milliseconds and KiB."""
    read(folder)  # imports
    began = time.perf_counter()
    settings = read(folder)
    read_ms = (time.perf_counter() - began) * 1e3
    options = settings.services["automation"].options
    async with TestHub() as hub:
        hub.known = settings.known
        kept = await memory(hub, options)
        service = Automations(hub.context("automation"), options)
        began = time.perf_counter()
        await service.start()
        start_ms = (time.perf_counter() - began) * 1e3
        gc.collect()
        gc.freeze()  # as the hub does once it is started
        rounds = [await reload(service, folder) for _ in range(ROUNDS)]
        await service.stop()
    stalls = [stall for _, stall in rounds]
    return {
        "read_and_check_ms": read_ms,
        "start_ms": start_ms,
        "kib_per_automation": kept / COUNT / 1024,
        "reload_ms": statistics.median(took for took, _ in rounds),
        "stall_ms_median": statistics.median(stalls),
        "stall_ms_worst": max(stalls),
    }


async def memory(hub: TestHub, options: object) -> int:
    """Return the bytes that started automations take, templates and listeners included."""
    gc.collect()
    tracemalloc.start()
    service = Automations(hub.context("automation"), options)
    await service.start()
    gc.collect()
    kept = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    await service.stop()
    return kept


async def reload(service: Automations, folder: Path) -> tuple[float, float]:
    """Return how long a reload of what is as it was took, and the longest stall, in ms."""
    stall = Stall()
    beating = asyncio.ensure_future(stall.beat())
    await asyncio.sleep(0.05)
    stall.longest = 0.0
    began = time.perf_counter()
    gc.disable()  # as the hub does meanwhile
    again = await asyncio.to_thread(read, folder)
    words = await service.reload(again.services["automation"].options)
    took = (time.perf_counter() - began) * 1e3
    del again
    await asyncio.sleep(0.01)
    gc.freeze()
    gc.enable()
    beating.cancel()
    assert words == f"{COUNT} kept", words
    return took, stall.longest * 1e3


def main() -> None:
    """Measure and print."""
    with house() as folder:
        found = asyncio.run(measure(folder))
    figures = {key: round(each, 1) for key, each in found.items()}
    print(json.dumps({"benchmark": "reload", "automations": COUNT, **figures}))


if __name__ == "__main__":
    main()
