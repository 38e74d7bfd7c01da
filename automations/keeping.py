"""Where runs stand, on their way into the ledger and back."""

import hashlib
import logging
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from automations.holding import Keep, moment
from automations.ledger import HOLD, RUN, Ledger, Row
from automations.packing import pack, unpack
from automations.steps import Run

_log = logging.getLogger("automations")

# Part of every digest: raised when positions change their form.
_FORM: Final = "1"


def digest(raw: object) -> str:
    """Return a short text that differs when an automation is written differently."""
    return hashlib.blake2b(f"{_FORM}{raw!r}".encode(), digest_size=12).hexdigest()


class Kept(Struct, frozen=True):
    """A run as the ledger has it; ``begun`` is false for one that still waits for its turn."""

    id: str
    trigger: str
    cause: int | None
    began: datetime
    begun: bool
    position: list[Any]
    variables: dict[str, Any]


class Keeper:
    """Keeps one run. Nothing is written before the run first has to wait."""

    __slots__ = ("_book", "began", "begun", "id", "kept", "root", "trigger")

    def __init__(self, book: "Book", id: str, trigger: str, began: datetime) -> None:  # noqa: A002
        self._book = book
        self.id = id
        self.trigger = trigger
        self.began = began
        self.begun = True
        self.kept = False
        self.root: Run | None = None

    def checkpoint(self) -> None:
        """Write where the run stands; when this returns, a killed hub goes on from here."""
        if self.root is not None:
            self.write(self.root)

    def write(self, run: Run) -> None:
        """Write where a run stands."""
        self.kept = True
        self._book.write_run(
            self.id,
            {
                "trigger": self.trigger,
                "cause": run.cause,
                "began": self.began.timestamp(),
                "begun": self.begun,
                "position": run.position(pack),
                "variables": pack(run.variables),
            },
        )

    def drop(self) -> None:
        """Keep it no longer: it has ended."""
        if self.kept:
            self._book.drop_run(self.id)

    def holds(self, place: str) -> "Keep":
        """Return where a trigger that the run waits for keeps what it holds."""
        return self._book.holds(f"{self.id} {place}")


class Book:
    """What the ledger has for one automation."""

    def __init__(self, ledger: Ledger, owner: str, digest: str, rows: tuple[Row, ...] = ()) -> None:
        self._ledger = ledger
        self._owner = owner
        self._digest = digest
        self._rows = rows

    @property
    def frozen(self) -> bool:
        """Whether the hub stops, so that what is under way will be gone on with."""
        return self._ledger.frozen

    def runs(self) -> tuple[list[Kept], list[Kept]]:
        """Return the runs to go on with, and those of an automation that was changed since."""
        found = [(each, _kept(each)) for each in self._rows if each.kind == RUN]
        same = [kept for row, kept in found if row.digest == self._digest]
        return same, [kept for row, kept in found if row.digest != self._digest]

    def settle(self) -> None:
        """Let go of what was kept for the automation as it was written before."""
        for each in self._rows:
            if each.digest != self._digest:
                self._ledger.drop(each.kind, each.id)

    def write_run(self, id: str, body: object) -> None:  # noqa: A002
        """Keep a run."""
        self._ledger.write(Row(RUN, id, self._owner, self._digest, body))

    def drop_run(self, id: str) -> None:  # noqa: A002
        """Keep a run no longer."""
        self._ledger.drop(RUN, id)

    def holds(self, place: str) -> "Keep":
        """Return where the trigger at a place keeps what it holds."""
        prefix = f"{self._owner} {place} "
        mine = {
            each.id.removeprefix(prefix): each.body
            for each in self._rows
            if each.kind == HOLD and each.digest == self._digest and each.id.startswith(prefix)
        }
        return Keep(self._ledger, self._owner, self._digest, prefix, mine)


def _kept(row: Row) -> Kept:
    body = row.body
    return Kept(
        id=row.id,
        trigger=body["trigger"],
        cause=body["cause"],
        began=moment(body["began"]),
        begun=body["begun"],
        position=unpack(body["position"]),
        variables=unpack(body["variables"]),
    )
