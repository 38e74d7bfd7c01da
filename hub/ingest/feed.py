"""Holds one camera: connects, hands its packets to the sinks, and never gives up."""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
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


class Feed:
    """One camera's thread. ``make`` builds the camera, in that thread: imports may be slow."""

    def __init__(
        self,
        name: str,
        make: Callable[[], Camera],
        sinks: Callable[[StreamSource | None], Sequence[Sink]],
        report: Callable[[Online | Offline], None],
    ) -> None:
        self.name = name
        self.packets = 0
        self._make = make
        self._make_sinks = sinks
        self._sinks: Sequence[Sink] = ()
        self._report = report
        self._outage = Outage(name, self._said)
        self._backoff = Backoff()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"camera {name}", daemon=True)
        self._watch: FormatWatch | None = None
        self._announced: StreamFormat | None = None
        self._broken = ""  # what its plugin raised last
        self._begun = False  # whether the sinks have the format
        self._timeline = Timeline()
        self._silence = OWN_SILENCE
        self._tried = time.monotonic()  # when the last attempt to connect began
        self._since = self._tried  # of the last packet, or of that attempt
        self._watched = True  # whether silence means anything

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
            self._outage.lost(SILENT, since, now)
        if self._outage.silent and now - self._tried > START:
            self._outage.failed("no answer yet" if now - since > START else "it sends no key frame")

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
        pull: Callable[[], Iterator[StreamFormat | Raw]] | None = None
        while not self._ended.is_set():
            try:
                pull = pull or self._prepare()
                wait = self._hold(pull)
            except Over as over:
                self._outage.failed(str(over))
                return
            except Exception as error:  # noqa: BLE001 - a plugin's own code runs here
                wait = self._broke(error)
            self._ended.wait(wait)

    def _broke(self, error: Exception) -> float:
        if isinstance(error, HubError):
            return self._failed(Rejected(str(error)))
        # Not its text: that may hold the address, and the address a password.
        words = f"its plugin failed ({type(error).__name__})"
        if words != self._broken:
            self._broken = words
            _log.error("Camera %s failed", self.name, exc_info=error)
        return self._failed(NotReady(words))

    def _prepare(self) -> Callable[[], Iterator[StreamFormat | Raw]]:
        camera = self._make()
        source = _chosen(camera.streams())
        self._sinks = self._make_sinks(source)
        self._watched = source is None or source.pace is Pace.LIVE
        if source is None:
            return lambda: _pulled(camera)
        self._silence = source.silence
        self._timeline = Timeline(flat_out=source.pace is Pace.MAX)
        return lambda: read(source, self._ended)

    def _hold(self, pull: Callable[[], Iterator[StreamFormat | Raw]]) -> float:
        """Connect, and hand on packets until the connection is lost; return seconds to wait."""
        began, before = time.monotonic(), self.packets
        self._tried = self._since = began
        try:
            self._pull(pull)
        except (NotReady, Rejected) as error:
            if self.packets == before:
                return self._failed(error)
            now = time.monotonic()
            self._outage.lost(str(error), self._since, now)
            return self._backoff.after_loss(now - began)
        return 0.0

    def _failed(self, error: NotReady | Rejected) -> float:
        self._outage.failed(str(error))
        if isinstance(error, Rejected):
            return self._backoff.after_refusal()
        return self._backoff.after_failure()

    def _pull(self, pull: Callable[[], Iterator[StreamFormat | Raw]]) -> None:
        self._begun, self._announced = False, None
        self._timeline.restart()
        with contextlib.closing(pull()) as items:  # type: ignore[type-var] # both are generators
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
        packet = StreamPacket(pts=moment.pts, captured=moment.captured, key=raw.key, data=raw.data)
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


def _chosen(sources: Sequence[StreamSource]) -> StreamSource | None:
    """Return the stream that is detected on: the small one if there is one."""
    by_role = {each.role: each for each in sources}
    return by_role.get(Role.SUB) or by_role.get(Role.MAIN)


def _pulled(camera: Camera) -> Iterator[StreamFormat | Raw]:
    """Yield the packets of a camera with a protocol of its own."""
    packets = iter(camera.packets(Role.MAIN))
    try:
        for number, packet in enumerate(packets):
            if number == 0:
                yield camera.format(Role.MAIN)
            yield Raw(data=packet.data, pts=packet.pts, dts=packet.pts, key=packet.key)
    finally:
        close: Callable[[], None] = getattr(packets, "close", lambda: None)
        close()
    raise NotReady("it stopped giving pictures")


def _described(stream: StreamFormat) -> str:
    return f"{stream.codec} {stream.width}x{stream.height}"
