"""Model files by name: in the user's folder, in the cache, or fetched into it and checked."""

import asyncio
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from detectors.catalogue import entries
from detectors.catalogue.files import Part, alone, is_right, sha256
from detectors.catalogue.sources import Patience, Sources
from hub.api import ModelEntry, ModelFile, ModelStore, NotReady, Progress, Rejected

if TYPE_CHECKING:
    from detectors.catalogue.download import Order

_log = logging.getLogger(__name__)


# Folders in folders that are looked into: deep enough for the Open Model Zoo's own layout.
_DEPTH = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A file of a model, and whether it is what the catalogue means by ``wanted``."""

    path: Path
    wanted: ModelFile
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
        if here := await asyncio.to_thread(self._usable, entry):
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
        """Return every file of a model where it belongs, checked; it reads them whole."""
        return [
            Found(path=folder / each.file, wanted=each, right=is_right(folder / each.file, each))
            for folder in self._folders()
            for each in entry.files
            if (folder / each.file).is_file()
        ]

    def here(self, entry: ModelEntry) -> Path | None:
        """Return the file to load, if it and what belongs beside it are here and right."""
        for folder in self._places(entry):
            paths = [folder / each.file for each in entry.files]
            if all(map(Path.is_file, paths)) and all(map(is_right, paths, entry.files)):
                return paths[0]
        return None

    def _usable(self, entry: ModelEntry) -> Path | None:
        """Return the file to load; a wrong one that the user put there is an error."""
        if path := self.here(entry):
            return path
        for each in self.found(entry):
            if each.right:
                continue
            if each.path.parent == self.sources.folder:
                raise Rejected(
                    f"{each.path} is not the {entry.name} of the catalogue: "
                    f"its sha256 is {sha256(each.path)}, not {each.wanted.sha256}: copy it again"
                    ", or delete it to have it fetched"
                )
            _log.warning("%s is damaged and will not be used", each.path)
        return None

    def _folders(self) -> Sequence[Path]:
        """Return the folders that models belong into, in order."""
        return [each for each in (self.sources.folder, self.sources.cache) if each]

    def _places(self, entry: ModelEntry) -> Iterator[Path]:
        """Yield every folder that may hold a model, those inside the user's own too."""
        for folder in self._folders():
            yield folder
            if folder == self.sources.folder:
                for depth in range(1, _DEPTH + 1):
                    deeper = folder.glob("/".join(["*"] * depth + [entry.file]))
                    yield from (each.parent for each in sorted(deeper))

    async def _pull(self, entry: ModelEntry, progress: Progress) -> Path:
        self.sources.cache.mkdir(parents=True, exist_ok=True)
        before = 0
        for each in entry.files:
            await self._pull_one(each, _shifted(progress, before, entry.size))
            before += each.bytes
        return self.sources.cache / entry.file

    async def _pull_one(self, wanted: ModelFile, progress: Progress) -> None:
        path = self.sources.cache / wanted.file
        async with alone(path.with_name(f"{wanted.file}.lock")):
            if path.is_file() and await asyncio.to_thread(is_right, path, wanted):
                return  # another process was faster
            part = Part(path.with_name(f"{wanted.file}.{wanted.sha256[:8]}.part"))
            try:
                await self._fill(part, wanted, progress)
                await asyncio.to_thread(part.publish, path)
            finally:
                part.close()

    async def _fill(self, part: Part, wanted: ModelFile, progress: Progress) -> None:
        from detectors.catalogue.download import Order, fetch

        resumed = part.size > 0
        order = Order(
            address=self.sources.address(wanted),
            file=wanted,
            part=part,
            progress=progress,
            patience=self._patience,
        )
        try:
            await fetch(order)
            if resumed and not await _is_right(part, wanted):
                part.restart()  # what was kept may have been of another file
                await fetch(order)
            await _demand(part, order)
        except Rejected:
            part.discard()
            raise

    def _advice(self, entry: ModelEntry, words: str) -> str:
        folder = self.sources.folder or self.sources.cache
        files = " and ".join(f"{each.file} (sha256 {each.sha256})" for each in entry.files)
        them = "them" if entry.beside else "it"
        return (
            f"{entry.name} {words}. Put {files} into {folder}, "
            f"or let WATCHPOST_MODELS name a folder or a mirror that has {them}"
        )


async def _demand(part: Part, order: "Order") -> None:
    if await _is_right(part, order.file):
        return
    got = await asyncio.to_thread(sha256, part.path)
    raise Rejected(
        f"what {order.host} sent is not the file of the catalogue "
        f"(its sha256 is {got}, not {order.file.sha256})"
    )


async def _is_right(part: Part, wanted: ModelFile) -> bool:
    part.settle()
    return await asyncio.to_thread(is_right, part.path, wanted)


def _shifted(progress: Progress, before: int, total: int) -> Progress:
    """Return what one file of several tells, as part of all of them."""
    return lambda done, _: progress(before + done, total)


def _nobody(_: int, __: int) -> None:
    """Nobody wants to know."""
