"""A live HLS camera: segments are cut as time passes, and the playlist slides."""

import asyncio
import tempfile
import threading
import time
from fractions import Fraction
from pathlib import Path

import av

from tests.servers.looping import PASSWORD
from tests.servers.web import Request, WebServer, answer


class HlsServer(WebServer):
    """Serves a looped clip as ``/live.m3u8`` in segments of a second."""

    def __init__(self, clip: Path, *, auth: str = "none", password: str = PASSWORD) -> None:
        super().__init__(auth=auth, password=password)
        self.clip = clip
        self.playlist = ""
        """Served instead of the real one, when set."""
        self._folder = tempfile.TemporaryDirectory(prefix="hls-")
        self._ended = threading.Event()
        self._cutter: threading.Thread | None = None

    def url(self, user: str | None = None, password: str | None = None) -> str:
        """Return an address with the right credentials, or the ones given."""
        return self.address("live.m3u8", user, password)

    def start(self) -> "HlsServer":
        self._ended.clear()
        self._cutter = threading.Thread(target=self._cut, daemon=True)
        self._cutter.start()
        super().start()
        while not (Path(self._folder.name) / "live.m3u8").exists():
            time.sleep(0.02)
        return self

    def stop(self) -> None:
        self._ended.set()
        if self._cutter:
            self._cutter.join()
        super().stop()

    def __exit__(self, *error: object) -> None:
        self.stop()
        self._folder.cleanup()

    async def respond(self, request: Request, writer: asyncio.StreamWriter) -> None:
        file = Path(self._folder.name) / Path(request.path).name
        found = await asyncio.to_thread(lambda: file.read_bytes() if file.is_file() else None)
        if file.suffix == ".m3u8" and self.playlist:
            found = self.playlist.encode()
        if found is None:
            writer.write(answer("404 Not Found", b""))
            return
        kind = "application/vnd.apple.mpegurl" if file.suffix == ".m3u8" else "video/mp2t"
        writer.write(answer("200 OK", found, f"Content-Type: {kind}\r\n"))

    def _cut(self) -> None:
        options = {"hls_time": "1", "hls_list_size": "4", "hls_flags": "temp_file"}
        playlist = str(Path(self._folder.name) / "live.m3u8")
        with (
            av.open(str(self.clip), options={"protocol_whitelist": "file"}) as source,
            av.open(playlist, "w", format="hls", options=options) as target,
        ):
            stream = source.streams.video[0]
            copy = target.add_stream_from_template(stream)
            # The first three segments are there at once, as they are when one joins a camera.
            began, shift = time.monotonic() - 3.2, Fraction(0)
            while not self._ended.is_set():
                shift += self._round(source, target, copy, (began, shift))

    def _round(self, source, target, copy, at) -> Fraction:  # type: ignore[no-untyped-def]
        began, shift = at
        stream = source.streams.video[0]
        last = shift
        source.seek(0)
        for packet in source.demux(stream):
            if packet.dts is None or self._ended.is_set():
                continue
            last = shift + packet.pts * stream.time_base + Fraction(1) / stream.average_rate
            while time.monotonic() < began + float(last) and not self._ended.wait(0.01):
                pass
            steps = round(shift / stream.time_base)
            packet.pts, packet.dts = packet.pts + steps, packet.dts + steps
            packet.stream = copy
            target.mux(packet)
        return last - shift
