"""A web server with the ways real ones misbehave, each under a first folder of its own."""

import re
import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

PIECE = 256 * 1024  # bytes


class Shelf:
    """Serves a folder's files as ``address/WAY/FILE``; ``asked`` are paths with their ranges."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[tuple[str, str | None]] = []
        self.sent = 0  # bytes
        self.over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def address(self, way: str) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/{way}"

    def find(self, name: str) -> Path:
        """Return a file of this name, whichever folder it is in; of two precisions the full."""
        deeper = [each for each in sorted(self.folder.rglob(name)) if "INT8" not in str(each)]
        return deeper[0] if deeper else self.folder / name

    def close(self) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, shelf: Shelf, *rest: object) -> None:
        self.shelf = shelf
        super().__init__(*rest)

    def do_GET(self) -> None:
        self.shelf.asked.append((self.path, self.headers.get("Range")))
        way, _, name = self.path.lstrip("/").partition("/")
        getattr(self, f"way_{way}")(self.shelf.find(name))

    def log_message(self, *_: object) -> None:
        """The tests say what went wrong."""

    def way_plain(self, file: Path) -> None:
        self._answer(file.read_bytes())

    def way_slow(self, file: Path) -> None:
        self.shelf.over.wait(1)
        self._answer(file.read_bytes())

    def way_cut(self, file: Path) -> None:
        """Send half of what is asked for, the first time."""
        first = sum(path == self.path for path, _ in self.shelf.asked) == 1
        self._answer(file.read_bytes(), share=0.5 if first else 1)

    def way_torn(self, file: Path) -> None:
        """Send a quarter of what is asked for, every time."""
        self._answer(file.read_bytes(), share=0.25)

    def way_forgetful(self, file: Path) -> None:
        """Cut the first answer, and know nothing of ranges."""
        first = sum(path == self.path for path, _ in self.shelf.asked) == 1
        self._answer(file.read_bytes(), share=0.5 if first else 1, ranges=False)

    def way_wrong(self, file: Path) -> None:
        data = bytearray(file.read_bytes())
        data[len(data) // 2] ^= 1
        self._answer(bytes(data))

    def way_longer(self, file: Path) -> None:
        self._answer(file.read_bytes() + b"and more")

    def way_endless(self, file: Path) -> None:
        """Say nothing of a length, and never stop."""
        self.send_response(200)
        self.end_headers()
        self.close_connection = True
        while self._write(bytes(PIECE)):
            pass

    def way_stall(self, file: Path) -> None:
        self._answer(file.read_bytes(), share=0.5, hang=True)

    def way_silent(self, file: Path) -> None:
        self.close_connection = True
        self.shelf.over.wait()

    def way_busy(self, file: Path) -> None:
        """Be overloaded, the first time."""
        if sum(path == self.path for path, _ in self.shelf.asked) == 1:
            self._empty(503)
        else:
            self._answer(file.read_bytes())

    def way_gone(self, file: Path) -> None:
        self._empty(404)

    def way_moved(self, file: Path) -> None:
        self._empty(302, Location=f"/plain/{file.name}")

    def way_circle(self, file: Path) -> None:
        self._empty(302, Location=self.path)

    def way_astray(self, file: Path) -> None:
        self._empty(302, Location=file.as_uri())

    def _empty(self, status: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _answer(
        self, data: bytes, *, share: float = 1, ranges: bool = True, hang: bool = False
    ) -> None:
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", "")) if ranges else None
        start = int(asked[1]) if asked else 0
        self.send_response(206 if asked else 200)
        if asked:
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        self.send_header("Content-Length", str(len(data) - start))
        self.end_headers()
        self._write(data[start : start + round((len(data) - start) * share)])
        if hang:
            self.shelf.over.wait()
        self.close_connection = self.close_connection or share < 1

    def _write(self, data: bytes) -> bool:
        for at in range(0, len(data), PIECE):
            try:
                self.wfile.write(data[at : at + PIECE])
            except OSError:
                return False
            self.shelf.sent += len(data[at : at + PIECE])
        return not self.shelf.over.is_set()


@pytest.fixture
def shelf(data: Path) -> Iterator[Shelf]:
    shelf = Shelf(data / "models")
    yield shelf
    shelf.close()


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder into which models are fetched; nothing else is said by the environment."""
    for name in ("WATCHPOST_MODELS", "WATCHPOST_OFFLINE", "http_proxy", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "watchpost" / "models"
