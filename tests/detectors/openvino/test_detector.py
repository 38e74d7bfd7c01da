"""The real model on real footage: the right boxes, once each, whoever asks and however often."""

import gc
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from hub.api import Box, Detection
from tests.detectors.openvino.conftest import (
    CAMERA,
    HIGH,
    WIDE,
    Make,
    Picture,
    Truth,
    iou,
    look,
    region,
)


def persons(found: Sequence[Detection], least: float = 0.3) -> list[Detection]:
    return [each for each in found if each.label == "person" and each.score >= least]


@pytest.mark.parametrize(
    "given",
    [
        {"size": 416},
        {"size": 640},
        {"size": [640, 384]},
        {"size": 416, "hint": "throughput"},
        {"model": "half"},
        {"precision": "auto"},
        {"model": "models/yolox_nano.onnx", "head": "yolox", "labels": "coco"},
    ],
    ids=str,
)
def test_it_finds_the_people_of_the_footage(
    make: Make, frames: dict[int, Picture], truth: Truth, given: dict[str, object]
) -> None:
    seen = look(make(**given), *(region(picture) for picture in frames.values()))
    hits = wanted = 0
    for frame, found in zip(frames, seen, strict=True):
        for box in truth.get(frame, ()):
            wanted += 1
            hits += any(iou(box, each.box) > 0.5 for each in persons(found))
    assert wanted >= 20
    assert hits / wanted >= 0.9
    assert sum(len(persons(found, 0.5)) for found in seen) <= wanted * 1.2


def test_a_model_of_persons_only_knows_one_label(
    make: Make, frames: dict[int, Picture], truth: Truth
) -> None:
    detector = make(model="lwpd_192")
    (found,) = look(detector, region(frames[205]))
    assert detector.labels == ("person",)
    assert all(any(iou(box, each.box) > 0.5 for each in found) for box in truth[205])


@pytest.mark.parametrize(
    "place",
    [
        Box(0.2, 0.1, 0.7, 1.0),  # upright
        Box(0.0, 0.2, 0.7, 1.0),  # wide
        Box(0.2, 0.0, 0.7625, 1.0),  # square
    ],
    ids=["upright", "wide", "square"],
)
@pytest.mark.parametrize("size", [416, 640])
def test_a_part_of_the_frame_gives_boxes_of_the_whole(
    make: Make, frames: dict[int, Picture], place: Box, size: int
) -> None:
    detector = make(size=size)
    part, whole = look(detector, region(frames[365], place), region(frames[365]))
    inside = [
        each
        for each in persons(whole, 0.5)
        if place.left < each.box.left
        and each.box.right < place.right
        and place.top < each.box.top
        and each.box.bottom <= place.bottom
    ]
    assert inside
    for one in inside:
        near = max(persons(part), key=lambda each: iou(each.box, one.box))
        assert iou(near.box, one.box) > 0.75
    for each in part:
        assert place.left <= each.box.left < each.box.right <= place.right
        assert place.top <= each.box.top < each.box.bottom <= place.bottom


def test_low_scores_are_given_to_the_tracker(make: Make, frames: dict[int, Picture]) -> None:
    regions = [region(picture) for picture in frames.values()]
    low = [each.score for found in look(make(), *regions) for each in found]
    high = [each.score for found in look(make(min_score=0.5), *regions) for each in found]
    assert 0.1 <= min(low) < 0.3
    assert max(low) <= 1
    assert min(high) >= 0.5


def test_an_empty_scene_is_empty(make: Make) -> None:
    (found,) = look(make(), region(np.full((360, 640, 3), 90, np.uint8)))
    assert not persons(found)


def test_the_same_picture_always_gives_the_same_answer(
    make: Make, frames: dict[int, Picture]
) -> None:
    pictures = [region(frames[at]) for at in (205, 365)]
    first, second = make(hint="throughput"), make(hint="throughput")
    once = look(first, *pictures)
    assert look(first, *pictures * 5) == once * 5
    assert look(second, *pictures) == once


def test_pixels_may_be_reused_once_submitted(make: Make, frames: dict[int, Picture]) -> None:
    detector = make()
    expected = look(detector, region(frames[205]))[0]
    kept = region(frames[205])
    reused = bytearray(kept.pixels)
    answered = threading.Event()
    got: list[Sequence[Detection]] = []
    detector.submit(
        type(kept)(pixels=memoryview(reused), width=WIDE, height=HIGH, place=kept.place),
        CAMERA,
        lambda found: (got.append(found), answered.set()),
    )
    reused[:] = bytes(len(reused))
    assert answered.wait(10)
    assert got == [expected]


