"""Captured frames on disk: what is written, how much of it, and what is read again."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import cv2
import msgspec
import pytest

from hub.api import Box, Detection, Invalid
from hub.vision.capture import Catch
from hub.vision.darkroom import Darkroom
from hub.vision.facts import Track
from hub.vision.plan import CaptureRule
from hub.vision.samples import Sample, Samples, catcher, read
from tests.hub.vision.stills import Drawn, hit, noise, person, track

START = 1_700_000_000.0
DOUBT = CaptureRule(when="score")
PLENTY = 10**9


def catch(
    after: float = 0.0,
    rule: CaptureRule = DOUBT,
    other: tuple[Detection, ...] = (),
    tracks: tuple[Track, ...] = (),
) -> Catch:
    frame = Drawn(noise(int(after)).pixels, START + after)
    return Catch(rule=rule, frame=frame, seen=(hit(person(0.9, 1.1)),), tracks=tracks, other=other)


def test_a_frame_is_kept_in_full_with_a_line_of_what_was_seen(tmp_path: Path) -> None:
    box = person(0.3)
    tracks = (track(box), track(box, 2, id=""), track(box, 3, seen=False))
    image = Samples(tmp_path, "porch").store(catch(0.25, tracks=tracks), "openvino", PLENTY)
    assert image == tmp_path / "capture/porch/2023-11-14/221320-250-score.jpg"
    pixels = cv2.imread(str(image))
    assert pixels.shape == (360, 640, 3)
    grey, drawn = (cv2.cvtColor(each, cv2.COLOR_BGR2GRAY) for each in (pixels, noise(0).pixels))
    assert cv2.absdiff(grey, drawn).mean() < 5
    lines = image.with_suffix(".json").read_bytes().splitlines()
    assert len(lines) == 1
    sample = msgspec.json.decode(lines[0], type=Sample)
    assert (sample.camera, sample.rule, sample.model) == ("porch", "score", "openvino")
    assert (sample.width, sample.height) == (640, 360)
    assert sample.time == datetime.fromtimestamp(START + 0.25, UTC)
    assert sample.detections[0].box == Box(0.85, 0.7, 0.95, 1.0)
    assert [each.track for each in sample.tracks] == ["porch-1"]
    assert image.stat().st_mode & 0o777 == 0o640


def test_a_disputed_one_names_both_detectors(tmp_path: Path) -> None:
    rule = CaptureRule(when="disagree", other="small")
    Samples(tmp_path, "porch").store(catch(0, rule, (hit(person(), 0.7),)), "openvino", PLENTY)
    ((_, sample),) = read(tmp_path)
    assert (sample.model, sample.other_model) == ("openvino", "small")
    assert [each.score for each in sample.others] == [0.7]


def used(folder: Path) -> int:
    return sum(each.stat().st_size for each in folder.rglob("*") if each.is_file())


def test_the_oldest_go_until_all_is_within_the_quota(tmp_path: Path) -> None:
    samples = Samples(tmp_path, "porch")
    one = samples.store(catch(), "openvino", PLENTY)
    assert one is not None
    size = used(tmp_path)
    keep = round(size * 4.5)
    for number in range(1, 12):
        samples.store(catch(number * 40_000), "openvino", keep)
        assert used(tmp_path) <= keep
    left = [sample.time.timestamp() - START for _, sample in read(tmp_path)]
    assert left == [each * 40_000 for each in range(8, 12)]
    assert not one.exists()
    assert len([*(tmp_path / "capture/porch").iterdir()]) <= 4
    assert len([*tmp_path.rglob("*.jpg")]) == len([*tmp_path.rglob("*.json")]) == 4


def test_what_an_earlier_start_left_counts_and_other_cameras_do_not(tmp_path: Path) -> None:
    for number in range(4):
        Samples(tmp_path, "porch").store(catch(number), "openvino", PLENTY)
        Samples(tmp_path, "gate").store(catch(number), "openvino", PLENTY)
    keep = used(tmp_path / "capture" / "porch")
    Samples(tmp_path, "porch").store(catch(9), "openvino", keep)
    assert used(tmp_path / "capture" / "porch") <= keep
    assert len([*read(tmp_path, ["gate"])]) == 4


def test_two_rules_that_want_the_same_frame_do_not_use_up_the_quota(tmp_path: Path) -> None:
    samples = Samples(tmp_path, "porch")
    samples.store(catch(), "openvino", PLENTY)
    keep = round(used(tmp_path) * 4.5)
    for number in range(1, 20):
        for _ in range(2):
            samples.store(catch(number), "openvino", keep)
    assert used(tmp_path) <= keep
    assert len([*read(tmp_path)]) >= 3


def test_what_alone_is_more_than_the_quota_is_not_kept(tmp_path: Path) -> None:
    samples = Samples(tmp_path, "porch")
    samples.store(catch(), "openvino", PLENTY)
    assert samples.store(catch(1), "openvino", 1000) is None
    assert samples.store(catch(1), "openvino", 0) is None
    assert len([*read(tmp_path)]) == 1


def test_a_darkroom_stores_them(tmp_path: Path) -> None:
    keep = catcher(tmp_path, "porch", Darkroom(threaded=False))
    assert keep(catch(), "openvino", PLENTY)
    assert len([*read(tmp_path)]) == 1


def test_they_are_read_in_order_by_camera_and_time(tmp_path: Path) -> None:
    for camera in ("porch", "gate"):
        for number in (5, 0, 90_000):
            Samples(tmp_path, camera).store(catch(number), "openvino", PLENTY)
    found = [(sample.camera, sample.time.timestamp() - START) for _, sample in read(tmp_path)]
    assert found == [(each, at) for each in ("gate", "porch") for at in (0, 5, 90_000)]
    since = datetime.fromtimestamp(START + 5, UTC)
    assert len([*read(tmp_path, ["porch"], since)]) == 2
    assert [*read(tmp_path / "nowhere")] == []


def test_an_image_that_is_gone_is_left_out_and_a_broken_line_is_named(tmp_path: Path) -> None:
    samples = Samples(tmp_path, "porch")
    image = samples.store(catch(), "openvino", PLENTY)
    assert image is not None
    image.unlink()
    assert [*read(tmp_path)] == []
    image.with_suffix(".json").write_text('{"image": 5}')
    with pytest.raises(Invalid, match=r"221320-000-score\.json is no captured frame's"):
        [*read(tmp_path)]


def test_a_line_cannot_name_a_file_elsewhere(tmp_path: Path) -> None:
    image = Samples(tmp_path, "porch").store(catch(), "openvino", PLENTY)
    assert image is not None
    about = image.with_suffix(".json")
    about.write_text(about.read_text().replace(image.name, "../../../../../etc/passwd"))
    assert [*read(tmp_path)] == []


def test_days_and_times_in_names_are_the_hub_s_and_what_is_written_is_not(tmp_path: Path) -> None:
    zone = ZoneInfo("Asia/Kathmandu")
    image = Samples(tmp_path, "porch", zone).store(catch(), "openvino", PLENTY)
    ((found, sample),) = read(tmp_path)
    assert found == image
    here = sample.time.astimezone(zone)
    assert image.parent.name == f"{here:%Y-%m-%d}"
    assert image.name.startswith(f"{here:%H%M%S}-")
    assert image.name[:4] != f"{sample.time.astimezone(UTC):%H%M}"
