"""An automation as it was read: frozen, ready to be run."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from automations.reading import Test, Value
from automations.steps import Sequence
from automations.triggers.listing import Source


class Mode(enum.StrEnum):
    """What happens when a trigger matches while a run goes on."""

    SINGLE = "single"
    """Nothing."""
    RESTART = "restart"
    """The run is cancelled and another begins."""
    QUEUED = "queued"
    """Another begins when the run has ended."""
    PARALLEL = "parallel"
    """Another begins at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One automation.

    ``limit`` is how many runs there may be at once, in a queue the waiting ones included;
    ``loudness`` is the log level (none: silent) at which a run that is refused is told;
    ``digest`` differs when the automation is written differently; ``stored`` is how many runs,
    and how many near misses, are kept for looking at.
    """

    entity: str
    identity: str | None
    name: str
    mode: Mode
    limit: int
    loudness: int | None
    starts_on: bool | None
    sources: tuple[Source, ...]
    conditions: Test
    actions: Sequence
    variables: Mapping[str, Value]
    digest: str
    stored: int
