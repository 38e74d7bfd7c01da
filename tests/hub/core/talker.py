"""A worker for tests: what it does wrong is its first argument."""

import asyncio
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence

from msgspec import Struct

from hub.core.wire import Channel
from hub.core.workers import serve


class Ask(Struct, frozen=True, tag="ask"):
    text: str


class Beat(Struct, frozen=True, tag="beat"):
    pid: int


class Note(Struct, frozen=True, tag="note"):
    level: int
    text: str


class Echo(Struct, frozen=True, tag="echo"):
    text: str
    arguments: list[str]


FromTalker = Beat | Note | Echo


async def main(channel: Channel[Ask], arguments: Sequence[str]) -> None:
    channel.send(Beat(os.getpid()))
    await MODES[arguments[0]](channel, arguments)


async def talk(channel: Channel[Ask], arguments: Sequence[str]) -> None:
    beating = asyncio.ensure_future(beat(channel))
    async for message in channel:
        channel.send(Echo(message.text, list(arguments)))
    beating.cancel()


async def beat(channel: Channel[Ask]) -> None:
    while True:
        await asyncio.sleep(0.1)
        channel.send(Beat(os.getpid()))


async def hang(channel: Channel[Ask], arguments: Sequence[str]) -> None:
    time.sleep(3600)  # noqa: ASYNC251 - that is what is wrong with it


async def garbage(channel: Channel[Ask], arguments: Sequence[str]) -> None:
    channel.send({"type": "nobody knows this"})
    await asyncio.sleep(3600)


async def leave(channel: Channel[Ask], arguments: Sequence[str]) -> None:
    sys.exit(3)


async def moan(channel: Channel[Ask], arguments: Sequence[str]) -> None:
    os.write(2, b"its last words\n")
    sys.exit(3)


async def chatter(channel: Channel[Ask], arguments: Sequence[str]) -> None:
    print("cannot open rtsp://viewer:hush-hush@10.0.0.7/sub", flush=True)
    os.write(2, b"noise \x1b[31m of a C++ library\n" * 100)
    log = logging.getLogger("codec")
    log.warning("too many\nsurprises")
    threading.Thread(target=log.info, args=("from a thread",)).start()
    try:
        int("http://admin:hush-hush@host/")
    except ValueError:
        log.exception("It failed")
    await talk(channel, arguments)


async def stubborn(channel: Channel[Ask], arguments: Sequence[str]) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    channel.send(Echo("stubborn", []))
    time.sleep(3600)  # noqa: ASYNC251


MODES = {each.__name__: each for each in (talk, hang, garbage, leave, moan, chatter, stubborn)}

if __name__ == "__main__":
    serve(Ask, main, note=lambda level, text: Note(level=level, text=text))
