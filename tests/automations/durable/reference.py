"""What automations mean, written down once more and as simply as can be, to compare with.

Time is a number, a run is a few generators, and nothing ever restarts.
"""

import heapq
from collections import deque
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

Program = Sequence[tuple[Any, ...]]
"""Steps: ``(note, text)``, ``(delay, s)``, ``(go, s)``, ``(branch, bool, yes, no)``,
``(repeat, times, steps)``, ``(parallel, [steps, ...])``."""

Work = Generator[Any, bool, None]


@dataclass
class _Run:
    """One run; tasks of a run that was cancelled are not gone on with."""

    name: str
    cancelled: bool = False


@dataclass
class _Task:
    run: _Run
    work: Work
    done: Callable[[], None]


@dataclass
class Reference:
    """Runs one automation: ``trigger``, ``go`` and ``advance``; ``notes`` is what it did."""

    program: Program
    mode: str
    limit: int
    time: float = 0.0
    notes: list[tuple[float, str]] = field(default_factory=list)
    _running: list[_Run] = field(default_factory=list)
    _queue: deque[str] = field(default_factory=deque)
    _timers: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    _going: list[Callable[[bool], None]] = field(default_factory=list)
    _order: Callable[[], int] = field(default_factory=lambda: count().__next__)

    @property
    def busy(self) -> bool:
        """Whether a run goes on or waits for its turn."""
        return bool(self._running or self._queue)

    def trigger(self, name: str) -> None:
        """Let the trigger match."""
        busy = len(self._running) + len(self._queue)
        if not busy:
            self._begin(name)
        elif self.mode == "restart":
            for each in self._running:
                each.cancelled = True
            self._running.clear()
            self._begin(name)
        elif self.mode == "single" or busy >= self.limit:
            return
        elif self.mode == "queued":
            self._queue.append(name)
        else:
            self._begin(name)

    def go(self) -> None:
        """Let happen what runs wait for."""
        going, self._going = self._going, []
        for each in going:
            each(True)

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        end = self.time + seconds
        while self._timers and self._timers[0][0] <= end:
            self.time, _, callback = heapq.heappop(self._timers)
            callback()
        self.time = end

    def _begin(self, name: str) -> None:
        run = _Run(name)
        self._running.append(run)
        self._drive(_Task(run, self._do(self.program, run), lambda: self._end(run)), False)

    def _end(self, run: _Run) -> None:
        self._running.remove(run)
        if self._queue and not self._running:
            self._begin(self._queue.popleft())

    def _drive(self, task: _Task, happened: bool) -> None:
        if task.run.cancelled:
            return
        try:
            asked = next(task.work) if not happened else task.work.send(True)
        except StopIteration:
            task.done()
            return
        if isinstance(asked, list):
            self._together(task, asked)
        else:
            self._wait(task, *asked)

    def _wait(self, task: _Task, seconds: float, for_go: bool) -> None:
        over = False

        def wake(happened: bool) -> None:
            nonlocal over
            if not over:
                over = True
                self._drive(task, happened)

        if for_go:
            self._going.append(wake)
        heapq.heappush(self._timers, (self.time + seconds, self._order(), lambda: wake(False)))

    def _together(self, task: _Task, programs: list[Program]) -> None:
        left = len(programs)

        def done() -> None:
            nonlocal left
            left -= 1
            if left == 0:
                self._drive(task, False)

        for each in programs:
            self._drive(_Task(task.run, self._do(each, task.run), done), False)

    def _do(self, program: Program, run: _Run) -> Work:
        for kind, *rest in program:
            if kind == "note":
                self.notes.append((self.time, f"{run.name}:{rest[0]}"))
            elif kind == "delay":
                yield rest[0], False
            elif kind == "go":
                happened = yield rest[0], True
                self.notes.append((self.time, f"{run.name}:{'went' if happened else 'late'}"))
            elif kind == "parallel":
                yield rest[0]
            else:
                yield from self._deeper(kind, run, *rest)

    def _deeper(self, kind: str, run: _Run, what: int, first: Program, *other: Program) -> Work:
        if kind == "branch":
            yield from self._do(first if what else other[0], run)
            return
        for _ in range(what):
            yield from self._do(first, run)
