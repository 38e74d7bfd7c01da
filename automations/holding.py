"""What triggers hold ``for:`` a while, on its way into the ledger and back."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from automations.ledger import HOLD, Ledger, Row
from automations.packing import pack, unpack
from hub.api import Clock


class Held(Struct, frozen=True):
    """Something that was held when the hub ended: since when, how long it must be, and why."""

    began: datetime
    seconds: float
    memo: Any

    def left(self, clock: Clock) -> float:
        """Return how many seconds are left of it; the time without a hub counts."""
        passed = (clock.now() - self.began).total_seconds()
        return min(max(self.seconds - passed, 0.0), self.seconds)


class Keep:
    """What one trigger holds ``for:`` a while, by name."""

    def __init__(
        self, ledger: Ledger, owner: str, digest: str, prefix: str, rows: dict[str, Any]
    ) -> None:
        self._ledger = ledger
        self._owner = owner
        self._digest = digest
        self._prefix = prefix
        self._rows = rows

    def taken(self) -> dict[str, Held]:
        """Return what was held when the hub ended; only the first who asks gets it."""
        rows, self._rows = self._rows, {}
        return {
            name: Held(moment(body["began"]), body["seconds"], unpack(body["memo"]))
            for name, body in rows.items()
        }

    def write(self, name: str, held: Held) -> None:
        """Keep that something is held."""
        began = held.began.timestamp()
        body = {"began": began, "seconds": held.seconds, "memo": pack(held.memo)}
        self._ledger.write(Row(HOLD, self._prefix + name, self._owner, self._digest, body))

    def drop(self, name: str) -> None:
        """Keep it no longer."""
        self._ledger.drop(HOLD, self._prefix + name)


Keeping = Callable[[str], Keep]
"""Gives a trigger what keeps its holds, by the trigger's place."""


def moment(stamp: float) -> datetime:
    """Return a time that is kept as seconds since 1970."""
    return datetime.fromtimestamp(stamp, UTC)
