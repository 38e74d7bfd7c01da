"""A recording through a camera's pipeline: the same road as live, every run the same.

Packets are read as ingest reads them and decoded as the worker decodes them. Only here a
detector is waited for, so nothing is left out and the machine's speed changes nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep
from typing import Final

import av
import cv2
from av.container import InputContainer
from av.video.stream import VideoStream
from msgspec.structs import replace

from hub.api import Detector, Invalid, NotReady, Packet, StreamFormat
from hub.api.vision import VisionEvent
from hub.vision.albums import Album, keeper
from hub.vision.annotating import Annotator
from hub.vision.cascade import Cascade, unsuited
from hub.vision.darkroom import Darkroom
from hub.vision.decoding import Frame
from hub.vision.inference import Eyes, Waited
from hub.vision.likes import Likes
from hub.vision.plan import CameraPlan
from hub.vision.runner import Pipeline
from hub.vision.samples import catcher

Progress = Callable[[float, float], None]
"""Called with the seconds done, and the recording's length (nought when unknown)."""

_EPOCH: Final = datetime.fromtimestamp(0, UTC)  # recordings that do not say when they began


@dataclass(kw_only=True)
class Summary:
    """What a replay did: ``seconds`` of recording in ``took`` seconds.

    ``motion_picture`` returns the last frame with where it moved: a PNG if told so, or a JPEG.
    """

    frames: int = 0
    seconds: float = 0.0
    took: float = 0.0
    inferences: int = 0
    spared: int = 0
    errors: int = 0
    events: Counter[str] = field(default_factory=Counter)
    motion_picture: Callable[[bool], bytes] | None = field(default=None, repr=False)

    def conclude(self, pipeline: Pipeline, took: float) -> "Summary":
        """Take over what the pipeline counted, and where it saw movement."""
        done = pipeline.counters
        self.motion_picture = lambda lossless: pipeline.motion_picture(lossless=lossless)
        self.frames, self.inferences, self.errors = done.frames, done.inferences, done.errors
        self.spared = done.spared
        self.took = took
        return self

    def __str__(self) -> str:
        speed = self.seconds / self.took if self.took else 0.0
        times = f"{speed:.1f} times real time" if speed else "at once"
        kinds = ", ".join(f"{count} {name}" for name, count in sorted(self.events.items()))
        spared = f" ({self.spared} spared by the first detector)" if self.spared else ""
        wrong = f", {_counted(self.errors, 'decoding error')}" if self.errors else ""
        return (
            f"{_counted(self.frames, 'frame')}, {self.seconds:.1f} s in {self.took:.1f} s ({times})"
            f", {_counted(self.inferences, 'inference')}{spared}{wrong}; {kinds or 'no events'}"
        )


def replay(  # noqa: PLR0913 - each is an option of the command
    file: Path,
    plan: CameraPlan,
    detector: Detector | None,
    emit: Callable[[VisionEvent], None],
    *,
    progress: Progress | None = None,
    speed: float = 0.0,
    media: Path | None = None,
    annotator: Annotator | None = None,
    first: Detector | None = None,
    appearance: Detector | None = None,
    others: Mapping[str, Detector] | None = None,
) -> Summary:
    """Run a recording through a camera's pipeline; ``detector`` is loaded, or none.

    Events are numbered from 1 and bear their capture time; ``speed`` 1 is as recorded, 0 as fast
    as it goes. ``first`` is asked before the detector, ``appearance`` what things look like, and
    ``others`` by capture rules. Files go below ``media``. Raises ``Invalid``.
    """
    cv2.setNumThreads(1)
    summary, began = Summary(), monotonic()
    stamped = _stamping(summary, emit, annotator)
    pipeline = Pipeline(plan, _eyes(plan, detector, first), stamped)
    pipeline.likes = Likes(appearance, _unlike) if appearance else None
    _keep_pictures(pipeline, media, stamped, others or {})
    with _opened(file) as container:
        told = _told(progress, _length(container, stream := container.streams.video[0]))
        for frame in _frames(pipeline, container, stream, every=annotator is not None):
            summary.seconds = max(summary.seconds, frame.pts)
            _pace(summary.seconds, monotonic() - began, speed)
            _look(pipeline, frame, annotator)
            told(summary.seconds)
    pipeline.silence()
    return summary.conclude(pipeline, monotonic() - began)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _stamping(
    summary: Summary, emit: Callable[[VisionEvent], None], annotator: Annotator | None
) -> Callable[[VisionEvent], None]:
    def stamped(event: VisionEvent) -> None:
        summary.events[event.type] += 1
        emit(replace(event, sequence=summary.events.total(), time=event.captured, source="vision"))
        if annotator is not None:
            annotator.tell(event)

    return stamped


