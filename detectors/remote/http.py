"""A model server over HTTP.

urllib3 in threads, because a picture is two megabytes: aiohttp took 100 ms to send one to Triton
on the same machine, and this takes 20.
"""

import os
from collections.abc import Mapping
from http import HTTPStatus
from time import monotonic
from typing import Final, TypeVar
from urllib.parse import quote

import msgspec
import urllib3
from urllib3.exceptions import (
    HTTPError,
    NameResolutionError,
    NewConnectionError,
    SSLError,
)
from urllib3.exceptions import (
    TimeoutError as TooLate,
)

from detectors.remote.options import Load
from detectors.remote.protocol import (
    BINARY,
    LENGTH,
    ModelMetadata,
    Server,
    Tensor,
    answer,
    request,
)
from hub.api import NotReady, Rejected

_T = TypeVar("_T")
# The output of a detector is a few megabytes; what sends more is none, and may not fill memory.
_LARGEST: Final = 64 * 1024 * 1024  # bytes
_PIECE: Final = 1024 * 1024  # bytes
_WORDS: Final = 200  # characters of a server's own complaint that are passed on
_REFUSED: Final = {
    HTTPStatus.UNAUTHORIZED: "it wants a token: give one as 'token'",
    HTTPStatus.FORBIDDEN: "it does not accept the token",
}


class HttpLink:
    """Implements ``Link``."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._address = load.server.rstrip("/")
        version = f"/versions/{quote(load.version, safe='')}" if load.version else ""
        self._path = f"/v2/models/{quote(load.model, safe='')}{version}"
        self._binary = True
        self._headers = {"Authorization": f"Bearer {load.token}"} if load.token else {}
        self._pool = urllib3.PoolManager(
            maxsize=load.requests, timeout=urllib3.Timeout(load.timeout), retries=False
        )

    def server(self) -> Server:
        body, _ = self._ask("GET", "/v2")
        found = _decoded(body, Server)
        # Not every server lists what it knows; those that do mean it.
        self._binary = not found.extensions or BINARY in found.extensions
        return found

    def model(self) -> ModelMetadata:
        self._ask("GET", f"{self._path}/ready")
        body, _ = self._ask("GET", self._path)
        return _decoded(body, ModelMetadata)

    def infer(self, inputs: Mapping[str, Tensor]) -> Mapping[str, Tensor]:
        body, headers = request(inputs, binary=self._binary)
        found, length = self._ask("POST", f"{self._path}/infer", body, headers)
        return answer(found, length)

    def close(self) -> None:
        self._pool.clear()

    def _ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[bytes, str | None]:
        """Return an answer's body, and the header that says how much of it is JSON."""
        until = monotonic() + self._load.timeout
        try:
            got = self._pool.request(
                method,
                self._address + path,
                body=body,
                headers={**self._headers, **(headers or {})},
                redirect=False,
                preload_content=False,
            )
            found = _read(got, until)
        except (HTTPError, OSError) as error:
            raise NotReady(_why(error, self._load.timeout)) from None
        if got.status != HTTPStatus.OK:
            raise self._refused(path, got.status, found)
        return found, got.headers.get(LENGTH)

    def _refused(self, path: str, status: int, body: bytes) -> NotReady | Rejected:
        said = _complaint(body)
        if status in _REFUSED:
            return Rejected(_REFUSED[HTTPStatus(status)])
        if status == HTTPStatus.NOT_FOUND or path.endswith("/ready"):
            return NotReady(f"it has no model '{self._load.model}' that is ready{said}")
        return NotReady(f"it answered with HTTP status {status}{said}")


def _read(got: urllib3.BaseHTTPResponse, until: float) -> bytes:
    """Return a body that is not larger than anything sensible, nor trickles for ever."""
    found = bytearray()
    for part in got.stream(_PIECE, decode_content=False):  # none was asked to be compressed
        found += part
        if len(found) > _LARGEST or monotonic() > until:
            got.close()
            raise _endless(len(found))
    got.release_conn()
    return bytes(found)


def _endless(size: int) -> Exception:
    return NotReady(f"it sent more than {_LARGEST // 1024**2} MB") if size > _LARGEST else TooLate()


def _decoded(body: bytes, kind: type[_T]) -> _T:
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.MsgspecError as error:
        raise NotReady(f"what it says of itself is not of KServe v2: {error}") from error


def _complaint(body: bytes) -> str:
    """Return what a server said went wrong, in brackets; nothing when it is not in JSON."""
    try:
        said = msgspec.json.decode(body, type=dict[str, object]).get("error", "")
    except msgspec.MsgspecError:
        return ""
    words = " ".join(str(said).split())[:_WORDS]
    return f" ({words})" if words else ""


def _why(error: Exception, limit: float) -> str:
    """Return the reason in the user's words."""
    if isinstance(error, NameResolutionError):
        return "no such host"
    if isinstance(error, SSLError):
        return "its certificate is not trusted"
    cause = error.__cause__ if isinstance(error, NewConnectionError) else error
    if isinstance(cause, OSError) and cause.errno:
        return f"it cannot be reached: {os.strerror(cause.errno).lower()}"
    if isinstance(error, TooLate):
        return f"no answer within {limit:g} s"
    return "it ended the connection"
