"""What things look like, as numbers: networks for re-identification.

They are shown one thing at a time, stretched to their size whatever its shape, as they were
taught. Whoever asks waits, so cameras take turns.
"""

from collections.abc import Sequence
from threading import Lock

from detectors.heads.canvas import Canvas
from detectors.openvino.options import Load
from detectors.openvino.reading import reason
from detectors.openvino.runtime import device, openvino
from hub.api import ModelInput, Region, Rejected


class Appearance:
    """A compiled network and its one request; raises ``Rejected`` when it does not run."""

    def __init__(self, load: Load) -> None:
        core = openvino().Core()
        self.device = device(load.model, load.device, core.available_devices)
        hints = {} if load.precision == "auto" else {"INFERENCE_PRECISION_HINT": load.precision}
        try:
            model = core.compile_model(load.file, self.device, hints)
            self._request = model.create_infer_request()
            self._request.infer()
        except RuntimeError as error:
            raise Rejected(f"{load.model} cannot tell things apart: {reason(error)}") from error
        wanted = load.input or ModelInput(width=load.width, height=load.height, fit="stretch")
        self._canvas = Canvas(self._request.get_input_tensor().data[0], wanted)
        self._turn = Lock()

    def vectors(self, regions: Sequence[Region]) -> list[list[float]]:
        """Return a row of numbers for each region."""
        with self._turn:
            return [self._vector(each) for each in regions]

    def _vector(self, region: Region) -> list[float]:
        self._canvas.put(region)
        self._request.infer()
        numbers: list[float] = self._request.get_output_tensor().data.ravel().tolist()
        return numbers