def _unlike(reason: str) -> None:
    raise NotReady(f"what things look like cannot be told: {reason}")


def _told(progress: Progress | None, length: float) -> Callable[[float], None]:
    return lambda done: progress(done, length) if progress is not None else None


def _look(pipeline: Pipeline, frame: Frame, annotator: Annotator | None) -> None:
    before = pipeline.counters.looked
    pipeline.look(frame)
    if annotator is not None:
        looked = pipeline.counters.looked > before
        annotator.show(frame, pipeline.overlay() if looked else None)


def _eyes(plan: CameraPlan, detector: Detector | None, first: Detector | None) -> Eyes | None:
    """Return what looks: the detector, with another before it if there is one and it fits."""
    if detector is None:
        return None
    full = Waited(detector, plan.name)
    if first is None:
        return full
    if reason := unsuited(first, detector, plan.objects):
        raise Invalid(f"detector '{plan.first}' cannot be asked first: {reason}")
    return Cascade(Waited(first, plan.name), full, first.labels, plan.min_score)


def about(file: Path) -> tuple[datetime, float]:
    """Return when a recording began (1970 if it does not tell) and its frames a second."""
    with _opened(file) as container:
        return _start(container), float(container.streams.video[0].average_rate or 25)


def _keep_pictures(
    pipeline: Pipeline,
    media: Path | None,
    emit: Callable[[VisionEvent], None],
    others: Mapping[str, Detector],
) -> None:
    if media is None:
        return
    album, darkroom = Album(media), Darkroom(threaded=False)
    pipeline.keeping.keep_with(keeper(pipeline.plan.name, album, darkroom, emit))
    pipeline.keeping.catch_with(catcher(media, pipeline.plan.name, darkroom))
    seconds = {name: Waited(each, pipeline.plan.name) for name, each in others.items()}
    pipeline.keeping.compare_with(seconds)


def _frames(
    pipeline: Pipeline, container: InputContainer, stream: VideoStream, *, every: bool
) -> Iterator[Frame]:
    pipeline.every = every
    pipeline.start(_format(stream))
    start = _start(container).timestamp()
    for packet in _packets(container, stream):
        yield from pipeline.decode(packet.data, packet.pts, start + packet.pts, key=packet.key)
    yield from pipeline.drain()


def _opened(file: Path) -> InputContainer:
    if not file.is_file():
        raise Invalid(f"there is no file {file}")
    try:
        container = av.open(f"file:{file}", options={"protocol_whitelist": "file"})
    except av.FFmpegError as error:
        raise Invalid(f"{file} cannot be read as a video: {error.strerror}") from error
    if not container.streams.video:
        container.close()
        raise Invalid(f"{file} holds no pictures")
    return container


def _format(stream: VideoStream) -> StreamFormat:
    codec = stream.codec_context
    return StreamFormat(
        codec=codec.codec.canonical_name,
        extradata=codec.extradata or b"",
        width=codec.width,
        height=codec.height,
    )


def _packets(container: InputContainer, stream: VideoStream) -> Iterator[Packet]:
    """Yield packets with times from the recording's start, also where it gives none."""
    origin, step = stream.start_time, 1.0 / float(stream.average_rate or 25)
    base, last = float(stream.time_base or 0), -step
    for each in container.demux(stream):
        if not each.size:
            continue
        ticks = each.pts if each.pts is not None else each.dts
        origin = ticks if origin is None else origin
        last = (ticks - origin) * base if ticks is not None and origin is not None else last + step
        yield Packet(data=bytes(each), pts=last, key=each.is_keyframe)


def _start(container: InputContainer) -> datetime:
    said = container.metadata.get("creation_time", "")
    try:
        start = datetime.fromisoformat(said)
    except ValueError:
        return _EPOCH
    return start.replace(tzinfo=start.tzinfo or UTC)


def _length(container: InputContainer, stream: VideoStream) -> float:
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    return (container.duration or 0) / av.time_base


def _pace(shown: float, passed: float, speed: float) -> None:
    if speed > 0 and shown / speed > passed:
        sleep(shown / speed - passed)
