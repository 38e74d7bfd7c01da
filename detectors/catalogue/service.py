"""The catalogue as a part of the hub, for detectors that ask for a model."""

import asyncio
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, ClassVar

import voluptuous as vol

from detectors.catalogue.entries import read
from detectors.catalogue.progress import Downloads
from detectors.catalogue.sources import is_address, sources
from detectors.catalogue.store import Store
from hub.api import (
    Context,
    ModelEntry,
    ModelStore,
    NotReady,
    Options,
    Progress,
    Service,
    schema,
)

# A start waits no longer than this for a download, however steadily it comes; what has arrived
# is kept, and the next try goes on from there.
_START_LIMIT = 60.0  # seconds


def _address(value: object) -> str:
    text = schema.text(value)
    if not is_address(text):
        raise vol.Invalid(f"expected an http or https address, got '{text}'")
    return text


schema.shaped(_address, {"type": "string", "format": "uri", "title": "address"})


class Models(Service, ModelStore):
    """Fetches the models that detectors ask for."""

    KEY = "models"
    SCHEMA: ClassVar[schema.Schema] = {
        schema.optional(
            "folder", "Folder with model files, used in place; relative to the configuration."
        ): schema.text,
        schema.optional(
            "mirror", "Address to fetch model files from, by file name, instead of their own."
        ): _address,
        schema.optional("offline", "Never download anything.", default=False): schema.flag,
    }

    @classmethod
    def models(cls, options: Any) -> Iterable[str]:
        return read()

    def __init__(self, context: Context, options: Options) -> None:
        super().__init__(context, options)
        self._store = Store(sources(os.environ, options, context.paths.config))

    def entries(self) -> Sequence[ModelEntry]:
        return self._store.entries()

    def entry(self, name: str) -> ModelEntry:
        return self._store.entry(name)

    def labels(self, name: str) -> Sequence[str]:
        return self._store.labels(name)

    async def path(self, name: str, progress: Progress | None = None) -> Path:
        with Downloads() as shown:
            try:
                async with asyncio.timeout(_START_LIMIT):
                    return await self._store.path(name, progress or shown.of(name))
            except TimeoutError as error:
                raise NotReady(
                    f"{name} is still not here after {_START_LIMIT:.0f} s; "
                    "the next start goes on with the download"
                ) from error
