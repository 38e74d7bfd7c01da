import json
import logging
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import av
import msgspec
import pytest
from click.testing import CliRunner, Result

from hub.api import Event, Invalid, NotReady, Region
from hub.cli.replay import replay as command
from hub.vision.plan import CameraPlan, ZonePlan
from hub.vision.replay import Summary, replay
from tests.hub.vision.scenes import RedFinder, picture, walk

WHOLE = ZonePlan(name="all", polygon=((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)))
PORCH = CameraPlan(name="porch", detector="red", zones=(WHOLE,))
CONFIGURATION = """
cameras:
  porch:
    platform: demo
    detect: {fps: 5, objects: [person], detector: openvino}
    zones:
      all: {polygon: [[0, 0], [1, 0], [1, 1], [0, 1]]}
  yard:
    platform: demo
    detect: {enabled: false}
"""


def film(path: Path, made: datetime | None = None, frames: int | None = None) -> Path:
    """A clip of somebody who crosses a yard."""
    with av.open(str(path), "w") as container:
        if made is not None:
            container.metadata["creation_time"] = made.isoformat()
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 640, 360, "yuv420p"
        stream.time_base = Fraction(1, 10)
        for each in [*[picture()] * 10, *walk(5, 10), *[picture()] * 40][:frames]:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(each, format="bgr24")))
        container.mux(stream.encode(None))
    return path


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return film(tmp_path_factory.mktemp("clips") / "yard.mp4")


def run(file: Path, **options: float) -> tuple[list[Event], Summary]:
    events: list[Event] = []
    summary = replay(file, PORCH, RedFinder(), events.append, **options)
    return events, summary


def test_a_recording_gives_stamped_events_that_are_the_same_every_time(clip: Path) -> None:
    events, summary = run(clip)
    assert [each.type for each in events] == [
        "motion.started",
        "object.appeared",
        "zone.entered",
        "zone.left",
        "zone.cleared",
        "object.left",
        "motion.ended",
    ]
    assert [each.sequence for each in events] == list(range(1, 8))
    assert all(each.time == each.captured for each in events)
    assert run(clip)[0] == events
    assert (summary.frames, summary.events.total()) == (100, 7)
    assert summary.seconds == pytest.approx(9.9)
    assert "1 zone.entered" in str(summary)


def test_times_begin_when_the_recording_says_or_in_1970(clip: Path, tmp_path: Path) -> None:
    made = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
    told = run(film(tmp_path / "told.mp4", made))[0]
    silent = run(clip)[0]
    assert made < told[0].time < made + timedelta(seconds=3)
    epoch = datetime.fromtimestamp(0, UTC)
    assert [each.time - made for each in told] == [each.time - epoch for each in silent]


@pytest.mark.parametrize("suffix", [".mkv", ".ts", ".avi", ".h264"])
def test_every_container_is_read_also_those_without_times(suffix: str, tmp_path: Path) -> None:
    events, summary = run(film(tmp_path / f"yard{suffix}"))
    assert summary.frames == pytest.approx(100, abs=2)
    assert Counter(each.type for each in events)["zone.entered"] == 1


def test_whatever_is_still_there_at_the_end_leaves_with_it(tmp_path: Path) -> None:
    file = tmp_path / "cut.mp4"
    with av.open(str(film(tmp_path / "long.mp4"))) as full, av.open(str(file), "w") as cut:
        stream = cut.add_stream_from_template(full.streams.video[0])
        for packet in full.demux(video=0):
            if packet.pts is not None and packet.pts * packet.time_base < 3:
                packet.stream = stream
                cut.mux(packet)
    kinds = [each.type for each in run(file)[0]]
    assert kinds[-4:] == ["motion.ended", "zone.left", "zone.cleared", "object.left"]


def test_a_recording_may_be_played_as_fast_as_it_was_made(
    clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("hub.vision.replay.sleep", slept.append)
    monkeypatch.setattr("hub.vision.replay.monotonic", lambda: sum(slept))
    assert run(clip, speed=10.0)[1].took == pytest.approx(0.99)
    slept.clear()
    assert run(clip, speed=1.0)[1].took == pytest.approx(9.9)
    slept.clear()
    assert run(clip)[1].took == 0.0


def test_one_frame_is_a_recording_as_well(tmp_path: Path) -> None:
    _, summary = run(film(tmp_path / "one.mp4", frames=1))
    assert str(summary).startswith("1 frame, 0.0 s in ")
    assert "(at once), 1 inference; no events" in str(summary)


def test_progress_is_told(clip: Path) -> None:
    told: list[tuple[float, float]] = []
    replay(clip, PORCH, None, [].append, progress=lambda *each: told.append(each))
    assert told[-1] == pytest.approx((9.9, 10.0), abs=0.2)
    assert told == sorted(told)


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "cannot be read"), (b"ffconcat version 1.0\nfile /etc/passwd\n", ""), (b"\0" * 999, "")],
)
def test_what_is_no_video_is_said_so(content: bytes, words: str, tmp_path: Path) -> None:
    file = tmp_path / "note.mp4"
    file.write_bytes(content)
    with pytest.raises(Invalid, match=words or "note.mp4"):
        run(file)
    with pytest.raises(Invalid, match="no file"):
        run(tmp_path / "missing.mp4")


