"""The model in memory: regions in, detections out, several at once.

A region is copied into a free request's input by whoever submits it, so its pixels may be
reused at once. One thread takes the answers in the order of submission; waiting there (rather
than in OpenVINO's callbacks, which are not called for a failed inference) makes sure that every
region is answered.
"""

import logging
import queue
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from detectors.openvino.compiling import compiled
from detectors.openvino.letterbox import Canvas, Fit
from detectors.openvino.options import Load
from detectors.openvino.yolox import Head
from hub.api import Detection, ModelInput, Region, Rejected

Done = Callable[[Sequence[Detection]], None]
_log = logging.getLogger(__name__)


class _Request:
    """One of the model's inference requests, with its input's memory."""

    def __init__(self, made: Any, wanted: ModelInput) -> None:
        self._made = made
        self._canvas = Canvas(made.get_input_tensor().data[0], wanted)

    def start(self, region: Region) -> Fit:
        fit = self._canvas.put(region)
        self._made.start_async()
        return fit

    def wait(self) -> Any:
        """Return the output; it is overwritten by the next ``start``."""
        self._made.wait()
        return self._made.get_output_tensor().data[0]


class Engine:
    """A compiled model and its requests."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._head = Head(load.width, load.height, min_score=load.min_score, iou=load.iou)
        self._compiled = compiled(load, self._head)
        self._free: queue.SimpleQueue[_Request] = queue.SimpleQueue()
        for _ in range(self._optimal() + 1):  # one more to fill while the others run
            made = self._compiled.create_infer_request()
            self._free.put(_Request(made, load.input))
        self._answers = ThreadPoolExecutor(1, f"openvino {load.model}")
        self.failures = 0

    @property
    def device(self) -> str:
        """Where it runs."""
        return ", ".join(self._compiled.get_property("EXECUTION_DEVICES"))

    def warm_up(self) -> None:
        """Run once, which takes longest; raises ``Rejected`` when it cannot."""
        try:
            self._compiled.create_infer_request().infer()
        except RuntimeError as error:
            raise Rejected(f"{self._load.model} does not run on {self.device}: {error}") from error

    def submit(self, region: Region, done: Done) -> None:
        """Look at a region; waits while every request is in use."""
        request = self._free.get()
        fit = None
        try:
            fit = request.start(region)
        except RuntimeError as error:
            self._failed(error)
        finally:
            if fit is None:
                self._free.put(request)
        if fit is None:
            done(())
        else:
            self._answers.submit(self._answer, request, fit, done).add_done_callback(self._look)

    def close(self) -> None:
        """Wait for every answer."""
        self._answers.shutdown(wait=True)

    def _optimal(self) -> int:
        return int(self._compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS"))

    def _answer(self, request: _Request, fit: Fit, done: Done) -> None:
        found: Sequence[Detection] = ()
        try:
            found = self._detections(request.wait(), fit)
        finally:
            self._free.put(request)
            done(found)

    def _detections(self, output: Any, fit: Fit) -> Sequence[Detection]:
        found = self._head.read(output)
        boxes = (fit.back(*box) for box in found.boxes.tolist())
        return [
            Detection(label=self._load.labels[number], score=min(score, 1.0), box=box)
            for number, score, box in zip(
                found.classes.tolist(), found.scores.tolist(), boxes, strict=True
            )
            if box is not None
        ]

    def _look(self, answer: "Future[None]") -> None:
        if error := answer.exception():
            self._failed(error)

    def _failed(self, error: BaseException) -> None:
        self.failures += 1
        if self.failures == 1:
            _log.error("Inference with %s failed", self._load.model, exc_info=error)
