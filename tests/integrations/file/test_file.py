"""Recordings as cameras."""

import time
from pathlib import Path

import pytest
import voluptuous as vol

from hub.api import Invalid, Pace
from integrations.file.camera import FileCamera
from tests.hub.ingest.harness import Offline, Online, StreamPacket, camera, running


def test_a_recording_plays_as_if_live_and_then_says_that_it_is_over(film: Path) -> None:
    with running() as (worker, ear):
        began = time.monotonic()
        worker.plan(camera("yard", "file", ear.path, source=str(film)))
        worker.wait(Online)
        assert worker.wait(Offline)[0].reason == "the recording has ended"
        assert 1.9 < time.monotonic() - began < 4.0
        packets = ear.last().wait(StreamPacket, 50)  # they come another way than the end does
        assert len(packets) == 50
        assert packets[-1].captured == pytest.approx(time.time(), abs=0.5)


def test_a_looped_recording_goes_on(film: Path) -> None:
    with running() as (worker, ear):
        worker.plan(camera("yard", "file", ear.path, source=str(film), loop=True))
        packets = ear.last().wait(StreamPacket, 70)
        assert packets[69].pts - packets[0].pts == pytest.approx(69 * 0.04, abs=0.01)
        assert worker.of(Offline) == []


def test_a_recording_that_is_not_there_yet_is_waited_for(film: Path, tmp_path: Path) -> None:
    path = tmp_path / "later.mp4"
    with running() as (worker, ear):
        worker.plan(camera("yard", "file", ear.path, source=str(path)))
        assert worker.wait(Offline)[0].reason == f"there is no file {path}"
        path.write_bytes(film.read_bytes())
        worker.wait(Online)


def test_something_else_than_a_recording_is_said_to_be_that(tmp_path: Path) -> None:
    text = tmp_path / "notes.mp4"
    text.write_text("not a film\n" * 1000)
    with running() as (worker, ear):
        worker.plan(
            camera("text", "file", ear.path, source=str(text)),
            camera("folder", "file", ear.path, source=str(tmp_path)),
        )
        worker.wait(Offline, 2)
        assert {each.camera: each.reason for each in worker.of(Offline)} == {
            "text": "not a video stream",
            "folder": f"{tmp_path} is not a file",
        }


def test_footage_with_everything_in_it_plays(data: Path) -> None:
    people = data / "footage" / "people-detection.mp4"
    with running() as (worker, ear):
        worker.plan(camera("yard", "file", ear.path, source=str(people), pace="max"))
        worker.wait(Offline)
        packets = ear.last().wait(StreamPacket, 596)
        assert len(packets) == 596
        assert packets[-1].captured - packets[0].captured == pytest.approx(595 / 12, abs=0.5)


def test_home_and_working_folder_are_where_paths_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/anna")
    given = {"source": "~/yard.mp4", "loop": False, "pace": "max"}
    (source,) = FileCamera("yard", given).streams()
    assert source.url == "/home/anna/yard.mp4"
    assert (source.pace, source.protocols) == (Pace.MAX, ("file",))
    (source,) = FileCamera("yard", {**given, "source": "clips/yard.mp4"}).streams()
    assert source.url == str(Path.cwd() / "clips/yard.mp4")


def test_a_folder_is_not_a_recording(tmp_path: Path) -> None:
    given = {"source": str(tmp_path), "loop": False, "pace": "own"}
    with pytest.raises(Invalid, match="is not a file"):
        FileCamera("yard", given).streams()


@pytest.mark.parametrize("source", ["", 7, "rtsp://10.0.0.7/x", " yard.mp4", "yard.mp4\n"])
def test_what_is_no_path_is_refused(source: object) -> None:
    with pytest.raises(vol.Invalid):
        camera("yard", "file", source=source)
