"""What every notifier can be asked for: ``notify.NAME`` with a message."""

from hub.api import ActionSpec
from hub.settings.sections import MESSAGE


def notify_action(name: str) -> ActionSpec:
    """Return the action that brings a message to a notifier."""
    words = f"Send a message by way of {name}."
    return ActionSpec(name=f"notify.{name}", description=words, schema=MESSAGE)
