"""A notifier for whoever reads files."""

import asyncio
import json
from pathlib import Path
from typing import ClassVar

from hub.api import Message, Notifier, Rejected, schema


class TinyNotifier(Notifier):
    """Appends each message to a file, as a line of JSON."""

    KEY = "tiny"
    SCHEMA: ClassVar[schema.Schema] = {
        schema.required("file", "The file to append to."): schema.text,
    }

    async def start(self) -> None:
        folder = Path(self.options["file"]).parent
        if not folder.is_dir():
            raise Rejected(f"there is no folder {folder}")

    async def send(self, message: Message) -> None:
        line = {
            "text": message.text,
            "title": message.title,
            "image": str(message.image) if message.image else None,
        }
        await asyncio.to_thread(self._append, json.dumps(line))

    def _append(self, line: str) -> None:
        with Path(self.options["file"]).open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
