"""The child's side of a worker process: a channel to the hub, logging over it, no orphans.

``python -m hub.ingest FD ...`` calls ``serve``. The process ends when the hub closes the
channel, when it is told to (SIGTERM), and when the hub dies, however stuck it is itself.
"""

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Coroutine, Sequence
from time import sleep
from typing import Any, Final, TypeVar

from hub.core.logs import described
from hub.core.wire import Channel

In = TypeVar("In")

MakeNote = Callable[[int, str], object]
"""Makes the message that carries a log line: its level, and its text."""

LEVEL: Final = "WATCHPOST_LOG"
"""The environment variable with the level of this process's logging."""

# How long a worker whose hub has died may take to end by itself.
_GRACE: Final = 3.0  # seconds
# Above this the hub does not keep up, and lines are worth less than facts.
_CROWDED: Final = 1024 * 1024  # bytes


def serve(
    kind: Any,
    main: Callable[[Channel[In], Sequence[str]], Coroutine[object, object, None]],
    *,
    note: MakeNote,
) -> None:
    """Run ``main(channel, arguments)`` until it returns; ``kind`` is the union of what comes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the hub's business
    threading.Thread(target=_outlive_nobody, args=(os.getppid(),), daemon=True).start()
    end = socket.socket(fileno=int(sys.argv[1]))
    end.set_inheritable(False)
    asyncio.run(_run(end, kind, main, note))
    sys.stderr.flush()
    # Without Python's own farewell: cameras' threads may be inside native code, which aborts
    # when its libraries are taken down around it.
    os._exit(0)


async def _run(
    end: socket.socket,
    kind: Any,
    main: Callable[[Channel[In], Sequence[str]], Coroutine[object, object, None]],
    note: MakeNote,
) -> None:
    channel: Channel[In] = await Channel.over(end, kind)
    task = asyncio.ensure_future(main(channel, sys.argv[2:]))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    _log_to(_ToHub(channel, note))
    try:
        with contextlib.suppress(asyncio.CancelledError):
            await task
    finally:
        channel.close()


def _log_to(handler: logging.Handler) -> None:
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(os.environ.get(LEVEL, "INFO"))
    logging.captureWarnings(capture=True)


class _ToHub(logging.Handler):
    """Sends every record over the channel, from whatever thread it comes."""

    def __init__(self, channel: Channel[Any], note: MakeNote) -> None:
        super().__init__()
        self._channel = channel
        self._note = note
        self._loop = asyncio.get_running_loop()

    def emit(self, record: logging.LogRecord) -> None:
        message = self._note(record.levelno, f"{record.name}: {described(record)}")
        with contextlib.suppress(RuntimeError):  # the loop has ended, and the channel with it
            self._loop.call_soon_threadsafe(self._send, message)

    def _send(self, message: object) -> None:
        if self._channel.backlog < _CROWDED:
            self._channel.send(message)


def _outlive_nobody(hub: int) -> None:
    """End this process when the hub has died, even if its loop or an import hangs."""
    while os.getppid() == hub:
        sleep(1)
    sleep(_GRACE)
    os._exit(1)
