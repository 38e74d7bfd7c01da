"""The worker as a process: what it stores, what it goes on with, and a disk that takes nothing."""

import asyncio
import resource
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import av
import cv2
import msgspec
import pytest
import voluptuous as vol

from detectors.openvino.detector import OpenVino
from hub.api import ObjectPictured, Packet, ReviewEnded, StreamFormat
from hub.vision.messages import DetectorLoaded, Note
from hub.vision.plan import CapturePlan, CaptureRule, DetectorPlan, Plan, ReviewPlan
from hub.vision.samples import read
from tests.detectors.openvino.conftest import Shelf
from tests.hub.vision.scenes import Encoded, encode, picture, walk
from tests.hub.vision.test_worker import BUILTIN, PORCH, Process, send

REVIEWED = msgspec.structs.replace(PORCH, review=ReviewPlan(before=1.0, after=3.0))


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Process]:
    process = Process(tmp_path / "vision.sock")
    yield process
    process.close()


@pytest.fixture(scope="module")
def visit() -> Encoded:
    """Two seconds of nothing, four of somebody who crosses, eight of nothing."""
    return encode([*[picture()] * 20, *walk(4, 10, 0.05, 0.95), *[picture()] * 80])


def plan(media: Path, **facts: object) -> Plan:
    camera = msgspec.structs.replace(REVIEWED, **facts)
    return Plan(cameras=(camera,), detectors=(BUILTIN,), media=str(media))


def watched(worker: Process, wanted: Plan, clip: Encoded) -> None:
    worker.tell(wanted)
    worker.wait(lambda w: len(w.of(DetectorLoaded)) == len(wanted.detectors))
    with worker.connect() as feed:
        send(feed, clip)
        worker.wait(lambda w: "review.ended" in w.kinds(), 40)


def test_pictures_are_stored_and_told_of_when_they_are_there(
    worker: Process, visit: Encoded, tmp_path: Path
) -> None:
    watched(worker, plan(tmp_path / "media"), visit)
    told = [each for each in worker.events if isinstance(each, ObjectPictured)]
    assert told
    assert {each.track for each in told} <= {
        each.track for each in worker.events if each.type == "object.appeared"
    }
    for each in told:
        for path in (each.picture, each.annotated, each.thumbnail):
            assert cv2.imread(path) is not None
            assert Path(path).is_relative_to(tmp_path / "media" / "tracks" / "porch")
    assert not [*(tmp_path / "media").rglob("*.part")]


def test_without_a_media_folder_nothing_is_stored(
    worker: Process, visit: Encoded, tmp_path: Path
) -> None:
    watched(worker, Plan(cameras=(REVIEWED,), detectors=(BUILTIN,)), visit)
    assert "object.pictured" not in worker.kinds()
    assert not [*tmp_path.rglob("*.jpg")]


def test_a_full_disk_is_said_once_and_disturbs_nothing_else(
    worker: Process, visit: Encoded, tmp_path: Path
) -> None:
    rules = (CaptureRule(when="every", every=1.0),)
    resource.prlimit(worker.process.pid, resource.RLIMIT_FSIZE, (500, 500))
    watched(worker, plan(tmp_path / "media", capture=CapturePlan(rules=rules)), visit)
    worker.wait(lambda w: w.of(Note))
    notes = [each.text for each in worker.of(Note)]
    assert [each for each in notes if "stored" in each] == [
        "hub.vision.darkroom: Pictures cannot be stored: File too large"
    ]
    kinds = worker.kinds()
    assert "object.pictured" not in kinds
    assert {"object.appeared", "zone.entered", "zone.left", "review.ended"} <= set(kinds)
    assert not [each for each in (tmp_path / "media").rglob("*") if each.is_file()]


def test_an_open_review_goes_on_in_the_worker_that_takes_over(
    worker: Process, tmp_path: Path
) -> None:
    memory = tmp_path / "memory"
    memory.mkdir()
    wanted = msgspec.structs.replace(plan(tmp_path / "media"), memory=str(memory))
    there = encode([*[picture()] * 10, *walk(4, 10, 0.05, 0.6)])
    worker.tell(wanted)
    worker.wait(lambda w: w.of(DetectorLoaded))
    with worker.connect() as feed:
        send(feed, there)
        worker.wait(lambda w: "review.started" in w.kinds())
        time.sleep(1.2)
    (review,) = {each.review for each in worker.events if each.type.startswith("review")}
    worker.restart()
    watched(worker, wanted, encode([picture()] * 120))
    ended = [each for each in worker.events if isinstance(each, ReviewEnded)]
    assert ended[0].review == review


def footage(path: Path, seconds: float) -> Encoded:
    """A film's packets as ingest sends them."""
    with av.open(str(path)) as film:
        stream = film.streams.video[0]
        form = StreamFormat(
            codec=stream.codec_context.name,
            extradata=bytes(stream.codec_context.extradata or b""),
            width=stream.codec_context.width,
            height=stream.codec_context.height,
        )
        packets = [
            Packet(data=bytes(each), pts=float(each.pts * stream.time_base), key=each.is_keyframe)
            for each in film.demux(stream)
            if each.size and each.pts is not None and each.pts * stream.time_base < seconds
        ]
    return Encoded(form, packets)


@pytest.mark.slow
def test_two_detectors_that_disagree_are_captured_with_both_opinions(
    worker: Process, data: Path, tmp_path: Path
) -> None:
    context = SimpleNamespace(
        ask=lambda _: Shelf(data / "models"), paths=SimpleNamespace(config=tmp_path)
    )
    options = asyncio.run(OpenVino.prepare(vol.Schema(dict(OpenVino.SCHEMA))({}), context))
    second = DetectorPlan(name="nano", plugin="openvino", key="openvino", options=dict(options))
    rule = CaptureRule(when="disagree", other="nano", objects=("person",), pause=0.5)
    wanted = plan(tmp_path / "media", capture=CapturePlan(rules=(rule,)), min_score=0.5)
    wanted = msgspec.structs.replace(wanted, detectors=(BUILTIN, second))
    worker.tell(wanted)
    worker.wait(lambda w: len(w.of(DetectorLoaded)) == 2, 40)
    with worker.connect() as feed:
        send(feed, footage(data / "footage" / "people-detection.mp4", 12.0))
        worker.wait(lambda _: [*(tmp_path / "media" / "capture").rglob("*.json")], 40)
    for image, sample in read(tmp_path / "media"):
        assert cv2.imread(str(image)).shape == (432, 768, 3)
        assert (sample.model, sample.other_model) == ("builtin", "nano")
        sure = [each for each in (*sample.detections, *sample.others) if each.score >= 0.5]
        assert any(each.label == "person" for each in sure)
