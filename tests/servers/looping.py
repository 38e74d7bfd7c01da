"""A server on an event loop in a thread of its own, so that tests may be synchronous or not."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, Self, TypeVar

T = TypeVar("T")

USER, PASSWORD = "viewer", "secret"


class ThreadServer:
    """Listens on a loopback port between ``start`` and ``stop``; the port stays the same."""

    def __init__(self) -> None:
        self.port = 0
        self.connections = 0
        self.frozen = False
        self._moving = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *error: object) -> None:
        self.stop()

    def start(self) -> Self:
        """Listen (again); returns when connections are accepted."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._do(self._listen())
        return self

    def stop(self) -> None:
        """Reset every connection and listen no more, as a killed server does."""
        if self._loop is None or self._thread is None:
            return
        self._do(self._unlisten())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._loop = self._thread = None

    def freeze(self) -> None:
        """Send nothing more and answer nothing, but keep the connections open."""
        self.frozen = True
        self._call(self._moving.clear)

    def thaw(self) -> None:
        """Go on."""
        self.frozen = False
        self._call(self._moving.set)

    async def moving(self) -> None:
        """Wait while the server is frozen."""
        await self._moving.wait()

    def drop(self) -> None:
        """Reset every connection and go on listening."""
        self._call(self._abort)

    def hang_up(self) -> None:
        """Close every connection in the orderly way and go on listening."""
        self._call(lambda: [each.close() for each in self._writers])

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Speak with one client; to be defined by each server."""
        raise NotImplementedError

    async def _listen(self) -> None:
        self.frozen = False
        self._moving.set()
        self._server = await asyncio.start_server(
            self._connected, "127.0.0.1", self.port, limit=2**20, ssl=self.tls()
        )
        self.port = self._server.sockets[0].getsockname()[1]

    def tls(self) -> Any:
        """Return the TLS context to serve with, if any."""
        return None

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.connections += 1
        self._writers.add(writer)
        self._tasks.add(task)
        try:
            await self.serve(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            self._writers.discard(writer)
            writer.close()

    async def _unlisten(self) -> None:
        assert self._server is not None
        self._server.close()
        self._moving.set()
        self._abort()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        await self._server.wait_closed()
        await asyncio.sleep(0)

    def _abort(self) -> None:
        for writer in list(self._writers):
            writer.transport.abort()

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        assert self._loop is not None
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    def _call(self, work: Callable[[], object]) -> None:
        if self._loop is None:
            return

        async def run() -> None:
            work()

        self._do(run())
