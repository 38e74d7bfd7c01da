"""One child process of the hub: started with a channel to it, its output logged, ended."""

import asyncio
import contextlib
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from typing import Any, Final, Generic, Self, TypeVar

from hub.core.wire import Channel

In = TypeVar("In")

Say = Callable[[str], None]
"""Told each line that a child prints."""

# What a child gets to end by itself, then after SIGTERM, and after SIGKILL to be buried. The
# whole hub is to be gone within five seconds.
_PATIENCE: Final = {None: 2.5, signal.SIGTERM: 0.5, signal.SIGKILL: 1.0}  # seconds
# A codec that complains about every frame shall not drown the log.
_LINES: Final = 20  # lines a second
_WIDTH: Final = 2000  # characters of a line that are worth keeping


class Child(Generic[In]):
    """``python -m module FD arguments``, where FD is its end of the channel."""

    def __init__(
        self, process: asyncio.subprocess.Process, channel: Channel[In], printed: "Printed"
    ) -> None:
        self.process = process
        self.channel = channel
        self._printing = asyncio.ensure_future(printed.relay())

    @classmethod
    async def spawn(cls, command: Sequence[str], kind: Any, say: Say) -> Self:
        """Start a child; raises ``OSError`` when the machine cannot."""
        ours, theirs = socket.socketpair()
        output, printed = socket.socketpair()
        module, *arguments = command
        with theirs, printed, contextlib.ExitStack() as ends:
            ends.enter_context(ours)
            ends.enter_context(output)
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", module, str(theirs.fileno()), *arguments),
                pass_fds=(theirs.fileno(),),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=printed.fileno(),
                stderr=printed.fileno(),
                process_group=0,  # Ctrl-C at the terminal is for the hub alone
            )
            try:
                channel: Channel[In] = await Channel.over(ours, kind)
                reader, writer = await asyncio.open_unix_connection(sock=output)
            except BaseException:  # the hub stops just now: nobody else knows of this child
                process.kill()
                await process.wait()
                raise
            ends.pop_all()
        return cls(process, channel, Printed(reader, writer, say))

    def kill(self) -> None:
        """End the child at once; ``end`` still has to be called."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()

    async def end(self) -> str:
        """Let go of the child, gently first; return in words how it ended."""
        self.channel.close()
        for force, patience in _PATIENCE.items():
            if force is not None:
                with contextlib.suppress(ProcessLookupError):
                    self.process.send_signal(force)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.process.wait(), patience)
                break
        await asyncio.wait([self._printing], timeout=1)  # a grandchild may hold its output
        self._printing.cancel()
        return self._ended()

    def _ended(self) -> str:
        code = self.process.returncode
        if code is None:
            return "cannot be ended"
        if code >= 0:
            return f"ended with code {code}"
        return f"was ended by {signal.Signals(-code).name}"


class Printed:
    """What a child prints, line by line into the hub's log, so much a second at most."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, say: Say
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._tell = say
        self._second = 0
        self._lines = 0

    async def relay(self) -> None:
        """Log until the child's output ends."""
        kept = b""
        try:
            while data := await self._reader.read(64 * 1024):
                *lines, kept = (kept + data).split(b"\n")
                for line in lines:
                    self._say(line)
                kept = kept[:_WIDTH]
        finally:
            self._say(kept)
            self._left_out()
            self._writer.close()

    def _say(self, line: bytes) -> None:
        text = line.decode(errors="replace")[:_WIDTH].rstrip()
        second = int(asyncio.get_running_loop().time())
        if second != self._second:
            self._left_out()
            self._second, self._lines = second, 0
        self._lines += bool(text)
        if text and self._lines <= _LINES:
            self._tell(text)

    def _left_out(self) -> None:
        if self._lines > _LINES:
            self._tell(f"({self._lines - _LINES} more lines within this second)")
