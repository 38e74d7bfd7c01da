"""A model server over gRPC, by NVIDIA's client for KServe v2 (the extra ``grpc``)."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, Final

from detectors.remote.options import Load
from detectors.remote.protocol import ModelMetadata, Server, Tensor, TensorMetadata, datatype
from hub.api import NotReady, Rejected

_WORDS: Final = 200  # characters of a server's own complaint that are passed on
_REFUSED: Final = {
    "StatusCode.UNAUTHENTICATED": "it wants a token: give one as 'token'",
    "StatusCode.PERMISSION_DENIED": "it does not accept the token",
}
_LARGEST: Final = 64 * 1024 * 1024  # bytes of one message; gRPC's own limit is 4 MB
_CHANNEL: Final = [
    ("grpc.max_receive_message_length", _LARGEST),
    ("grpc.max_send_message_length", _LARGEST),
    ("grpc.max_reconnect_backoff_ms", 5_000),  # not two minutes: the hub has its own back-off
]


class GrpcLink:
    """Implements ``Link``."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._grpc = _client()
        scheme, _, host = load.server.partition("://")
        self._made = self._grpc.InferenceServerClient(
            host.rstrip("/"), ssl=scheme == "grpcs", channel_args=_CHANNEL
        )
        self._headers = {"authorization": f"Bearer {load.token}"} if load.token else None

    def server(self) -> Server:
        found = self._ask(self._made.get_server_metadata)
        return Server(found.name, found.version, tuple(found.extensions))

    def model(self) -> ModelMetadata:
        found = self._ask(self._made.get_model_metadata, self._load.model, self._load.version)
        return ModelMetadata(
            found.name, _tensors(found.inputs), _tensors(found.outputs), found.platform
        )

    def infer(self, inputs: Mapping[str, Tensor]) -> Mapping[str, Tensor]:
        given = [self._input(name, each) for name, each in inputs.items()]
        found = self._ask(self._made.infer, self._load.model, given, self._load.version)
        names = [each.name for each in found.get_response().outputs]
        return {name: _array(found, name) for name in names}

    def close(self) -> None:
        self._made.close()

    def _input(self, name: str, tensor: Tensor) -> Any:
        made = self._grpc.InferInput(name, list(tensor.shape), datatype(tensor))
        made.set_data_from_numpy(tensor)
        return made

    def _ask(self, call: Callable[..., Any], *given: object) -> Any:
        try:
            return call(*given, headers=self._headers, client_timeout=self._load.timeout)
        except self._grpc.InferenceServerException as error:
            raise self._why(error) from None

    def _why(self, error: Any) -> NotReady | Rejected:
        status = str(error.status())
        said = " ".join(str(error.message()).split())[:_WORDS]
        if status in _REFUSED:
            return Rejected(_REFUSED[status])
        if status == "StatusCode.DEADLINE_EXCEEDED":
            return NotReady(f"no answer within {self._load.timeout:g} s")
        if status == "StatusCode.UNAVAILABLE":
            return NotReady("it cannot be reached")
        if status == "StatusCode.NOT_FOUND":
            return NotReady(f"it has no model '{self._load.model}' that is ready ({said})")
        return NotReady(f"it answered with {status.removeprefix('StatusCode.')} ({said})")


def _array(found: Any, name: str) -> Tensor:
    try:
        tensor: Tensor | None = found.as_numpy(name)
    except (ValueError, TypeError, KeyError) as error:
        raise NotReady(f"its answer is not of KServe v2: {error}") from error
    if tensor is None:
        raise NotReady(f"its answer is not of KServe v2: no numbers for output '{name}'")
    return tensor


def _tensors(some: Any) -> tuple[TensorMetadata, ...]:
    return tuple(TensorMetadata(each.name, each.datatype, tuple(each.shape)) for each in some)


def _client() -> Any:
    try:
        return import_module("tritonclient.grpc")
    except ImportError as error:
        raise Rejected(
            "grpc:// needs one more package: pip install 'watchpost[grpc]', or use http://"
        ) from error
