"""What a run is made of: steps in a sequence, the variables they share, how they end.

A run knows where it stands: every sequence and every step that has steps inside it puts a mark on
``Run.marks`` while it is at work, so that the marks together are a path to where the run waits.
After a restart the same steps are entered again, each taking its mark back from ``Run.again``.
"""

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from automations.holding import Keep
from hub.api import Context, HubError

_log = logging.getLogger("automations")


class StepFailed(HubError):
    """A step could not be done; the text says which and why."""


class Stopped(HubError):
    """A ``stop`` step ended the run; ``failed`` when it said that this is an error."""

    def __init__(self, reason: str, failed: bool, response: object = None) -> None:
        super().__init__(reason)
        self.failed = failed
        self.response = response


class Keeper(Protocol):
    """Keeps a run; ``kept`` says whether it has done so yet."""

    kept: bool

    def checkpoint(self) -> None:
        """Write where the run stands; when this returns, a killed hub goes on from here."""

    def drop(self) -> None:
        """Keep it no longer: it has ended."""

    def holds(self, place: str) -> Keep:
        """Return where a trigger that the run waits for keeps what it holds."""


Details = Mapping[str, Any]
"""What a step did, for a trace: live values, which nobody changes afterwards."""


class Noted(Protocol):
    """A step that is recorded."""

    def done(self, result: str, details: Details | None, error: HubError | None = None) -> None:
        """Note how it ended."""


class Recorder(Protocol):
    """Records a run."""

    def begin(self, step: "Step", run: "Run") -> Noted | None:
        """Note that a step begins; none where no more are recorded."""


class Mark(ABC):
    """A mark that is more than plain values."""

    __slots__ = ()

    @abstractmethod
    def said(self, pack: Callable[[object], Any]) -> Any:
        """Return it as JSON values."""


class Branches(Mark):
    """The mark of steps that are done at the same time: each has a run of its own."""

    __slots__ = ("failed", "runs")

    def __init__(self, runs: "list[Run | None]", failed: HubError | None = None) -> None:
        self.runs = runs
        self.failed = failed

    def said(self, pack: Callable[[object], Any]) -> Any:
        runs = [each and [each.position(pack), pack(each.variables)] for each in self.runs]
        return {"failed": self.failed and _error(self.failed), "runs": runs}


class Run:
    """One run: what its steps see and share.

    ``cause`` is the sequence of the event that announced the run; what the run does names it.
    ``again`` are the marks of a run that is gone on with, the outermost last. A step that is
    traced (``trace``) leaves what it did in ``details``.
    """

    __slots__ = (
        "again", "cause", "context", "details", "keeper", "marks", "name", "trace", "variables",
    )  # fmt: skip

    def __init__(
        self, context: Context, name: str, variables: dict[str, Any], cause: int | None = None
    ) -> None:
        self.context = context
        self.name = name
        self.variables = variables
        self.cause = cause
        self.marks: list[Any] = []
        self.again: list[Any] = []
        self.keeper: Keeper | None = None
        self.trace: Recorder | None = None
        self.details: Details | None = None

    def beside(self) -> "Run":
        """Return a run for what happens at the same time, with variables of its own."""
        other = Run(self.context, self.name, dict(self.variables), self.cause)
        other.keeper = self.keeper
        other.trace = self.trace
        return other

    def taken(self) -> Any:
        """Return the mark of the step that is entered now if the run is gone on with, or none."""
        return self.again.pop() if self.again else None

    def waits(self) -> None:
        """Keep where the run stands, since it has to wait now."""
        if self.keeper is not None:
            self.keeper.checkpoint()

    def acts(self) -> None:
        """Keep where a run stands that has waited before: what it does now is not done twice."""
        if self.keeper is not None and self.keeper.kept:
            self.keeper.checkpoint()

    def position(self, pack: Callable[[object], Any]) -> list[Any]:
        """Return where it stands as JSON values."""
        return [each.said(pack) if isinstance(each, Mark) else each for each in self.marks]


def _error(error: HubError) -> list[Any]:
    return [str(error), error.failed if isinstance(error, Stopped) else None]


class Step(ABC):
    """One action. ``where`` names it in errors, ``what`` says in traces what it is."""

    __slots__ = ("continue_on_error", "what", "where")

    def __init__(self, where: str) -> None:
        self.where = where
        self.what = "condition"
        self.continue_on_error = False

    @abstractmethod
    async def run(self, run: Run) -> bool:
        """Do it; return whether the sequence goes on. Raises ``HubError`` when it cannot."""


class Sequence:
    """Steps one after the other."""

    __slots__ = ("steps",)

    def __init__(self, steps: tuple[Step, ...] = ()) -> None:
        self.steps = steps

    async def run(self, run: Run) -> bool:
        """Do the steps; return false when a condition among them did not hold."""
        marks, at = run.marks, len(run.marks)
        first = self._first(run)
        marks.append(first)
        do = _do if run.trace is None else _traced
        try:
            for index in range(first, len(self.steps)):
                marks[at:] = (index,)
                if not await do(self.steps[index], run):
                    return False
        finally:
            del marks[at:]
        return True

    def _first(self, run: Run) -> int:
        """Return the step to begin with: the one in which a run that is gone on with waited."""
        index: int | None = run.taken()
        if index is None:
            return 0
        if run.again:
            return index
        step = self.steps[index]
        words = "%s: %s was under way when the hub ended and is not done again; the run goes on"
        _log.warning(words, run.name, step.where)
        return index + 1


async def _traced(step: Step, run: Run) -> bool:
    noted = None if run.trace is None else run.trace.begin(step, run)
    if noted is None:
        return await _do(step, run)
    try:
        went_on = await _do(step, run)
    except HubError as error:
        planned = isinstance(error, Stopped) and not error.failed
        noted.done("stopped" if planned else "failed", _details(run), error)
        raise
    noted.done("done" if went_on else "ended", _details(run))
    return went_on


def _details(run: Run) -> Details | None:
    details, run.details = run.details, None
    return details


async def _do(step: Step, run: Run) -> bool:
    try:
        return await step.run(run)
    except (Stopped, StepFailed) as error:
        if isinstance(error, Stopped) or not step.continue_on_error:
            raise
        _passed_over(run, error)
    except HubError as error:
        failed = StepFailed(f"{step.where}: {error}")
        if not step.continue_on_error:
            raise failed from error
        _passed_over(run, failed)
    return True


def _passed_over(run: Run, error: HubError) -> None:
    _log.info("%s: %s; the run goes on", run.name, error)
    if run.trace is not None:
        run.details = {**(run.details or {}), "passed_over": str(error)}
