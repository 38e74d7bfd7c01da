"""Data sets from captured frames, read as a stranger would and compared in pixels."""

import json
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
import yaml

from hub.api import Box, Detection, Invalid
from hub.app.exports import Choice, export
from hub.settings.labels import COCO_IDS, COCO_NAMES
from hub.vision.samples import Sample

ALL = Choice()
SEEN = {
    "a.jpg": [
        Detection(label="dog", score=0.9, box=Box(0.25, 0.5, 0.5, 1.0)),
        Detection(label="person", score=0.4, box=Box(0.0, 0.0, 0.1, 0.2)),
        Detection(label="person", score=0.2, box=Box(0.5, 0.5, 0.6, 0.6)),
    ],
    "b.jpg": [Detection(label="gnome", score=0.5, box=Box(0.125, 0.25, 0.375, 0.75))],
    "c.jpg": [],
}


@pytest.fixture
def captured(tmp_path: Path) -> list[tuple[Path, Sample]]:
    found = []
    for camera in ("porch", "gate"):
        for name, seen in SEEN.items():
            image = tmp_path / camera / "2026-01-02" / name
            image.parent.mkdir(parents=True, exist_ok=True)
            image.write_bytes(f"{camera} {name}".encode())
            sample = Sample(
                image=name,
                camera=camera,
                time=datetime(2026, 1, 2, tzinfo=UTC),
                width=640,
                height=400,
                rule="score",
                model="openvino",
                detections=tuple(seen),
            )
            found.append((image, sample))
    return found


def test_a_camera_whose_name_is_a_way_out_stays_in_the_folder(
    captured: list[tuple[Path, Sample]], tmp_path: Path
) -> None:
    image, sample = captured[0]
    strange = msgspec.structs.replace(sample, camera="../../porch")
    export([(image, strange)], tmp_path / "set", "yolo", ALL)
    assert [each.name for each in (tmp_path / "set" / "images").iterdir()] == [
        "porch-2026-01-02-a.jpg"
    ]


def test_coco_holds_boxes_in_pixels_under_cocos_own_numbers(
    captured: list[tuple[Path, Sample]], tmp_path: Path
) -> None:
    done = export(captured, tmp_path / "out", "coco", ALL)
    assert (done.images, done.objects) == (6, 6)
    read = json.loads((tmp_path / "out" / "annotations.json").read_text())
    assert set(read) == {"info", "licenses", "images", "annotations", "categories"}
    categories = {each["id"]: each["name"] for each in read["categories"]}
    assert categories == {1: "person", 18: "dog", 1000: "gnome"}
    images = {each["id"]: each for each in read["images"]}
    assert len(images) == 6
    for each in images.values():
        assert (each["width"], each["height"]) == (640, 400)
        assert (tmp_path / "out" / "images" / each["file_name"]).is_file()
    boxes = sorted(
        (images[each["image_id"]]["file_name"], categories[each["category_id"]], each["bbox"])
        for each in read["annotations"]
    )
    assert boxes[:3] == [
        ("gate-2026-01-02-a.jpg", "dog", [160.0, 200.0, 160.0, 200.0]),
        ("gate-2026-01-02-a.jpg", "person", [0.0, 0.0, 64.0, 80.0]),
        ("gate-2026-01-02-b.jpg", "gnome", [80.0, 100.0, 160.0, 200.0]),
    ]
    assert len({each["id"] for each in read["annotations"]}) == 6
    assert all(
        each["area"] == pytest.approx(each["bbox"][2] * each["bbox"][3]) and each["iscrowd"] == 0
        for each in read["annotations"]
    )


def test_yolo_has_a_line_per_object_in_fractions(
    captured: list[tuple[Path, Sample]], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    export(captured, out, "yolo", ALL)
    about = yaml.safe_load((out / "data.yaml").read_text())
    assert about["names"] == {0: "person", 1: "dog", 2: "gnome"}
    assert (out / about["path"] / about["train"]).is_dir()
    assert (out / "classes.txt").read_text().split() == ["person", "dog", "gnome"]
    lines = (out / "labels" / "porch-2026-01-02-a.txt").read_text().splitlines()
    assert lines == [
        "1 0.375000 0.750000 0.250000 0.500000",
        "0 0.050000 0.100000 0.100000 0.200000",
    ]
    assert (out / "labels" / "porch-2026-01-02-c.txt").read_text() == ""
    images = {each.stem for each in (out / "images").iterdir()}
    assert images == {each.stem for each in (out / "labels").iterdir()}
    assert (out / "images" / "gate-2026-01-02-b.jpg").read_bytes() == b"gate b.jpg"


@pytest.mark.parametrize("form", ["coco", "yolo"])
def test_only_what_is_wanted_is_exported(
    form: str, captured: list[tuple[Path, Sample]], tmp_path: Path
) -> None:
    wanted = Choice(objects=frozenset({"person"}), min_score=0.1)
    done = export(captured, tmp_path / "out", form, wanted)
    assert (done.images, done.objects) == (2, 4)


def test_nothing_is_written_over_and_nothing_is_no_data_set(
    captured: list[tuple[Path, Sample]], tmp_path: Path
) -> None:
    with pytest.raises(Invalid, match="is not empty"):
        export(captured, tmp_path, "coco", ALL)
    with pytest.raises(Invalid, match="nothing was captured that fits"):
        export(captured, tmp_path / "out", "coco", Choice(objects=frozenset({"cat"})))
    assert not (tmp_path / "out").exists()
    export(captured, tmp_path / "out", "coco", ALL)
    with pytest.raises(Invalid, match="is not empty"):
        export(captured, tmp_path / "out", "coco", ALL)


def test_names_and_numbers_are_cocos() -> None:
    known = dict(zip(COCO_NAMES, COCO_IDS, strict=True))
    assert len(known) == 80
    assert {name: known[name] for name in ("person", "stop sign", "bench", "toothbrush")} == {
        "person": 1, "stop sign": 13, "bench": 15, "toothbrush": 90,
    }  # fmt: skip
    assert {name: known[name] for name in ("backpack", "bottle", "tv", "refrigerator")} == {
        "backpack": 27, "bottle": 44, "tv": 72, "refrigerator": 82,
    }  # fmt: skip
