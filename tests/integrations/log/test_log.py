"""A message becomes one line of the log."""

import asyncio
import logging
from pathlib import Path

import pytest

from hub.api import Message
from hub.testing import TestHub
from integrations.log import LogNotifier


async def send(message: Message) -> None:
    async with TestHub() as hub:
        notifier = await hub.service(LogNotifier, name="notify.log")
        await notifier.send(message)


@pytest.mark.parametrize(
    ("message", "line"),
    [
        (Message(text="Someone is at the door"), "Someone is at the door"),
        (Message(text="At the door", title="Porch"), "Porch: At the door"),
        (Message(text="one\ntwo"), "one / two"),
        (Message(text="one\r\nERROR forged\x1b[31m line"), "one / ERROR forged[31m line"),
        (Message(text="100 %s sure"), "100 %s sure"),
        (Message(text="See", image=Path("/m/a.jpg")), "See (picture: /m/a.jpg)"),
    ],
)
def test_a_message_is_one_line_at_level_info(
    message: Message, line: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    asyncio.run(send(message))
    (record,) = [each for each in caplog.records if each.name == "notify"]
    assert (record.levelno, record.getMessage()) == (logging.INFO, line)
