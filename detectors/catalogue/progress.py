"""Downloads as somebody at a terminal sees them; a log gets one line."""

import logging
import sys
from types import TracebackType
from typing import TYPE_CHECKING, Self

from hub.api import Progress

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

_log = logging.getLogger(__name__)
_MB = 1e6  # bytes


class Downloads:
    """Shows a bar for each download on standard error, from its first byte on."""

    def __init__(self) -> None:
        self._bars: Bars | None = _bars() if sys.stderr.isatty() else None
        self._tasks: dict[str, TaskID | None] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bars is not None:
            self._bars.stop()

    def of(self, name: str) -> Progress:
        """Return what is to be told of one download."""
        return lambda done, total: self._advance(name, done, total)

    def _advance(self, name: str, done: int, total: int) -> None:
        if name not in self._tasks:
            self._tasks[name] = self._begin(name, total)
        task = self._tasks[name]
        if self._bars is not None and task is not None:
            self._bars.update(task, completed=done)

    def _begin(self, name: str, total: int) -> "TaskID | None":
        if self._bars is None:
            _log.info("Downloading %s (%.1f MB)", name, total / _MB)
            return None
        self._bars.start()
        return self._bars.add_task(name, total=total)


def _bars() -> "Bars":
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        console=Console(stderr=True),
    )