def test_many_threads_are_each_answered_with_their_own(
    make: Make, frames: dict[int, Picture]
) -> None:
    detector = make(hint="throughput")
    expected = {at: look(detector, region(frames[at]))[0] for at in (40, 205, 365)}
    got: dict[int, list[list[Sequence[Detection]]]] = {}

    def ask(at: int) -> None:
        got[at] = [look(detector, region(frames[at]), region(frames[at])) for _ in range(5)]

    threads = [threading.Thread(target=ask, args=(at,)) for at in expected]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert got == {at: [[found, found]] * 5 for at, found in expected.items()}


def test_close_waits_for_every_answer(make: Make, frames: dict[int, Picture]) -> None:
    detector = make()
    answers: list[Sequence[Detection]] = []
    for _ in range(4):
        detector.submit(region(frames[205]), CAMERA, answers.append)
    detector.close()
    assert len(answers) == 4
    with pytest.raises(RuntimeError, match="is not loaded"):
        detector.submit(region(frames[205]), CAMERA, answers.append)


def test_a_caller_that_fails_spoils_nothing_for_the_next(
    make: Make, frames: dict[int, Picture], caplog: pytest.LogCaptureFixture
) -> None:
    detector = make()

    def fail(_: Sequence[Detection]) -> None:
        raise LookupError("nobody wants it")

    for _ in range(4):  # more than there are requests
        detector.submit(region(frames[205]), CAMERA, fail)
    (found,) = look(detector, region(frames[205]))
    assert persons(found)
    assert len([each for each in caplog.records if each.levelname == "ERROR"]) == 1


def test_a_failed_inference_is_no_answer_and_said_once(
    make: Make, frames: dict[int, Picture], caplog: pytest.LogCaptureFixture
) -> None:
    detector = make(size=960)
    engine = detector._engine
    assert engine is not None
    requests = [engine._free.get() for _ in range(engine._free.qsize())]
    for each in requests:
        engine._free.put(each)
    answers: list[Sequence[Detection] | None] = []
    for _ in range(3):
        detector.submit(region(frames[205]), CAMERA, answers.append)
        for each in requests:
            each._made.cancel()  # what a lost device looks like

    (found,) = look(detector, region(frames[205]))

    assert persons(found)
    assert len(answers) == 3
    assert detector.failures == sum(each is None for each in answers) >= 1
    assert [each.levelname for each in caplog.records] == ["ERROR"]


def test_nothing_is_sent_to_anyone(data: Path, tmp_path: Path) -> None:
    """OpenVINO reports each import to Google Analytics, unless it is kept from it."""
    watched = """
import os, sys
def watch(event, given):
    if event in ("socket.connect", "socket.getaddrinfo", "os.fork", "subprocess.Popen"):
        print(event, given, file=sys.stderr)
        os._exit(9)
sys.addaudithook(watch)
from detectors.openvino.runtime import openvino
core = openvino().Core()
core.compile_model(core.read_model(sys.argv[1]), "CPU")
assert sys.modules["openvino_telemetry"] is None
"""
    model = data / "models" / "lwpd_192.onnx"
    # It keeps quiet without a home to store an id in, and where CI is set.
    run = subprocess.run(
        [sys.executable, "-c", watched, str(model)],
        capture_output=True,
        text=True,
        check=False,
        env={"HOME": str(tmp_path)},
        cwd=Path(__file__).parents[3],
    )
    assert run.returncode == 0, run.stderr
    assert not list(tmp_path.iterdir())


def test_the_hub_never_loads_openvino(data: Path) -> None:
    light = (
        "import sys\nfrom detectors.openvino import hub_components\nlist(hub_components())\n"
        "print([m for m in ('openvino', 'numpy', 'cv2') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", light], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_a_detector_can_be_loaded_again_and_again(make: Make, frames: dict[int, Picture]) -> None:
    before = threading.active_count()
    for _ in range(3):
        detector = make(model="lwpd_192")
        look(detector, region(frames[205]))
        detector.close()
    gc.collect()
    assert threading.active_count() == before
