"""A real Triton with a network behind it; run by an interpreter that has ``nvidia-pytriton``.

``python triton.py MODEL.onnx HTTP_PORT GRPC_PORT``: says ``ready`` once it answers.
"""

import sys

import numpy as np
from pytriton.decorators import batch
from pytriton.model_config import ModelConfig, Tensor
from pytriton.triton import Triton, TritonConfig


def main() -> None:
    file, http, grpc = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    sys.modules["openvino_telemetry"] = None  # else the import reports itself to Google Analytics
    import openvino

    network = openvino.Core().compile_model(file, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    shape = list(network.input().shape)[1:]

    @batch
    def look(images: np.ndarray) -> list[np.ndarray]:
        return [np.concatenate([network(each[None])[0] for each in images])]

    config = TritonConfig(http_port=http, grpc_port=grpc, allow_metrics=False)
    with Triton(config=config) as triton:
        triton.bind(
            model_name="yolox",
            infer_func=look,
            inputs=[Tensor(name="images", dtype=np.float32, shape=tuple(shape))],
            outputs=[Tensor(name="output", dtype=np.float32, shape=(-1, 85))],
            config=ModelConfig(max_batch_size=4),
        )
        triton.run()
        print("ready", flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
