"""Messages into the hub's own log, so that ``notify.log`` works before anything is set up."""

import logging
from collections.abc import Iterable

from hub.api import Component, Message, Notifier, hookimpl

_log = logging.getLogger("notify")


class LogNotifier(Notifier):
    """Writes each message as one line at level info."""

    KEY = "log"

    async def send(self, message: Message) -> None:
        words = f"{message.title}: {message.text}" if message.title else message.text
        line = " / ".join(_printable(each) for each in words.splitlines())
        if message.image is not None:
            line += f" (picture: {message.image})"
        _log.info("%s", line)


def _printable(text: str) -> str:
    """Leave out control characters: they could repaint a terminal, or forge a line."""
    return "".join(sign for sign in text if sign.isprintable())


@hookimpl
def hub_components() -> Iterable[type[Component]]:
    return (LogNotifier,)
