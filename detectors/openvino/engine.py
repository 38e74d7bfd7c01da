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

from detectors.heads.canvas import Canvas
from detectors.heads.fit import Fit
from detectors.heads.head import Outputs
from detectors.openvino.compiling import Ready, ready
from detectors.openvino.options import Load
from detectors.openvino.reading import reason
from hub.api import Detection, Region, Rejected

Done = Callable[[Sequence[Detection] | None], None]
_log = logging.getLogger(__name__)


class _Request:
    """One of the model's inference requests, with its input's memory."""

    def __init__(self, model: Ready) -> None:
        self._made = model.made.create_infer_request()
        self._names = model.outputs
        for at, value in model.beside.items():
            self._made.get_input_tensor(at).data[:] = value
        memory = self._made.get_input_tensor(model.picture).data[0]
        self._canvas = Canvas(memory, model.input)

    def start(self, region: Region) -> Fit:
        fit = self._canvas.put(region)
        self._made.start_async()
        return fit

    def wait(self) -> Outputs:
        """Return the outputs; they are overwritten by the next ``start``."""
        self._made.wait()
        return {name: self._made.get_output_tensor(at).data for at, name in enumerate(self._names)}

    def try_out(self) -> None:
        """Run once, on nothing."""
        self._made.infer()


class Engine:
    """A compiled model and its requests."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._model = ready(load)
        self._free: queue.SimpleQueue[_Request] = queue.SimpleQueue()
        for _ in range(self._optimal() + 1):  # one more to fill while the others run
            self._free.put(_Request(self._model))
        self._answers = ThreadPoolExecutor(1, f"openvino {load.model}")
        self.failures = 0

    @property
    def device(self) -> str:
        """Where it runs."""
        return ", ".join(self._model.made.get_property("EXECUTION_DEVICES"))

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels of what it looks at."""
        return self._model.size

    @property
    def labels(self) -> Sequence[str]:
        """What it can find."""
        return self._model.head.labels

    def warm_up(self) -> None:
        """Run once, which takes longest; raises ``Rejected`` when it cannot."""
        try:
            _Request(self._model).try_out()
        except RuntimeError as error:
            words = f"{self._load.model} does not run on {self.device}: {reason(error)}"
            raise Rejected(words) from error

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
            done(None)
        else:
            self._answers.submit(self._answer, request, fit, done).add_done_callback(self._look)

    def close(self) -> None:
        """Wait for every answer."""
        self._answers.shutdown(wait=True)

    def _optimal(self) -> int:
        return int(self._model.made.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS"))

    def _answer(self, request: _Request, fit: Fit, done: Done) -> None:
        found: Sequence[Detection] | None = None
        try:
            found = self._detections(request.wait(), fit)
        finally:
            self._free.put(request)
            done(found)

    def _detections(self, outputs: Outputs, fit: Fit) -> Sequence[Detection]:
        found, labels = self._model.head.read(outputs), self.labels
        boxes = (fit.back(*box) for box in found.boxes.tolist())
        return [
            Detection(label=labels[number], score=min(score, 1.0), box=box)
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
