"""What a run is made of: steps in a sequence, the variables they share, how they end."""

import logging
from abc import ABC, abstractmethod
from typing import Any

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


class Run:
    """One run: what its steps see and share.

    ``cause`` is the sequence of the event that announced the run; what the run does names it.
    """

    __slots__ = ("cause", "context", "name", "variables")

    def __init__(
        self, context: Context, name: str, variables: dict[str, Any], cause: int | None = None
    ) -> None:
        self.context = context
        self.name = name
        self.variables = variables
        self.cause = cause

    def beside(self) -> "Run":
        """Return a run for what happens at the same time, with variables of its own."""
        return Run(self.context, self.name, dict(self.variables), self.cause)


class Step(ABC):
    """One action. ``where`` names it in errors."""

    __slots__ = ("continue_on_error", "where")

    def __init__(self, where: str) -> None:
        self.where = where
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
        for step in self.steps:
            try:
                if not await step.run(run):
                    return False
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
