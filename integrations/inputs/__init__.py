"""Values of one's own: switches, numbers, texts, choices, times, buttons, counters, timers, weeks.

Each kind is a section of the configuration, so each is an entry point of this one package.
"""

from collections.abc import Iterable

from hub.api import Component, Event, Service, hookimpl
from integrations.inputs.counter import Counter
from integrations.inputs.input_boolean import InputBoolean
from integrations.inputs.input_button import InputButton
from integrations.inputs.input_datetime import InputDatetime
from integrations.inputs.input_number import InputNumber
from integrations.inputs.input_select import InputSelect
from integrations.inputs.input_text import InputText
from integrations.inputs.schedule import Schedule
from integrations.inputs.timer import EVENTS, Timer


class Offer:
    """What one entry point offers."""

    def __init__(self, kind: type[Service], events: Iterable[type[Event]] = ()) -> None:
        self._kind = kind
        self._events = tuple(events)

    @hookimpl
    def hub_components(self) -> Iterable[type[Component]]:
        """Return the section's service."""
        return (self._kind,)

    @hookimpl
    def hub_events(self) -> Iterable[type[Event]]:
        """Return the events it fires."""
        return self._events


counter = Offer(Counter)
input_boolean = Offer(InputBoolean)
input_button = Offer(InputButton)
input_datetime = Offer(InputDatetime)
input_number = Offer(InputNumber)
input_select = Offer(InputSelect)
input_text = Offer(InputText)
schedule = Offer(Schedule)
timer = Offer(Timer, EVENTS)
