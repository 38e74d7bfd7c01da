"""What each detector spends, as states: rarely, and only what changed so that it matters."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hub.api import Clock, States
from hub.settings.detectors import entity
from hub.vision.messages import Beat, Budget

UNAVAILABLE: Final = "unavailable"
EVERY: Final = 10.0  # seconds between two states of a figure, or more
_PART: Final = 0.25  # of its value; by less than this a figure has not changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number of a detector; ``least`` is how much it has to change to be worth a word."""

    name: str
    words: str
    value: float
    unit: str
    least: float
    facts: dict[str, object]
    digits: int = 0

    def differs(self, other: float) -> bool:
        """Say whether this is news to somebody who knows the other value."""
        return abs(self.value - other) >= max(self.least, _PART * abs(other))


def figures(budget: Budget) -> Iterator[Figure]:
    """Yield what is told of a detector."""
    yield Figure(
        name="inference_ms",
        words="inference time",
        value=budget.inference_ms,
        unit="ms",
        least=1.0,
        digits=1,
        facts={"p95": round(budget.inference_p95_ms, 1), "per_second": round(budget.rate, 1)},
    )
    yield Figure(
        name="queue_ms",
        words="queue time",
        value=budget.queue_ms,
        unit="ms",
        least=2.0,
        digits=1,
        facts={"p95": round(budget.queue_p95_ms, 1), "waiting": budget.waiting},
    )
    yield Figure(
        name="load",
        words="load",
        value=100 * budget.load,
        unit="%",
        least=5.0,
        facts={"questions": budget.questions, "seconds": budget.seconds, **_spared(budget)},
    )
    dropped = {camera: sum(each.values()) for camera, each in budget.dropped.items()}
    yield Figure(
        name="dropped",
        words="questions dropped",
        value=float(sum(dropped.values())),
        unit="",
        least=1.0,
        facts={"cameras": budget.dropped, "failures": budget.failures},
    )


def _spared(budget: Budget) -> dict[str, object]:
    return {"spared": budget.spared} if budget.spared else {}


class DetectorEntities:
    """The entities of the detectors that are in use."""

    def __init__(self, states: States, clock: Clock) -> None:
        self._states = states
        self._clock = clock
        self._told: dict[str, tuple[float, float]] = {}  # by entity: the value, and when
        self._shown: set[str] = set()

    def beat(self, beat: Beat) -> None:
        """Tell what changed; a detector that is not in use any more is unavailable."""
        for name, budget in beat.detectors.items():
            for each in figures(budget):
                self._show(name, each)
        for name in self._shown - beat.detectors.keys():
            self._gone(name)
        self._shown = set(beat.detectors)

    def lost(self) -> None:
        """Nothing is known while no worker lives."""
        for name in self._shown:
            self._gone(name)
        self._shown = set()

    def _show(self, detector: str, figure: Figure) -> None:
        key, now = entity(detector, figure.name), self._clock.monotonic()
        value, when = self._told.get(key, (None, 0.0))
        if value is not None and (now - when < EVERY or not figure.differs(value)):
            return
        self._told[key] = (figure.value, now)
        facts: dict[str, object] = {
            "friendly_name": f"{detector.replace('_', ' ').capitalize()} {figure.words}",
            "detector": detector,
            "figure": figure.name,
            **figure.facts,
        }
        if figure.unit:
            facts["unit_of_measurement"] = figure.unit
        self._states.set(key, f"{figure.value:.{figure.digits}f}", facts)

    def _gone(self, detector: str) -> None:
        for key, state in self._states.all().items():
            if state.attributes.get("detector") == detector and key in self._told:
                del self._told[key]
                kept = {"friendly_name", "detector", "figure", "unit_of_measurement"}
                facts = {k: v for k, v in state.attributes.items() if k in kept}
                self._states.set(key, UNAVAILABLE, facts)
