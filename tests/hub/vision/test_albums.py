"""Pictures as files: where, how large, atomic, bounded; and a disk that is full."""

import logging
import os
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import cv2
import msgspec
import pytest

from hub.api import Box, ObjectPictured
from hub.vision import albums
from hub.vision.albums import Album, around, keeper, prune
from hub.vision.best import Best, Shot
from hub.vision.darkroom import Darkroom
from tests.hub.vision.stills import hit, noise, person, track

BOX = person(0.3, 0.8)


def shot(number: int = 1, box: Box = BOX) -> Shot:
    (found,) = Best().look([track(box, number)], [hit(box)], noise(), 0.0)
    return found


def test_three_pictures_are_stored_and_told_of(tmp_path: Path) -> None:
    told = Album(tmp_path).store("porch", shot())
    folder = tmp_path / "tracks" / "porch" / "2023-11-14"
    assert told.picture == str(folder / "porch-1.jpg")
    assert told.annotated == str(folder / "porch-1-box.jpg")
    assert told.thumbnail == str(folder / "porch-1-thumb.jpg")
    assert {each.name for each in folder.iterdir()} == {
        "porch-1.jpg",
        "porch-1-box.jpg",
        "porch-1-thumb.jpg",
    }
    assert (told.camera, told.object, told.track, told.score) == (
        "porch", "person", "porch-1", 0.9,
    )  # fmt: skip
    assert told.captured == datetime.fromtimestamp(1_700_000_000, UTC)
    assert msgspec.json.decode(msgspec.json.encode(told), type=ObjectPictured) == told
    clean, boxed, thumb = (
        cv2.imread(each) for each in (told.picture, told.annotated, told.thumbnail)
    )
    assert clean.shape == boxed.shape == (360, 640, 3)
    assert cv2.absdiff(clean, boxed).max() > 100
    assert max(thumb.shape) <= 320
    assert abs(thumb.shape[0] - thumb.shape[1]) <= 2


def test_only_the_owner_and_his_group_may_read_them(tmp_path: Path) -> None:
    told = Album(tmp_path).store("porch", shot())
    assert Path(told.picture).stat().st_mode & 0o777 == 0o640
    assert Path(told.picture).parent.stat().st_mode & 0o027 == 0


def test_a_better_one_takes_its_place_also_after_midnight(tmp_path: Path) -> None:
    album, first = Album(tmp_path), shot()
    album.store("porch", first)
    (later,) = Best().look([track(BOX)], [hit(BOX)], noise(captured=1_700_000_000.0 + 86_400), 0.0)
    told = album.store("porch", first_shot_at(later, first.first))
    assert told.picture.endswith("2023-11-14/porch-1.jpg")
    assert len([*tmp_path.rglob("*.jpg")]) == 3


def first_shot_at(shot: Shot, first: float) -> Shot:
    return Shot(track=shot.track, box=shot.box, worth=shot.worth, frame=shot.frame, first=first)


@pytest.mark.parametrize("aspect", [16 / 9, 4 / 3, 9 / 16])
@pytest.mark.parametrize(
    "box", [Box(0, 0, 1, 1), Box(0.5, 0.5, 0.51, 0.52), Box(0.9, 0.0, 1.0, 0.9), person(0.02, 1.0)]
)
def test_a_thumbnail_is_a_square_around_the_box_within_the_frame(box: Box, aspect: float) -> None:
    cut = around(box, aspect)
    assert min(cut.left, cut.top) >= -1e-9
    assert max(cut.right, cut.bottom) <= 1 + 1e-9
    middle = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    assert cut.left <= middle[0] <= cut.right
    assert cut.top <= middle[1] <= cut.bottom
    wide, high = (cut.right - cut.left) * aspect, cut.bottom - cut.top
    assert wide == pytest.approx(high) or max(cut.right - cut.left, high) == pytest.approx(1.0)


def test_the_newest_tracks_are_kept_and_old_ones_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(albums, "KEPT", 5)
    now = time.time()
    for days, count in ((0, 4), (1, 4), (40, 2)):
        folder = tmp_path / "porch" / f"day-{days}"
        folder.mkdir(parents=True)
        for number in range(count):
            for suffix in ("", "-box", "-thumb"):
                file = folder / f"porch-{days}x{number}{suffix}.jpg"
                file.write_bytes(b"x")
                os.utime(file, (now, now - days * 86_400 + number))
    prune(tmp_path / "porch")
    left = sorted(each.name for each in tmp_path.rglob("*.jpg"))
    assert len(left) == 15
    assert {each.partition(".")[0].split("-")[1] for each in left} == {
        "0x0", "0x1", "0x2", "0x3", "1x3",
    }  # fmt: skip
    assert len([*(tmp_path / "porch").iterdir()]) == 2


