"""Named calls: the same for automations, the web API, MQTT and the command line."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from hub.api.schema import Schema

Answer = Mapping[str, object] | None
"""What an action gives back for ``response_variable``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionSpec:
    """An action's name (``domain.verb``), what it does, its options, and whether it answers."""

    name: str
    description: str
    schema: Schema = field(default_factory=dict)
    answers: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionCall:
    """One call: the validated data, and the sequence of the event that led to it."""

    name: str
    data: Mapping[str, object]
    cause: int | None = None


Handler = Callable[[ActionCall], Awaitable[Answer]]
