"""Detectors from their plugins to where they have answered once, and out again.

Somebody else's native code may hang at any of it, so each is done in a thread that nobody has
to wait for.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from threading import Event, Thread
from typing import Final

from hub.api import Box, Detection, Detector, NotReady, Region
from hub.core.components import load as component
from hub.vision.plan import DetectorPlan

# Compiling a large model for a graphics card takes a minute or two the first time.
_LOADS: Final = 180.0  # seconds
_ANSWERS: Final = 10.0  # seconds for the first picture
_GREY: Final = b"\x72"  # what letterboxes are filled with
_log = logging.getLogger(__name__)


class Loader:
    """Loads and lets go; knows what is stuck."""

    def __init__(self) -> None:
        self._ending: dict[str, Thread] = {}  # what is not wanted any more, and may hang

    async def load(self, plan: DetectorPlan) -> Detector:
        """Return a detector that has looked at a picture; what its plugin raises passes through.

        Raises ``NotReady`` when it does not answer, or when its forerunner is not gone yet.
        """
        before = self._ending.get(plan.name)
        if before is not None:
            await asyncio.to_thread(before.join, _ANSWERS)
        if before is not None and before.is_alive():
            raise NotReady("what it was asked before still hangs; restarting the hub ends that")
        made: Future[Detector] = Future()
        name = f"loading {plan.name}"
        thread = Thread(target=_make, args=(plan, made), name=name, daemon=True)
        thread.start()
        try:
            return await asyncio.wait_for(asyncio.wrap_future(made), _LOADS)
        except TimeoutError as error:
            self._ending[plan.name] = thread  # or every further try would leave a thread behind
            raise NotReady(f"it is not loaded after {_LOADS:.0f} s") from error

    def let_go(self, name: str, close: Callable[[], None]) -> Thread:
        """Close a detector, however long that takes."""
        thread = Thread(target=_close, args=(name, close), name=f"closing {name}", daemon=True)
        self._ending[name] = thread
        thread.start()
        return thread


def _make(plan: DetectorPlan, made: "Future[Detector]") -> None:
    try:
        detector = _proven(plan)
    except Exception as error:  # noqa: BLE001 - a detector is a plugin's code
        if made.set_running_or_notify_cancel():
            made.set_exception(error)
        return
    if made.set_running_or_notify_cancel():
        made.set_result(detector)
    else:  # it took too long, and nobody waits any more
        _close(plan.name, detector.close)


def _close(name: str, close: Callable[[], None]) -> None:
    try:
        close()
    except Exception as error:  # noqa: BLE001 - a detector is a plugin's code
        _log.error("Detector %s failed as it was let go", name, exc_info=error)


def _proven(plan: DetectorPlan) -> Detector:
    kind = component(plan.plugin, plan.key, Detector)  # type: ignore[type-abstract] # subclasses
    detector = kind(plan.name, plan.options)
    try:
        detector.load()
        _prove(detector)
    except BaseException:  # or each further try would leave a model in memory
        _close(plan.name, detector.close)
        raise
    return detector


def _prove(detector: Detector) -> None:
    """Have it look at a grey picture: what cannot do that is known before cameras need it.

    One that wants whole frames remembers what it saw of each camera, so it is spared.
    """
    if detector.whole_frames:
        return
    answered = Event()
    answers: list[Sequence[Detection] | None] = []

    def take(found: Sequence[Detection] | None) -> None:
        answers.append(found)
        answered.set()

    wide, high = detector.size
    pixels = memoryview(_GREY * (wide * high * 3))
    place = Box(0.0, 0.0, 1.0, 1.0)
    detector.submit(Region(pixels=pixels, width=wide, height=high, place=place), "", take)
    if not answered.wait(_ANSWERS):
        raise NotReady(f"it did not answer within {_ANSWERS:.0f} s when it was tried")
    if answers[0] is None:
        raise NotReady("it could not look when it was tried")
