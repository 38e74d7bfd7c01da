"""The time as plugins see it, so that tests can turn it."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

Cancel = Callable[[], None]
"""Undoes what returned it; calling it twice does nothing."""


class Clock(Protocol):
    """Wall time, monotonic time and timers."""

    def now(self) -> datetime:
        """Return the wall time, aware, in UTC."""

    def monotonic(self) -> float:
        """Return seconds that never go back."""

    async def sleep(self, seconds: float) -> None:
        """Wait."""

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Cancel:
        """Call back once, after some seconds."""

    def call_at(self, when: datetime, callback: Callable[[], None]) -> Cancel:
        """Call back once the wall clock shows ``when``, also when it is set forward meanwhile."""
