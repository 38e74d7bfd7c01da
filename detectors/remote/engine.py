"""Regions to a model server and detections back, several at once, none waited for too long.

Threads speak with the server, as many as questions may be under way. A question that is not
answered in time is answered with none: nobody looked. After a few of those in a row the server
counts as away; then whoever asks is told so, and the hub has others look until it is back.
"""

import logging
import queue
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np

from detectors.heads.canvas import Canvas
from detectors.heads.fit import Fit
from detectors.heads.head import Head
from detectors.remote.links import Link
from detectors.remote.model import Asking, asking, reader
from detectors.remote.options import Load
from detectors.remote.protocol import Tensor
from hub.api import Detection, HubError, ModelInput, NotReady, Region, Rejected

Done = Callable[[Sequence[Detection] | None], None]
_MOST: Final = 3  # failures in a row; one lost answer is no reason to change the detector
_START: Final = 3  # attempts: a server may load the model when it is first asked
_log = logging.getLogger(__name__)


class _Slot:
    """Memory for one picture on its way."""

    def __init__(self, ask: Asking, wanted: ModelInput) -> None:
        self.memory = np.zeros(ask.shape, np.float32)
        planes = self.memory[0].transpose(2, 0, 1) if ask.colours_last else self.memory[0]
        self._canvas = Canvas(planes, wanted)

    def put(self, region: Region) -> Fit:
        return self._canvas.put(region)


class Engine:
    """A model on a server. Raises ``NotReady`` or ``Rejected`` when it cannot be used."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._failed = 0
        self._away = ""
        self._link = _linked(load)
        try:
            self._ask, self._head, wanted = self._begin()
        except HubError as error:
            self._link.close()
            raise type(error)(self._words(error)) from error
        self._workers = ThreadPoolExecutor(load.requests, f"remote {load.model}")
        self._free: queue.SimpleQueue[_Slot] = queue.SimpleQueue()
        for _ in range(load.requests):
            self._free.put(_Slot(self._ask, wanted))

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels of what it looks at."""
        return (self._ask.width, self._ask.height)

    @property
    def labels(self) -> Sequence[str]:
        """What it can find."""
        return self._head.labels

    def submit(self, region: Region, done: Done) -> None:
        """Look at a region; waits while all requests are under way.

        Raises ``NotReady`` once the server has been silent or senseless for a while.
        """
        if self._away:
            raise NotReady(self._away)
        slot = self._free.get()
        fit = slot.put(region)
        self._workers.submit(self._look, slot, fit, done)

    def close(self) -> None:
        """Wait for every answer, or its time to be over, and hang up."""
        self._workers.shutdown(wait=True)
        self._link.close()

    def _begin(self) -> tuple[Asking, Head, ModelInput]:
        """Meet the server, and show the model a black picture: its answer tells who reads it."""
        self._link.server()
        ask = asking(self._load, self._link.model())
        seen = self._patiently(ask.inputs(np.zeros(ask.shape, np.float32)))
        return ask, *reader(self._load, ask, seen)

    def _patiently(self, inputs: Mapping[str, Tensor]) -> Mapping[str, Tensor]:
        for tried in range(1, _START + 1):
            try:
                return self._link.infer(inputs)
            except NotReady:
                if tried == _START:
                    raise
        raise AssertionError("the last attempt returns or raises")

    def _look(self, slot: _Slot, fit: Fit, done: Done) -> None:
        found: Sequence[Detection] | None = None
        try:
            found = self._read(self._link.infer(self._ask.inputs(slot.memory)), fit)
            self._failed = 0
        except (HubError, ArithmeticError, LookupError, ValueError) as error:
            self._lost(error)
        finally:
            self._free.put(slot)
            done(found)

    def _read(self, outputs: Mapping[str, Tensor], fit: Fit) -> Sequence[Detection]:
        if why := self._head.fits({name: each.shape for name, each in outputs.items()}):
            raise NotReady(f"its answer has changed: {why}")
        found = self._head.read({n: each.astype(np.float32) for n, each in outputs.items()})
        boxes = (fit.back(*box) for box in found.boxes.tolist())
        return [
            Detection(label=self.labels[number], score=min(score, 1.0), box=box)
            for number, score, box in zip(
                found.classes.tolist(), found.scores.tolist(), boxes, strict=True
            )
            if box is not None
        ]

    def _lost(self, error: Exception) -> None:
        self._failed += 1
        said = error if isinstance(error, HubError) else f"its answer makes no sense: {error}"
        if self._failed >= _MOST or isinstance(error, Rejected):
            self._away = self._words(said)
        elif self._failed == 1:
            _log.info("%s", self._words(said))

    def _words(self, error: Exception | str) -> str:
        return f"model '{self._load.model}' on the server {self._load.server}: {error}"


def _linked(load: Load) -> Link:
    if load.server.startswith("grpc"):
        from detectors.remote.grpc import GrpcLink

        return GrpcLink(load)
    from detectors.remote.http import HttpLink

    return HttpLink(load)
