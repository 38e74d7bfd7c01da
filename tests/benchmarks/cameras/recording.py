"""The ingest worker with a recorder of the simplest kind, so that its cost can be told already.

``python -m tests.benchmarks.cameras.recording FD FOLDER`` is ``python -m hub.ingest`` with one more
sink. It copies each camera's main stream into hybrid fragmented MP4, half a second a fragment, one
thread writing for all, every file brought to the disk once a second. A minute makes a file, for
FFmpeg keeps an index of each in memory until it is closed.
"""

import io
import os
import threading
import time
from collections import deque
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
from av.container import OutputContainer

from hub.api import Role, StreamFormat
from hub.core.stream import StreamPacket
from hub.core.wire import Channel
from hub.core.workers import serve
from hub.ingest.holding import Wanted
from hub.ingest.messages import CameraFeed, FromHub, Note
from hub.ingest.worker import Ingest

_TICKS = 90_000
_LONGEST = 60.0  # seconds of a file
_OPTIONS = {
    "movflags": "hybrid_fragmented+default_base_moof",
    "frag_duration": "500000",  # microseconds
    "flush_packets": "1",
}


class Writer:
    """A sink that queues, and a file that is written from another thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._waiting: deque[StreamPacket] = deque()
        self._format: StreamFormat | None = None
        self._file: OutputContainer | None = None
        self._stream: av.VideoStream | None = None
        self._began = 0.0

    def begin(self, format: StreamFormat) -> None:  # noqa: A002 - it is the format
        self._format = format

    def take(self, packet: StreamPacket) -> None:
        self._waiting.append(packet)

    def end(self) -> None:
        return

    def close(self) -> None:
        return

    def write(self) -> None:
        """Write what waits and bring it to the disk."""
        while self._waiting:
            self._mux(self._waiting.popleft())
        if self._file is not None:
            with self._path.open("rb") as same:
                os.fdatasync(same.fileno())

    def _mux(self, taken: StreamPacket) -> None:
        if self._file is not None and taken.key and taken.pts - self._began >= _LONGEST:
            self._file.close()
            self._file = None
        if self._file is None or self._stream is None:
            if not taken.key or self._format is None:
                return
            self._began = taken.pts
            self._open(self._format.extradata + taken.data)
        assert self._file is not None
        packet = av.Packet(taken.data)
        packet.stream, packet.time_base = self._stream, Fraction(1, _TICKS)
        packet.pts, packet.dts = round(taken.pts * _TICKS), round(taken.dts * _TICKS)
        packet.is_keyframe = taken.key
        self._file.mux_one(packet)

    def _open(self, beginning: bytes) -> None:
        self._file = av.open(str(self._path), "w", format="mp4", options=_OPTIONS)
        with av.open(io.BytesIO(beginning), format="h264") as like:
            self._stream = self._file.add_stream_from_template(like.streams.video[0])


class Recording(Ingest):
    """Cameras that are recorded as well as looked at."""

    def __init__(self, channel: Channel[FromHub], folder: Path) -> None:
        super().__init__(channel)
        self._folder = folder
        self._writers: list[Writer] = []
        threading.Thread(target=self._write, daemon=True).start()

    def _wanted(self, camera: CameraFeed) -> Sequence[Wanted]:
        writer = Writer(self._folder / f"{camera.name}.mp4")
        self._writers.append(writer)
        recorder = Wanted(roles=(Role.MAIN,), make=lambda _: writer)
        return (*super()._wanted(camera), recorder)

    def _write(self) -> None:
        while True:
            time.sleep(1.0)
            for each in list(self._writers):
                each.write()


async def main(channel: Channel[FromHub], arguments: Sequence[str]) -> None:
    """Follow the plans, as the ingest worker does."""
    ingest = Recording(channel, Path(arguments[0]))
    ingest.start()
    try:
        async for plan in channel:
            await ingest.follow(plan.cameras)
    finally:
        await ingest.stop()


if __name__ == "__main__":
    serve(FromHub, main, note=lambda level, text: Note(level=level, text=text))
