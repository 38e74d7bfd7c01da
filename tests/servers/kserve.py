"""A model server that speaks KServe v2, over HTTP and gRPC, well or badly.

It stands in for Triton and OpenVINO Model Server: the network behind it is real, and what it
says over the wire was compared with a real Triton's. ``fault`` makes it misbehave.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Look = Callable[[Mapping[str, Array]], Mapping[str, Array]]
LENGTH = "Inference-Header-Content-Length"
NUMPY = {"FP32": np.float32, "FP16": np.float16, "UINT8": np.uint8, "INT64": np.int64}
WORDS = {np.dtype(kind): word for word, kind in NUMPY.items()}


@dataclass(kw_only=True)
class Served:
    """A model on a server: what it takes and gives (name, type, shape), and what it does."""

    name: str
    inputs: list[tuple[str, str, list[int]]]
    outputs: list[tuple[str, str, list[int]]]
    look: Look
    binary: bool = True
    token: str = ""
    fault: str = ""
    asked: list[Mapping[str, Array]] = field(default_factory=list)
    http: int = 0
    grpc: int = 0

    @property
    def metadata(self) -> dict[str, object]:
        """What is told about the model."""
        described = [
            [{"name": name, "datatype": kind, "shape": shape} for name, kind, shape in some]
            for some in (self.inputs, self.outputs)
        ]
        return {"name": self.name, "platform": "", "inputs": described[0], "outputs": described[1]}

    def run(self, inputs: Mapping[str, Array]) -> Mapping[str, Array]:
        """Ask the model."""
        self.asked.append(inputs)
        return self.look(inputs)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    served: Served

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        pass

    def do_GET(self) -> None:
        if self.served.token and self.headers["Authorization"] != f"Bearer {self.served.token}":
            return self._say(401, b"{}")
        model = f"/v2/models/{self.served.name}"
        known = {"/v2": self._server(), model: self.served.metadata, f"{model}/ready": {}}
        if self.path not in known:
            return self._say(404, json.dumps({"error": "Request for unknown model"}).encode())
        return self._say(200, json.dumps(known[self.path]).encode())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.served.fault:
            return getattr(self, f"_{self.served.fault}")()
        outputs = self.served.run(_decoded(body, self.headers[LENGTH]))
        return self._say(200, *_encoded(outputs, binary=self.served.binary))

    def _server(self) -> dict[str, object]:
        known = ["binary_tensor_data"] if self.served.binary else ["statistics"]
        return {"name": "stand-in", "version": "1", "extensions": known}

    def _say(self, status: int, body: bytes, length: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if length is not None:
            self.send_header(LENGTH, str(length))
        self.end_headers()
        self.wfile.write(body)

    def _hangs(self) -> None:
        while self.served.fault == "hangs":
            time.sleep(0.02)
        self.close_connection = True

    def _busy(self) -> None:
        self._say(503, b'{"error": "queue is full"}')

    def _nonsense(self) -> None:
        self._say(200, b"<html>it works!</html>")

    def _short(self) -> None:
        body, length = _encoded({"output": np.zeros((1, 10, 85), np.float32)}, binary=True)
        self._say(200, body[:-100], length)

    def _other(self) -> None:
        self._say(200, *_encoded({"output": np.zeros((1, 7, 3), np.float32)}, binary=True))

    def _moved(self) -> None:
        self.send_response(302)
        self.send_header("Location", "http://127.0.0.1:9/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _hangs_up(self) -> None:
        self.close_connection = True

    def _trickles(self) -> None:
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        while self.served.fault == "trickles":
            try:
                self.wfile.write(b"1\r\n \r\n")
            except OSError:
                return
            time.sleep(0.05)


@contextmanager
def serving(served: Served) -> Iterator[Served]:
    """Serve a model on free ports of this machine until left."""
    handler = type("Handler", (_Handler,), {"served": served})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    served.http = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    talker = _grpc(served)
    thread.start()
    try:
        yield served
    finally:
        served.fault = ""
        talker.stop(0).wait()
        server.shutdown()
        server.server_close()
        thread.join()


def _decoded(body: bytes, length: str | None) -> dict[str, Array]:
    end = int(length) if length else len(body)
    found, at = {}, end
    for each in json.loads(body[:end])["inputs"]:
        kind = np.dtype(NUMPY[each["datatype"]])
        if "data" in each:
            numbers = np.array(each["data"], kind)
        else:
            size = each["parameters"]["binary_data_size"]
            numbers = np.frombuffer(body[at : at + size], kind)
            at += size
        found[each["name"]] = numbers.reshape(each["shape"])
    return found


def _encoded(outputs: Mapping[str, Array], *, binary: bool) -> tuple[bytes, int | None]:
    described = []
    for name, each in outputs.items():
        words = {"name": name, "datatype": WORDS[each.dtype], "shape": list(each.shape)}
        rest = {"parameters": {"binary_data_size": each.nbytes}} if binary else {}
        data = {} if binary else {"data": each.tolist()}  # nested, which servers may do
        described.append({**words, **rest, **data})
    head = json.dumps({"model_name": "m", "outputs": described}).encode()
    if not binary:
        return head, None
    return b"".join([head, *(each.tobytes() for each in outputs.values())]), len(head)


def _grpc(served: Served) -> Any:
    """Serve the same over gRPC, with the messages that Triton's client brings."""
    import grpc
    from tritonclient.grpc import service_pb2_grpc

    limits = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
    server = grpc.server(ThreadPoolExecutor(4), options=limits)
    # By duck's typing: the class to inherit from would have to be imported with the module.
    service_pb2_grpc.add_GRPCInferenceServiceServicer_to_server(_Service(served), server)
    served.grpc = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return server


class _Service:
    def __init__(self, served: Served) -> None:
        from tritonclient.grpc import service_pb2

        self.served = served
        self.said = service_pb2

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda _, context: context.abort(_status("UNIMPLEMENTED"), name)

    def ServerMetadata(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's
        return self.said.ServerMetadataResponse(name="stand-in", version="1")

    def ModelMetadata(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's
        token = dict(context.invocation_metadata()).get("authorization")
        if self.served.token and token != f"Bearer {self.served.token}":
            context.abort(_status("UNAUTHENTICATED"), "who are you?")
        if request.name != self.served.name:
            context.abort(_status("NOT_FOUND"), "Request for unknown model")
        tensor = self.said.ModelMetadataResponse.TensorMetadata
        inputs, outputs = (
            [tensor(name=name, datatype=kind, shape=shape) for name, kind, shape in some]
            for some in (self.served.inputs, self.served.outputs)
        )
        return self.said.ModelMetadataResponse(
            name=self.served.name, inputs=inputs, outputs=outputs
        )

    def ModelInfer(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's
        while self.served.fault == "hangs" and context.is_active():
            time.sleep(0.02)
        if self.served.fault:
            context.abort(_status("UNAVAILABLE"), self.served.fault)
        inputs = {
            each.name: np.frombuffer(raw, NUMPY[each.datatype]).reshape(list(each.shape))
            for each, raw in zip(request.inputs, request.raw_input_contents, strict=True)
        }
        answer = self.said.ModelInferResponse(model_name=self.served.name)
        for name, each in self.served.run(inputs).items():
            answer.outputs.add(name=name, datatype=WORDS[each.dtype], shape=each.shape)
            answer.raw_output_contents.append(each.tobytes())
        return answer


def _status(name: str) -> Any:
    import grpc

    return grpc.StatusCode[name]