def test_a_recording_without_pictures_is_said_so(tmp_path: Path) -> None:
    file = tmp_path / "sound.wav"
    with av.open(str(file), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=8000, layout="mono")
        silence = av.AudioFrame(format="s16", layout="mono", samples=800)
        silence.sample_rate = 8000
        container.mux(stream.encode(silence))
    with pytest.raises(Invalid, match="no pictures"):
        run(file)


@pytest.fixture
def quiet() -> Iterator[None]:
    """Take back what the command does to this process's logging."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quiet: None) -> Path:
    monkeypatch.setenv("WATCHPOST_OFFLINE", "1")
    monkeypatch.delenv("WATCHPOST_MODELS", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "configuration.yaml").write_text(CONFIGURATION)
    return tmp_path


def call(*arguments: object) -> Result:
    return CliRunner().invoke(command, [str(each) for each in arguments])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nope.mp4", "--camera", "porch"], "there is no file nope.mp4"),
        (["FILE", "--camera", "prch"], "'prch' is not configured. Did you mean 'porch'?"),
        (["FILE", "--camera", "yard"], "enabled: false"),
        (["FILE"], "say which camera"),
        (["FILE", "--camera", "porch", "--speed", "0"], "neither 'max' nor a number"),
    ],
)
def test_mistakes_on_the_command_line_are_said(
    arguments: list[str], words: str, folder: Path, clip: Path
) -> None:
    given = [str(clip) if each == "FILE" else each for each in arguments]
    result = call(*given, "-c", folder)
    assert result.exit_code != 0
    assert words in result.stderr
    assert result.stdout == ""


def test_a_file_that_is_no_video_is_said_so_by_the_command(folder: Path) -> None:
    result = call(folder / "configuration.yaml", "-c", folder, "--camera", "porch")
    assert result.exit_code == 1
    assert "cannot be read as a video" in result.stderr


def test_without_a_model_the_builtin_detector_looks_and_it_is_said(
    folder: Path, clip: Path
) -> None:
    result = call(clip, "-c", folder, "--camera", "porch", "--fps", "4", "--json")
    assert result.exit_code == 0, result.output
    assert "Using the builtin detector" in result.stderr
    assert json.loads(result.stdout.splitlines()[0])["type"] == "motion.started"


@pytest.mark.slow
def test_four_visits_of_seven_persons_are_seen_twice_the_same(folder: Path, data: Path) -> None:
    models = {"WATCHPOST_MODELS": str(data / "models")}
    clip = data / "footage" / "people-detection.mp4"
    outputs = [_process(clip, folder, models) for _ in range(2)]
    assert outputs[0].stdout == outputs[1].stdout
    events = [json.loads(line) for line in outputs[0].stdout.splitlines()]
    assert [each["sequence"] for each in events] == list(range(1, len(events) + 1))
    assert msgspec.json.decode(outputs[0].stdout.splitlines()[0])["time"].startswith("1970")
    found = Counter(each["type"] for each in events)
    assert found["zone.cleared"] == 4
    assert 6 <= found["zone.entered"] <= 8
    assert found["zone.entered"] == found["zone.left"]
    assert "times real time" in outputs[0].stderr


def _process(clip: Path, folder: Path, models: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "hub", "replay", clip, "-c", folder, "--camera", "porch"],
        env={**os.environ, **models},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )


def test_what_things_look_like_is_asked_when_somebody_can_tell(clip: Path) -> None:
    class Mirror(RedFinder):
        shown = 0

        def likeness(self, regions: Sequence[Region]) -> Sequence[Sequence[float]]:
            self.shown += len(regions)
            return [(1.0, 0.0)] * len(regions)

    mirror, events = Mirror(), list[Event]()
    replay(clip, PORCH, RedFinder(), events.append, appearance=mirror)
    assert 1 <= mirror.shown <= 6  # of some thirty looks
    assert [each.type for each in events] == [each.type for each in run(clip)[0]]


def test_a_recording_ends_when_nobody_can_tell_what_things_look_like(clip: Path) -> None:
    with pytest.raises(NotReady, match="cannot be told"):
        replay(clip, PORCH, RedFinder(), lambda _: None, appearance=RedFinder())
