"""Model files by name: in the user's folder, in the cache, or fetched into it and checked."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from detectors.catalogue import entries
from detectors.catalogue.files import Part, alone, is_right, sha256
from detectors.catalogue.sources import Patience, Sources
from hub.api import ModelEntry, ModelStore, NotReady, Progress, Rejected

if TYPE_CHECKING:
    from detectors.catalogue.download import Order

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A model's file, and whether it is what the catalogue means."""

    path: Path
    right: bool


class Store(ModelStore):
    """The catalogue on this machine."""

    def __init__(self, sources: Sources, patience: Patience | None = None) -> None:
        self.sources = sources
        self._patience = patience or Patience()

    def entries(self) -> Sequence[ModelEntry]:
        return tuple(entries.read().values())

    def entry(self, name: str) -> ModelEntry:
        return entries.entry(name)

    def labels(self, name: str) -> Sequence[str]:
        return entries.labels(name)

    async def path(self, name: str, progress: Progress | None = None) -> Path:
        entry = self.entry(name)
        if here := await asyncio.to_thread(self._here, entry):
            return here
        if self.sources.offline:
            raise NotReady(self._advice(entry, "is not here, and offline nothing is downloaded"))
        try:
            return await self._pull(entry, progress or _nobody)
        except NotReady as error:
            raise NotReady(self._advice(entry, f"could not be downloaded: {error}")) from error
        except Rejected as error:
            raise Rejected(self._advice(entry, f"could not be downloaded: {error}")) from error
        except OSError as error:
            raise NotReady(f"{name} could not be stored: {error}") from error

    def found(self, entry: ModelEntry) -> Sequence[Found]:
        """Return every copy of a model, checked; it reads them whole."""
        return [
            Found(path=path, right=is_right(path, entry))
            for path in self.places(entry)
            if path.is_file()
        ]

    def places(self, entry: ModelEntry) -> Sequence[Path]:
        """Return where a model is looked for, in order."""
        folders = filter(None, (self.sources.folder, self.sources.cache))
        return [folder / entry.file for folder in folders]

    def _here(self, entry: ModelEntry) -> Path | None:
        for path in self.places(entry):
            if not path.is_file():
                continue
            if is_right(path, entry):
                return path
            if path.parent == self.sources.folder:
                raise Rejected(
                    f"{path} is not the {entry.name} of the catalogue: "
                    f"its sha256 is {sha256(path)}, not {entry.sha256}"
                )
            _log.warning("%s is damaged and will not be used", path)
        return None

    async def _pull(self, entry: ModelEntry, progress: Progress) -> Path:
        self.sources.cache.mkdir(parents=True, exist_ok=True)
        path = self.sources.cache / entry.file
        async with alone(path.with_name(f"{entry.file}.lock")):
            if path.is_file() and await asyncio.to_thread(is_right, path, entry):
                return path  # another process was faster
            part = Part(path.with_name(f"{entry.file}.{entry.sha256[:8]}.part"))
            try:
                await self._fill(part, entry, progress)
                await asyncio.to_thread(part.publish, path)
            finally:
                part.close()
        return path

    async def _fill(self, part: Part, entry: ModelEntry, progress: Progress) -> None:
        from detectors.catalogue.download import Order, fetch

        resumed = part.size > 0
        order = Order(
            address=self.sources.address(entry),
            entry=entry,
            part=part,
            progress=progress,
            patience=self._patience,
        )
        try:
            await fetch(order)
            if resumed and not await _is_right(part, entry):
                part.restart()  # what was kept may have been of another file
                await fetch(order)
            await _demand(part, order)
        except Rejected:
            part.discard()
            raise

    def _advice(self, entry: ModelEntry, words: str) -> str:
        folder = self.sources.folder or self.sources.cache
        return (
            f"{entry.name} {words}. Put {entry.file} (sha256 {entry.sha256}) into {folder}, "
            "or let WATCHPOST_MODELS name a folder or a mirror that has it"
        )


async def _demand(part: Part, order: "Order") -> None:
    if await _is_right(part, order.entry):
        return
    got = await asyncio.to_thread(sha256, part.path)
    raise Rejected(
        f"what {order.host} sent is not the file of the catalogue "
        f"(its sha256 is {got}, not {order.entry.sha256})"
    )


async def _is_right(part: Part, entry: ModelEntry) -> bool:
    part.settle()
    return await asyncio.to_thread(is_right, part.path, entry)


def _nobody(_: int, __: int) -> None:
    """Nobody wants to know."""
