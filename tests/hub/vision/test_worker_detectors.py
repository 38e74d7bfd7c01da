"""Two real detectors in a worker's process: one goes first, both tell what they spend."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import msgspec
import pytest

from hub.core.stream import StreamPacket, StreamStart
from hub.core.wire import Channel, pack
from hub.vision import loading, mending, replay
from hub.vision.messages import Beat, DetectorLoaded, FromHub, Note
from hub.vision.plan import CameraPlan, CapturePlan, CaptureRule, DetectorPlan, Plan, ZonePlan
from hub.vision.runner import Pipeline
from hub.vision.worker import Worker
from tests.hub.vision.scenes import RedFinder
from tests.hub.vision.test_cascade import net
from tests.hub.vision.test_worker import BUILTIN, Process

ALL = ZonePlan(name="all", polygon=((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)))
PORCH = CameraPlan(name="porch", detector="yolox_nano", first="lwpd_192", zones=(ALL,))


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Process]:
    process = Process(tmp_path / "vision.sock")
    yield process
    process.close()


def planned(data: Path, model: str) -> DetectorPlan:
    made = net(data, model)
    options = msgspec.to_builtins(made._load)
    made.close()
    return DetectorPlan(name=model, plugin="openvino", key="openvino", options=options)


def play(worker: Process, clip: Path) -> None:
    """Send a recording as ingest sends one that waits."""
    with worker.connect() as feed, replay._opened(clip) as container:
        feed.settimeout(60)
        stream = container.streams.video[0]
        form = replay._format(stream)
        feed.sendall(pack(StreamStart(camera="porch", format=form, patient=True)))
        for number, each in enumerate(replay._packets(container, stream)):
            if number == 110:  # somebody has come and gone
                break
            packet = StreamPacket(
                pts=each.pts, dts=each.pts, captured=1e9 + each.pts, key=each.key, data=each.data
            )
            feed.sendall(pack(packet))
        worker.wait(lambda w: "object.left" in w.kinds(), 60)


def test_a_first_detector_is_asked_beside_the_full_one(worker: Process, data: Path) -> None:
    clip = data / "footage" / "people-detection.mp4"
    if not clip.is_file():
        pytest.skip(f"{clip} is not there")
    both = tuple(planned(data, each) for each in ("yolox_nano", "lwpd_192"))
    worker.tell(Plan(cameras=(PORCH,), detectors=both))
    worker.wait(lambda w: len(w.of(DetectorLoaded)) == 2)
    play(worker, clip)

    def asked(name: str) -> bool:
        beats = [each.detectors for each in worker.of(Beat) if len(each.detectors) == 2]
        return any(each[name].questions > 0 for each in beats)

    # What was spent is told once a second, the end of the recording at once.
    worker.wait(lambda _: asked("yolox_nano") and asked("lwpd_192"))
    assert worker.kinds().count("object.appeared") == 1


def test_one_that_cannot_go_first_is_said_and_the_other_looks(worker: Process, data: Path) -> None:
    clip = data / "footage" / "people-detection.mp4"
    if not clip.is_file():
        pytest.skip(f"{clip} is not there")
    camera = msgspec.structs.replace(PORCH, first="builtin")
    worker.tell(Plan(cameras=(camera,), detectors=(planned(data, "yolox_nano"), BUILTIN)))
    worker.wait(lambda w: len(w.of(DetectorLoaded)) == 2)
    worker.wait(lambda w: [n for n in w.of(Note) if "builtin is not asked first" in n.text])
    play(worker, clip)
    assert worker.kinds().count("object.appeared") == 1


def test_a_pipeline_that_begins_anew_has_all_its_detectors_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Red(RedFinder):
        def __init__(self, name: str, options: object) -> None:
            super().__init__()

    def fail(_: Pipeline) -> None:
        raise RuntimeError("a mistake")

    monkeypatch.setattr(loading, "component", lambda *_: Red)
    monkeypatch.setattr(mending, "_FIRST", 0.01)
    rules = (CaptureRule(when="disagree", other="red"),)
    capture = CapturePlan(rules=rules)
    camera = CameraPlan(name="porch", detector="red", appearance="red", capture=capture)
    red = DetectorPlan(name="red", plugin="red", key="red")

    async def until(true: Callable[[], object]) -> None:
        async with asyncio.timeout(10):
            while not true():  # noqa: ASYNC110 - threads change it
                await asyncio.sleep(0.01)

    async def story() -> None:
        sink = SimpleNamespace(send=lambda _: None)
        worker = Worker(cast("Channel[FromHub]", sink), "r")
        await worker._follow(Plan(cameras=(camera,), detectors=(red,)))
        watch = worker._watches["porch"]
        first = watch._pipeline
        await until(lambda: first.likes and first.keeping._captures._others)
        watch.do(fail)
        await until(lambda: watch._pipeline is not first)
        again = watch._pipeline
        await until(lambda: again.likes and again.keeping._captures._others)
        worker._close()

    asyncio.run(story())
