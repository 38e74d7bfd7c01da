"""What is said about each model: whether its file is here, and right."""

import asyncio
from collections.abc import Iterable, Sequence

from msgspec import Struct

from detectors.catalogue.progress import Downloads
from detectors.catalogue.store import Store
from hub.api import HubError, ModelEntry

# More at once do not come faster over a home's line.
_AT_ONCE = 3


class Row(Struct, frozen=True, kw_only=True):
    """One model: ``state`` is ``ready``, ``absent``, ``damaged`` or ``failed``."""

    name: str
    state: str
    path: str | None = None
    words: str = ""


def look(store: Store, entry: ModelEntry) -> Row:
    """Check what is here of one model; a damaged copy matters also beside a right one."""
    found = store.found(entry)
    damaged = [each for each in found if not each.right]
    if damaged:
        words = (
            f"{damaged[0].path} is damaged: its sha256 is not {damaged[0].wanted.sha256}. "
            "Copy it again, or delete it to have it fetched"
        )
        return Row(name=entry.name, state="damaged", path=str(damaged[0].path), words=words)
    if path := store.here(entry):
        return Row(name=entry.name, state="ready", path=str(path))
    here = {each.wanted.file for each in found}
    missing = [each.file for each in entry.files if each.file not in here]
    words = f"{found[0].path} is here, but not {' and '.join(missing)}" if found else ""
    return Row(name=entry.name, state="absent", words=words)


async def pull(store: Store, entries: Iterable[ModelEntry]) -> Sequence[Row]:
    """Fetch models, a few at once; one that cannot be had does not stop the others."""
    few = asyncio.Semaphore(_AT_ONCE)
    with Downloads() as shown:

        async def one(entry: ModelEntry) -> Row:
            async with few:
                return await _pull_one(store, entry, shown)

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(entry)) for entry in entries]
    return [task.result() for task in tasks]


async def _pull_one(store: Store, entry: ModelEntry, shown: Downloads) -> Row:
    try:
        path = await store.path(entry.name, shown.of(entry.name))
    except HubError as error:
        return Row(name=entry.name, state="failed", words=str(error))
    return Row(name=entry.name, state="ready", path=str(path))
