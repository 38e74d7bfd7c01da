"""Detectors that fail, hang or never answer, each told as what it is."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence

import pytest

from hub.api import Detection, Detector, NotReady, Region, Rejected
from hub.vision import loading
from hub.vision.loading import Loader
from hub.vision.plan import DetectorPlan
from tests.hub.vision.scenes import RedFinder

PLAN = DetectorPlan(name="red", plugin="red", key="red")


class Kept(RedFinder):
    """A detector as a plugin has it, made by name and options."""

    made: list["Kept"] = []  # noqa: RUF012 - filled and emptied by the tests

    def __init__(self, name: str, options: object) -> None:
        super().__init__()
        self.made.append(self)


class Broken(Kept):
    def load(self) -> None:
        raise Rejected("there is no such device")


class Mute(Kept):
    """Takes a picture and never answers."""

    def submit(
        self, region: Region, camera: str, done: Callable[[Sequence[Detection]], None]
    ) -> None:
        self.asked.append(region)


class Blind(Kept):
    """Says that it could not look."""

    def submit(
        self, region: Region, camera: str, done: Callable[[Sequence[Detection] | None], None]
    ) -> None:
        done(None)


class Whole(Mute):
    @property
    def whole_frames(self) -> bool:
        return True


class Stuck(Kept):
    """Its end hangs until it is let go."""

    free = threading.Event()

    def close(self) -> None:
        self.free.wait(10)
        super().close()


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(loading, "_ANSWERS", 0.2)
    Kept.made.clear()
    yield
    Stuck.free.clear()


def offer(monkeypatch: pytest.MonkeyPatch, kind: type[Detector]) -> None:
    def found(plugin: str, key: str, base: type) -> type[Detector]:
        return kind

    monkeypatch.setattr(loading, "component", found)


def test_a_detector_has_answered_once_before_cameras_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    offer(monkeypatch, Kept)
    detector = asyncio.run(Loader().load(PLAN))
    assert [(each.width, each.height) for each in Kept.made[0].asked] == [(416, 416)]
    assert detector is Kept.made[0]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (Broken, "no such device"),
        (Mute, "did not answer within 0 s"),
        (Blind, "could not look when it was tried"),
    ],
)
def test_what_is_wrong_is_said(
    monkeypatch: pytest.MonkeyPatch, kind: type[Detector], words: str
) -> None:
    offer(monkeypatch, kind)
    with pytest.raises((NotReady, Rejected), match=words):
        asyncio.run(Loader().load(PLAN))


def test_one_that_remembers_whole_frames_is_not_shown_a_false_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    offer(monkeypatch, Whole)
    asyncio.run(Loader().load(PLAN))
    assert Kept.made[0].asked == []


def test_a_load_that_hangs_is_given_up_and_closed_when_it_comes_at_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gate = threading.Event()

    class Slow(Kept):
        def load(self) -> None:
            gate.wait(10)

    offer(monkeypatch, Slow)
    monkeypatch.setattr(loading, "_LOADS", 0.1)
    with pytest.raises(NotReady, match="not loaded"):
        asyncio.run(Loader().load(PLAN))
    gate.set()
    for thread in threading.enumerate():
        if thread.name == "loading red":
            thread.join(5)
    assert Kept.made[0].closed


def test_while_a_load_hangs_no_other_is_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = threading.Event()

    class Slow(Kept):
        def load(self) -> None:
            gate.wait(10)

    offer(monkeypatch, Slow)
    monkeypatch.setattr(loading, "_LOADS", 0.1)
    loader = Loader()
    for words in ("not loaded", "still hangs", "still hangs"):
        with pytest.raises(NotReady, match=words):
            asyncio.run(loader.load(PLAN))
    assert len(Kept.made) == 1
    gate.set()


@pytest.mark.parametrize("kind", [Broken, Mute, Blind])
def test_one_that_is_no_good_is_let_go(
    monkeypatch: pytest.MonkeyPatch, kind: type[Detector]
) -> None:
    offer(monkeypatch, kind)
    with pytest.raises((NotReady, Rejected)):
        asyncio.run(Loader().load(PLAN))
    assert Kept.made[0].closed


def test_one_whose_end_fails_is_told_and_ends_nothing_else(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Clumsy(Kept):
        def close(self) -> None:
            raise RuntimeError("already gone")

    fallen: list[object] = []
    monkeypatch.setattr(threading, "excepthook", fallen.append)
    offer(monkeypatch, Clumsy)
    loader = Loader()
    detector = asyncio.run(loader.load(PLAN))
    loader.let_go("red", detector.close).join(5)
    assert not fallen
    assert "Detector red failed as it was let go" in caplog.text


def test_while_the_former_one_hangs_no_other_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, Stuck)
    loader = Loader()
    first = asyncio.run(loader.load(PLAN))
    ending = loader.let_go("red", first.close)
    with pytest.raises(NotReady, match="still hangs"):
        asyncio.run(loader.load(PLAN))
    Stuck.free.set()
    ending.join(5)
    assert asyncio.run(loader.load(PLAN)) is not first