def test_pictures_are_kept_for_as_long_as_the_camera_says(tmp_path: Path) -> None:
    album, hour = Album(tmp_path), 3600.0
    old = Path(album.store("porch", shot(1)).picture)
    os.utime(old, (time.time(), time.time() - 2 * hour))
    prune(tmp_path / "tracks" / "porch", 3 * hour)
    assert old.exists()
    prune(tmp_path / "tracks" / "porch", hour)
    assert not [*tmp_path.rglob("*.jpg")]


def test_a_picture_s_day_is_that_of_the_hub_s_time_zone(tmp_path: Path) -> None:
    paths = [
        Path(Album(tmp_path, ZoneInfo(zone)).store("porch", shot()).picture)
        for zone in ("UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago")
    ]
    taken = datetime.fromtimestamp(shot().first, UTC)
    far = timedelta(hours=14), timedelta(hours=-11)
    days = [f"{taken + each:%Y-%m-%d}" for each in (timedelta(), *far)]
    assert [each.parent.name for each in paths] == days
    assert len(set(days)) > 1


def test_what_a_killed_worker_left_half_written_goes(tmp_path: Path) -> None:
    left = tmp_path / "porch" / "day" / "porch-1-box.part"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"x")
    prune(tmp_path / "porch")
    assert not left.exists()


def test_an_album_tidies_up_as_it_grows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(albums, "KEPT", 3)
    monkeypatch.setattr(albums, "_EACH", 2)
    album = Album(tmp_path)
    for number in range(1, 12):
        album.store("porch", shot(number))
    assert len([*tmp_path.rglob("*-thumb.jpg")]) <= 5


@pytest.fixture
def darkroom() -> Iterator[Darkroom]:
    made = Darkroom()
    yield made
    made.close()


def test_the_darkroom_stores_beside_the_cameras_thread(tmp_path: Path, darkroom: Darkroom) -> None:
    told: list[tuple[ObjectPictured, str]] = []
    keep = keeper(
        "porch", Album(tmp_path), darkroom,
        lambda event: told.append((event, threading.current_thread().name)),
    )  # fmt: skip
    assert keep(shot(), 60.0)
    darkroom.close()
    ((event, thread),) = told
    assert Path(event.picture).is_file()
    assert thread == "darkroom"


def test_what_is_too_much_is_left_out_and_nobody_waits(darkroom: Darkroom) -> None:
    hold, done = threading.Event(), []
    accepted = [darkroom.do(lambda: done.append(hold.wait(10))) for _ in range(50)]
    assert sum(accepted) in (12, 13)
    assert darkroom.left_out == 50 - sum(accepted)
    hold.set()
    darkroom.close()
    assert len(done) == sum(accepted)


def test_closing_does_not_wait_for_ever() -> None:
    darkroom, hold, released = Darkroom(), threading.Event(), []
    for _ in range(20):
        darkroom.do(lambda: released.append(hold.wait(10)))
    darkroom.close(0.05)
    hold.set()


def test_a_full_disk_is_said_once_and_once_that_there_is_room_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[ObjectPictured] = []
    darkroom = Darkroom(threaded=False)
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    keep = keeper("porch", Album(tmp_path), darkroom, told.append)
    for _ in range(3):
        darkroom.do(lambda: _fill(full))
    assert not told
    assert keep(shot(), 60.0)
    assert keep(shot(2), 60.0)
    assert len(told) == 2
    warned = [each.message for each in caplog.records if each.levelno == logging.WARNING]
    assert warned == [
        "Pictures cannot be stored: No space left on device",
        "Pictures can be stored again",
    ]


def test_a_picture_that_cannot_be_made_ends_nothing_else(
    caplog: pytest.LogCaptureFixture, darkroom: Darkroom
) -> None:
    done: list[str] = []
    for work in (lambda: 1 // 0, lambda: 1 // 0, lambda: done.append("next")):
        darkroom.do(work)
    darkroom.close()
    assert done == ["next"]
    told = [each.message for each in caplog.records if "cannot be stored" in each.message]
    assert told == [
        "Pictures cannot be stored: ZeroDivisionError: integer division or modulo by zero"
    ]


def _fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        file.write(b"x")
