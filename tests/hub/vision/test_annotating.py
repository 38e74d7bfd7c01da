"""A film of what was seen: every frame, boxes on their way, and captions that go again."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.frame import VideoFrame

from hub.api import Box, Invalid, LineCrossed, ObjectAppeared, ZoneCleared, ZoneEntered
from hub.vision.annotating import Annotator, film
from hub.vision.captions import caption
from hub.vision.decoding import Frame
from hub.vision.facts import Track
from hub.vision.pictures import Overlay
from hub.vision.plan import CameraPlan, ZonePlan
from hub.vision.replay import replay
from tests.hub.vision.scenes import RedFinder
from tests.hub.vision.test_replay import film as recording

WHEN = datetime.fromtimestamp(0, UTC)
LOWER = ZonePlan(name="yard", polygon=((0.0, 0.5), (1.0, 0.5), (1.0, 1.0), (0.0, 1.0)))
PORCH = CameraPlan(name="porch", detector="red", zones=(LOWER,))


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recording(tmp_path_factory.mktemp("clips") / "yard.mp4")


@dataclass
class Canvas:
    """Keeps what would be encoded."""

    pictures: list[np.ndarray] = field(default_factory=list)
    times: list[float] = field(default_factory=list)

    def write(self, picture: np.ndarray, pts: float) -> None:
        self.pictures.append(picture)
        self.times.append(pts)


def grey(pts: float, size: tuple[int, int] = (320, 180)) -> Frame:
    wide, high = size
    picture = VideoFrame.from_ndarray(np.full((high * 3 // 2, wide), 128, np.uint8), "yuv420p")
    return Frame(picture=picture, pts=pts, captured=pts)


def seen(left: float) -> Overlay:
    track = Track(
        number=1,
        id="porch-1",
        label="person",
        score=0.8,
        box=Box(left, 0.3, left + 0.1, 0.6),
        seen=True,
        born=0.0,
        last=0.0,
    )
    return Overlay([track])


def middles(canvas: Canvas) -> list[float]:
    """Return where the box is in each picture, by the columns of its dark frame."""
    found = []
    for each in canvas.pictures:
        columns = np.flatnonzero((each[60:100].max(axis=2) < 60).all(axis=0))
        found.append(round(float(columns.mean()) / each.shape[1], 2) if len(columns) else 0.0)
    return found


def drawn(looks: Sequence[tuple[float, Overlay | None]]) -> Canvas:
    canvas = Canvas()
    annotator = Annotator(canvas)  # type: ignore[arg-type]
    for pts, overlay in looks:
        annotator.show(grey(pts), overlay)
    annotator.finish()
    return canvas


def test_boxes_are_on_their_way_between_two_looks_and_stay_after_the_last() -> None:
    canvas = drawn(
        [(0.0, seen(0.1)), (0.1, None), (0.2, None), (0.3, None), (0.4, seen(0.5)), (0.5, None)]
    )
    assert canvas.times == [0.0, 0.1, 0.2, 0.3, 0.4, 0.5]
    assert middles(canvas) == pytest.approx([0.15, 0.25, 0.35, 0.45, 0.55, 0.55], abs=0.015)


def test_frames_before_the_first_look_are_there_and_bare() -> None:
    canvas = drawn([(0.0, None), (0.1, None)])
    assert [int(np.ptp(each)) for each in canvas.pictures] == [0, 0]


def test_frames_without_a_look_do_not_wait_for_ever() -> None:
    canvas = Canvas()
    annotator = Annotator(canvas)  # type: ignore[arg-type]
    for number in range(400):
        annotator.show(grey(number / 10), None)
    assert len(canvas.pictures) > 200


def test_events_are_shown_for_a_while_and_counts_for_as_long_as_they_hold() -> None:
    canvas = Canvas()
    annotator = Annotator(canvas)  # type: ignore[arg-type]
    same = {"camera": "porch", "object": "person", "track": "1", "score": 0.8}
    box = Box(0.1, 0.1, 0.2, 0.2)
    entered = ZoneEntered(**same, zone="yard", box=box, captured=WHEN, count=1)
    crossed = LineCrossed(**same, line="gate", box=box, captured=WHEN, direction="in")
    annotator.tell(entered)
    annotator.tell(crossed)
    for pts in (0.0, 2.0, 4.0):
        annotator.show(grey(pts), Overlay())
    annotator.tell(ZoneCleared(camera="porch", zone="yard", captured=WHEN, seconds=1.0))
    annotator.show(grey(9.0), Overlay())
    lower = [int(np.ptp(each[90:, :160])) for each in canvas.pictures]
    upper = [int(np.ptp(each[:60, 160:])) for each in canvas.pictures]
    assert min(lower[:2]) > 100
    assert lower[2] == 0
    assert lower[3] > 100
    assert min(upper) > 100


def test_a_caption_says_what_an_event_is_about() -> None:
    box = Box(0.1, 0.1, 0.2, 0.2)
    came = ObjectAppeared(
        camera="porch", object="dog", track="1", score=0.834, box=box, captured=WHEN
    )
    assert caption(came) == "object.appeared dog 83%"
    cleared = ZoneCleared(camera="porch", zone="yard", captured=WHEN, seconds=1.0)
    assert caption(cleared) == "zone.cleared yard"


def annotated(clip: Path, out: Path) -> list[VideoFrame]:
    with film(out, 10) as annotator:
        replay(clip, PORCH, RedFinder(), [].append, annotator=annotator)
    with av.open(str(out)) as made:
        stream = made.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert stream.average_rate == pytest.approx(Fraction(10), rel=0.03)
        return list(made.decode(stream))


def test_the_film_has_every_frame_of_the_recording_at_its_time(clip: Path, tmp_path: Path) -> None:
    frames = annotated(clip, tmp_path / "out.mp4")
    with av.open(str(clip)) as given:
        times = [each.time for each in given.decode(video=0)]
    assert [each.time for each in frames] == pytest.approx(times, abs=0.001)
    assert (frames[0].width, frames[0].height) == (640, 360)
    bare, walking = (frames[at].to_ndarray(format="bgr24") for at in (0, 30))
    assert np.abs(bare.astype(int) - walking).mean() > 1
    assert [each.name for each in tmp_path.iterdir()] == ["out.mp4"]


def test_the_index_comes_first_so_that_a_browser_can_begin(clip: Path, tmp_path: Path) -> None:
    annotated(clip, tmp_path / "out.mp4")
    content = (tmp_path / "out.mp4").read_bytes()
    assert 0 < content.index(b"moov") < content.index(b"mdat")


def test_the_same_film_is_made_every_time(clip: Path, tmp_path: Path) -> None:
    for name in ("one.mp4", "two.mp4"):
        annotated(clip, tmp_path / name)
    assert (tmp_path / "one.mp4").read_bytes() == (tmp_path / "two.mp4").read_bytes()


def test_a_picture_that_changes_its_size_or_time_stays_in_the_film(tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    with film(out, 5) as annotator:
        for pts, size in (
            (0.0, (320, 180)),
            (0.2, (640, 360)),
            (0.2, (320, 180)),
            (0.4, (322, 182)),
        ):
            annotator.show(grey(pts, size), Overlay())
    with av.open(str(out)) as made:
        assert [(each.width, each.height) for each in made.decode(video=0)] == [(320, 180)] * 3


def test_a_run_that_fails_leaves_no_film(tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    with pytest.raises(AttributeError), film(out, 5) as annotator:
        annotator.show(None, Overlay())  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_where_no_film_can_be_it_is_said(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"should end in \.mp4"), film(tmp_path / "out.avi", 5):
        pass
    with pytest.raises(Invalid, match="cannot be written"), film(tmp_path / "no" / "out.mp4", 5):
        pass
