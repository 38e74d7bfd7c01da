"""What plugins may add to the automation language: triggers and conditions.

Actions need nothing here: every action registered with the hub can be called.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import ClassVar

from hub.api.clock import Cancel
from hub.api.components import Options
from hub.api.context import Context
from hub.api.events import Event
from hub.api.known import Described

Fire = Callable[[Mapping[str, object], Event | None], None]
"""Called by a trigger that matched: what ``trigger`` shall hold in templates, and the event."""


class Trigger(Described, ABC):
    """Starts runs of an automation. ``KEY`` is the word after ``trigger:`` in YAML."""

    GIVES: ClassVar[frozenset[str] | None] = None
    """What ``trigger`` holds in templates, beside what every trigger gives (``id`` and so on).

    None means that it is known only when it fires; then no template is told that it is wrong.
    """

    VALUE: ClassVar[str] = ""
    """What it gives that ``value_template`` may compute anew (``payload``); none for empty.

    An option of the same name is then compared with what was computed.
    """

    def __init__(self, options: Options, context: Context) -> None:
        self.options = options
        self.context = context

    @abstractmethod
    def attach(self, fire: Fire) -> Cancel:
        """Begin to watch; return what stops it."""


class Condition(Described, ABC):
    """Lets a run through or not. ``KEY`` is the word after ``condition:`` in YAML."""

    def __init__(self, options: Options, context: Context) -> None:
        self.options = options
        self.context = context

    @abstractmethod
    def holds(self, variables: Mapping[str, object]) -> bool:
        """Say whether it holds now; ``variables`` are the run's."""

    def explain(self, variables: Mapping[str, object]) -> str:
        """Say what it finds now, for a trace: ``light.hall is 'off', not 'on'``."""
        return ""
