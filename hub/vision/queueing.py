"""Who waits for a detector, and whose turn it is: by need, then fairly, and nobody for ever.

Something new goes before what is followed, and that before a refresh; of equals, the camera
that was served least recently. Whoever waits is moved up a class every ``AGES`` seconds, so a
refresh is late on a crowded desk, but comes.
"""

from collections.abc import Callable, Container
from dataclasses import dataclass, replace
from typing import Final

from hub.vision.budget import Reason
from hub.vision.inference import Question

AGES: Final = 2.0  # seconds
MOST: Final = 64  # questions of all cameras; each holds pixels


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A question that waits: when it was asked, and since when its camera gets no answer."""

    question: Question
    asked: float
    since: float


class Line:
    """The waiting questions of one detector: at most one for each camera. Has no lock."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._waiting: dict[str, Waiting] = {}
        self._served: dict[str, int] = {}  # each camera's last turn
        self._turn = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, question: Question, now: float) -> list[tuple[Question, Reason]]:
        """Take a question; returns what is dropped for it."""
        dropped = []
        since = now
        if (before := self._waiting.pop(question.camera, None)) is not None:
            dropped.append((before.question, Reason.REPLACED))
            since = before.since
            # What the dropped one was to show has not been seen, so the need is as great.
            need = min(question.priority, before.question.priority)
            question = replace(question, priority=need)
        self._waiting[question.camera] = Waiting(question=question, asked=now, since=since)
        if len(self._waiting) > self._most:
            least = max(self._waiting.values(), key=self._order(now))
            dropped.append((self._waiting.pop(least.question.camera).question, Reason.CROWDED))
        return dropped

    def first(self, busy: Container[str], now: float) -> Waiting | None:
        """Return whose turn it is, leaving out cameras that are being answered."""
        free = [each for each in self._waiting.values() if each.question.camera not in busy]
        return min(free, key=self._order(now), default=None)

    def take(self, chosen: Waiting) -> None:
        """Let one go to its turn."""
        camera = chosen.question.camera
        del self._waiting[camera]
        self._turn += 1
        self._served[camera] = self._turn

    def clear(self) -> list[Question]:
        """Return all, and forget them."""
        left, self._waiting = self._waiting, {}
        return [each.question for each in left.values()]

    def _order(self, now: float) -> Callable[[Waiting], tuple[int, int, float]]:
        def order(each: Waiting) -> tuple[int, int, float]:
            need = max(0, each.question.priority - int((now - each.since) / AGES))
            return need, self._served.get(each.question.camera, 0), each.since

        return order
