"""What our own triggers share: a place to name in the log, and how a time span is read."""

import logging
from collections.abc import Mapping

from automations.holding import Keep
from hub.api import Context, HubError, Options, Trigger

_log = logging.getLogger("automations.triggers")


class OwnTrigger(Trigger):
    """A trigger of the language itself; ``where`` says where it stands."""

    def __init__(self, options: Options, context: Context) -> None:
        super().__init__(options, context)
        self.where = f"trigger {self.KEY}"
        self.keep: Keep | None = None
        self._said: set[str] = set()

    def place(self, where: str) -> None:
        """Say where it stands."""
        self.where = where

    def failed(self, error: HubError) -> None:
        """Log what kept it from telling whether it matches, once for each cause."""
        if str(error) not in self._said:
            self._said.add(str(error))
            _log.warning("%s: %s", self.where, error)


Given = Mapping[str, object]
"""What ``trigger`` shall hold beside what every trigger gives."""
