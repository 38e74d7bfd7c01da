"""A coroutine that is begun at once, and becomes a task only if it has to wait.

Most runs call something and are done; a task for each would cost more than the run, and a turn
of the event loop. While it has no task yet, code that asks for the current one (a timeout, say)
finds an object here that passes on to the later task what it was asked to do. The calls for
this are those that asyncio documents for task implementations of one's own.
"""

import asyncio
from asyncio import _enter_task, _leave_task
from collections.abc import Callable, Coroutine, Generator
from typing import Any

Spawn = Callable[[Coroutine[object, object, None], str], "asyncio.Task[None]"]


class Eager:
    """Stands in for the task that a coroutine has not needed yet."""

    def __init__(
        self,
        work: Coroutine[Any, Any, None],
        spawn: Spawn,
        name: str,
        waits: Callable[[], None] | None = None,
    ) -> None:
        self._work = work
        self._waits = waits
        self._spawn = spawn
        self._name = name
        self._task: asyncio.Task[None] | None = None
        self._cancels: list[object] = []
        self._done = False

    def begin(self) -> None:
        """Run until the first wait; what the coroutine raises before it is raised here."""
        loop = asyncio.get_running_loop()
        outer = asyncio.current_task(loop)
        if outer is not None:
            _leave_task(loop, outer)
        _enter_task(loop, self)  # type: ignore[arg-type] # it stands in for one
        try:
            waiting = self._work.send(None)
        except StopIteration:
            self._done = True
            return
        except BaseException:
            self._done = True
            raise
        finally:
            _leave_task(loop, self)  # type: ignore[arg-type]
            if outer is not None:
                _enter_task(loop, outer)
        if self._waits is not None:
            self._waits()
        self._hand_over(waiting)

    def cancel(self, msg: object = None) -> bool:
        """Cancel it, now or at its first wait."""
        if self._task is not None:
            return self._task.cancel(msg)
        if not self._done:
            self._cancels.append(msg)
        return not self._done

    def cancelling(self) -> int:
        """Return how often it was cancelled, as a task does."""
        return len(self._cancels) if self._task is None else self._task.cancelling()

    def uncancel(self) -> int:
        """Take back a cancellation, as a task does."""
        if self._task is not None:
            return self._task.uncancel()
        if self._cancels:
            self._cancels.pop()
        return len(self._cancels)

    def done(self) -> bool:
        """Say whether it has ended."""
        return self._done if self._task is None else self._task.done()

    def get_name(self) -> str:
        """Return its name."""
        return self._name

    def get_loop(self) -> asyncio.AbstractEventLoop:
        """Return the loop it runs on."""
        return asyncio.get_running_loop()

    def add_done_callback(self, callback: Callable[[Any], object], **named: Any) -> None:
        """Call back when it ends; only what outlives the first wait can be asked for."""
        if self._task is not None:
            self._task.add_done_callback(callback, **named)

    def _hand_over(self, waiting: object) -> None:
        rest = _Rest(self._work, waiting)
        self._task = self._spawn(rest, self._name)
        # A task that is cancelled before its first step never touches its coroutine.
        self._task.add_done_callback(lambda _: rest.close())
        for msg in self._cancels:
            self._task.cancel(msg)


class _Rest(Coroutine[Any, Any, None]):
    """What is left of a begun coroutine: first it waits for what that was waiting for."""

    def __init__(self, work: Coroutine[Any, Any, None], waiting: object) -> None:
        self._work = work
        self._waiting = waiting
        self._first = True

    def send(self, value: object) -> Any:
        if self._first:
            self._first = False
            return self._waiting
        return self._work.send(value)

    def throw(self, *error: Any) -> Any:
        self._first = False
        return self._work.throw(*error)

    def close(self) -> None:
        self._work.close()

    def __await__(self) -> Generator[Any, Any, None]:
        return _steps(self)


def _steps(rest: _Rest) -> Generator[Any, Any, None]:
    sent: Any = None
    error: BaseException | None = None
    while True:
        try:
            waiting = rest.send(sent) if error is None else rest.throw(error)
        except StopIteration:
            return
        error = None
        try:
            sent = yield waiting
        except GeneratorExit:
            rest.close()
            raise
        except BaseException as raised:  # noqa: BLE001 - handed on to the coroutine
            error, sent = raised, None
