"""Holds one stream: connects, hands its packets to the sinks, and never gives up."""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from hub.api import Camera, HubError, NotReady, Pace, Rejected, Role, StreamFormat, StreamSource
from hub.core.stream import StreamPacket
from hub.ingest.backoff import Backoff
from hub.ingest.formats import FormatWatch
from hub.ingest.messages import Offline, Online
from hub.ingest.outage import Outage
from hub.ingest.reading import Over, Raw, read
from hub.ingest.reasons import SILENT
from hub.ingest.sinks import Sink
from hub.ingest.timeline import Timeline

# A camera with a protocol of its own says itself when it is away; this is for one that hangs.
OWN_SILENCE: Final = 60.0  # seconds
# A thread that FFmpeg does not give back (a name server that hangs, say) gets this much more.
GRACE: Final = 2.0  # seconds
# Connecting, then looking at the stream, then a key frame: longer than this is worth saying.
START: Final = 15.0  # seconds

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """Which stream of a camera to hold; ``called`` is its name where there are several.

    ``source`` is none for a camera with a protocol of its own.
    """

    camera: Camera
    role: Role
    source: StreamSource | None
    called: str = ""


class Feed:
    """One stream's thread; it hands what it reads to the sinks."""

    def __init__(
        self,
        stream: Stream,
        sinks: Sequence[Sink],
        report: Callable[[Online | Offline], None],
    ) -> None:
        self.name = stream.camera.name
        self.packets = 0
        self._stream = stream
        self._source = stream.source
        self._sinks = sinks
        self._report = report
        self._outage = Outage(self.name, self._said)
        self._backoff = Backoff()
        self._ended = threading.Event()
        words = f"camera {self.name} {stream.called}".strip()
        self._thread = threading.Thread(target=self._run, name=words, daemon=True)
        self._watch: FormatWatch | None = None
        self._announced: StreamFormat | None = None
        self._broken = ""  # what its plugin raised last
        self._begun = False  # whether the sinks have the format
        flat_out = self._source is not None and self._source.pace is Pace.MAX
        self._timeline = Timeline(flat_out=flat_out)
        self._silence = self._source.silence if self._source else OWN_SILENCE
        self._tried = time.monotonic()  # when the last attempt to connect began
        self._since = self._tried  # of the last packet, or of that attempt
        # Whether silence means anything.
        self._watched = self._source is None or self._source.pace is Pace.LIVE

    def start(self) -> None:
        """Begin to connect."""
        self._thread.start()

    def stop(self) -> None:
        """Let the camera go, without waiting for its thread."""
        self._ended.set()
        for sink in self._sinks:
            sink.close()

    def join(self, limit: float) -> None:
        """Wait for the thread, ``limit`` seconds at most."""
        self._thread.join(limit)

    def check(self, now: float) -> None:
        """Look from outside whether the camera has gone silent; called often by the worker."""
        if self._ended.is_set():
            return
        self._outage.waited(now)
        since = self._since
        if not self._watched:
            return
        if self._outage.online and now - since > self._silence + GRACE:
            self._outage.lost(self._worded(NotReady(SILENT)), since, now)
        if self._outage.silent and now - self._tried > START:
            why = "no answer yet" if now - since > START else "it sends no key frame"
            self._outage.failed(self._worded(NotReady(why)))

    def _said(self, message: Online | Offline) -> None:
        if isinstance(message, Offline):
            self._begun = False
            for sink in self._sinks:
                sink.end()
        if not self._ended.is_set():
            self._report(message)

    def _run(self) -> None:
        try:
            self._go_on()
        finally:
            for sink in self._sinks:
                sink.close()

    def _go_on(self) -> None:
        while not self._ended.is_set():
            try:
                wait = self._hold()
            except Over as over:
                self._outage.failed(self._worded(over))
                return
            except Exception as error:  # noqa: BLE001 - a plugin's own code runs here
                wait = self._broke(error)
            self._ended.wait(wait)

    def _broke(self, error: Exception) -> float:
        if isinstance(error, HubError):
            return self._failed(Rejected(str(error)))
        words = failed(error)
        if words != self._broken:
            self._broken = words
            _log.error("Camera %s failed", self.name, exc_info=error)
        return self._failed(NotReady(words))

    def _worded(self, error: Exception) -> str:
        called = self._stream.called
        return f"{called}: {error}" if called else str(error)

    def _hold(self) -> float:
        """Connect, and hand on packets until the connection is lost; return seconds to wait."""
        began, before = time.monotonic(), self.packets
        self._tried = self._since = began
        try:
            self._pull()
        except (NotReady, Rejected) as error:
            if self.packets == before:
                return self._failed(error)
            now = time.monotonic()
            self._outage.lost(self._worded(error), self._since, now)
            return self._backoff.after_loss(now - began)
        return 0.0

    def _failed(self, error: NotReady | Rejected) -> float:
        self._outage.failed(self._worded(error))
        if isinstance(error, Rejected):
            return self._backoff.after_refusal()
        return self._backoff.after_failure()

    def _items(self) -> Iterator[StreamFormat | Raw]:
        if self._source is None:
            return _pulled(self._stream.camera, self._stream.role)
        return read(self._source, self._ended)

    def _pull(self) -> None:
        self._begun, self._announced = False, None
        self._timeline.restart()
        with contextlib.closing(self._items()) as items:  # type: ignore[type-var] # both are generators
            for each in items:
                if self._ended.is_set():
                    return
                if isinstance(each, Raw):
                    self._take(each)
                elif each != self._announced:
                    self._announced, self._watch = each, FormatWatch(each)
                    self._begun = False

    def _take(self, raw: Raw) -> None:
        now = time.monotonic()
        self._since = now
        if raw.key:
            self._look(raw.data, now)
        if not self._begun:
            return
        moment = self._timeline.place(raw.pts, now, time.time())  # noqa: TID251 - a worker's clock
        packet = StreamPacket(
            pts=moment.pts,
            dts=self._timeline.decoded(moment.pts, raw.pts, raw.dts),
            captured=moment.captured,
            key=raw.key,
            data=raw.data,
        )
        self.packets += 1
        for sink in self._sinks:
            sink.take(packet)

    def _look(self, key_frame: bytes, now: float) -> None:
        """Compare the format with what the sinks were told, and tell them when it is new."""
        watch = self._watch
        if watch is None:
            return
        changed = watch.changed(key_frame)
        if changed is not None and self._begun:
            _log.info("Camera %s is now %s", self.name, _described(changed))
        if changed is not None or not self._begun:
            for sink in self._sinks:
                sink.begin(watch.current)
            self._begun = True
            self._outage.over(watch.current, now)


def failed(error: Exception) -> str:
    """Return what is said of a plugin that raised something unexpected.

    Not its text: that may hold the address, and the address a password.
    """
    return f"its plugin failed ({type(error).__name__})"


def _pulled(camera: Camera, role: Role) -> Iterator[StreamFormat | Raw]:
    """Yield the packets of a camera with a protocol of its own."""
    packets = iter(camera.packets(role))
    try:
        for number, packet in enumerate(packets):
            if number == 0:
                yield camera.format(role)
            yield Raw(data=packet.data, pts=packet.pts, dts=packet.pts, key=packet.key)
    finally:
        close: Callable[[], None] = getattr(packets, "close", lambda: None)
        close()
    raise NotReady("it stopped giving pictures")


def _described(stream: StreamFormat) -> str:
    return f"{stream.codec} {stream.width}x{stream.height}"
