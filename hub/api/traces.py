"""Why an automation ran, or did not: what was looked at, what was done, and how long it took."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct


class Finding(Struct, frozen=True, omit_defaults=True):
    """What a condition found.

    ``place`` is where it stands (``conditions 2``), ``words`` what was looked at, such as
    ``light.hall is 'off', not 'on'``. ``result`` is none where it could not be told; ``error``
    says why. ``parts`` are the conditions inside an ``and``, ``or`` or ``not`` that were asked.
    """

    place: str
    words: str
    result: bool | None = None
    error: str = ""
    parts: tuple["Finding", ...] = ()


class TracedStep(Struct, frozen=True, omit_defaults=True):
    """One step of a run.

    ``at`` is in seconds from the run's beginning; ``seconds`` is none while the step goes on.
    ``result`` is ``done``, ``ended`` (a condition among the actions did not hold), ``stopped``,
    ``failed`` or ``running``. ``details`` are what a call was given and answered, which choice
    was taken, what variables became.
    """

    place: str
    what: str
    at: float
    seconds: float | None
    result: str
    error: str = ""
    details: dict[str, object] = {}
    findings: tuple[Finding, ...] = ()


class Trace(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A run, or a near miss: a trigger that matched while a condition did not hold.

    ``kind`` is ``run`` or ``miss``; a run's ``id`` is that of its events. ``event`` is the sequence
    of the event that triggered it, ``chain`` says what led to that, the latest first. ``result`` is
    that of ``automation.finished``, or ``running``, ``interrupted`` (the hub ended) or ``missed``.
    Of near misses that are alike only the first is kept: ``count`` says how many there were,
    ``last`` when.
    """

    id: str
    kind: str
    automation: str
    name: str
    time: datetime
    trigger: str
    event: int | None = None
    chain: tuple[str, ...] = ()
    data: dict[str, object] = {}
    variables: dict[str, object] = {}
    conditions: Finding | None = None
    steps: tuple[TracedStep, ...] = ()
    left_out: int = 0
    result: str = ""
    error: str = ""
    seconds: float | None = None
    count: int = 1
    last: datetime | None = None


class Traces(Protocol):
    """Traces of all automations, in a ring on disk."""

    async def write(self, put: Iterable[Trace], drop: Sequence[str]) -> None:
        """Keep traces, each in place of an older one with its id, and let go of others.

        They are made in a thread: give what makes them as they are asked for.
        """

    async def newest(
        self, *, automation: str = "", kind: str = "", limit: int = 100
    ) -> Sequence[Trace]:
        """Return traces, the newest first; of one automation or kind only, where that is named."""

    async def get(self, id: str) -> Trace | None:  # noqa: A002 - it is the id
        """Return one trace, or none when there is none of this id any more."""
