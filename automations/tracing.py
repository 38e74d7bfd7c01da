"""What is recorded of one automation's runs and near misses, if that is wanted."""

from collections.abc import Mapping
from typing import Any

import msgspec

from automations.model import Plan
from automations.steps import Recorder
from automations.traces import Miss, Occasion, Ring, Rings, RunTrace


class Tracer:
    """Records one automation; with ``trace: false`` it records nothing.

    ``prefix`` is what the ids of its runs begin with.
    """

    def __init__(self, plan: Plan, rings: Rings, prefix: str) -> None:
        self._plan = plan
        self.prefix = prefix
        self._number = 0
        self.ring = Ring(plan.entity, plan.name, plan.stored, rings) if plan.stored else None

    def begin(self, occasion: Occasion, variables: Mapping[str, Any]) -> RunTrace | None:
        """Return what records a run that begins."""
        if self.ring is None:
            return None
        trace = RunTrace(occasion, variables)
        self.ring.add(trace)
        return trace

    def end(self, trace: Recorder | None, result: str, error: str) -> None:
        """Note how a run ended."""
        if self.ring is not None and isinstance(trace, RunTrace):
            trace.end(result, error)
            self.ring.ended(trace)

    def missed(self, missed: Occasion, variables: Mapping[str, Any]) -> None:
        """Record that a trigger matched while the conditions did not hold."""
        if self.ring is None:
            return
        if not self.ring.explains():
            self.ring.missed(missed.time)
            return
        self._number += 1
        occasion = msgspec.structs.replace(missed, id=f"{self.prefix}-miss-{self._number}")
        self.ring.miss(Miss(occasion, self._plan.conditions.explain(variables)))
