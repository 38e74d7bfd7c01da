"""Captured frames as a data set that training tools read: COCO instances, or YOLO text files.

What was detected is a proposal: somebody corrects it before a detector learns from it. COCO's
format is that of its "data format" page (boxes are x, y, width, height in pixels); YOLO's has a
line per object with class, middle x, middle y, width and height in fractions.
"""

import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from hub.api import Detection, Invalid
from hub.settings.labels import COCO_IDS, COCO_NAMES
from hub.vision.samples import Sample

Captured = tuple[Path, Sample]
_OURS: Final = 1000  # the first number of a category that COCO does not have


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What an export wrote."""

    images: int
    objects: int


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What is exported: these objects (none means all), seen with this score at least."""

    objects: frozenset[str] = frozenset()
    min_score: float = 0.3

    def of(self, sample: Sample) -> list[Detection]:
        """Return the detections of a frame that are wanted."""
        return [
            each
            for each in sample.detections
            if each.score >= self.min_score and (not self.objects or each.label in self.objects)
        ]


def export(captured: Iterable[Captured], folder: Path, form: str, choice: Choice) -> Counted:
    """Write a data set to a folder that is empty or not there; raises ``Invalid`` otherwise."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Invalid(f"{folder} is not empty; name a folder that does not exist yet")
    chosen = [(image, sample, choice.of(sample)) for image, sample in captured]
    found = [each for each in chosen if each[2] or not choice.objects]
    if not found:
        raise Invalid("nothing was captured that fits; `watchpost capture list` shows what was")
    images = folder / "images"
    images.mkdir(parents=True)
    names = [_copied(image, sample, images) for image, sample, _ in found]
    labels = _in_order({hit.label for _, _, hits in found for hit in hits})
    entries = [
        _Entry(name=name, sample=sample, hits=hits)
        for name, (_, sample, hits) in zip(names, found, strict=True)
    ]
    _FORMS[form](folder, entries, labels)
    return Counted(images=len(entries), objects=sum(len(each.hits) for each in entries))


@dataclass(frozen=True, kw_only=True)
class _Entry:
    """One image of a data set."""

    name: str
    sample: Sample
    hits: Sequence[Detection]


def _copied(image: Path, sample: Sample, images: Path) -> str:
    """Copy an image under a name that no other has: its camera's, date and time."""
    name = f"{Path(sample.camera).name}-{image.parent.name}-{image.name}"
    shutil.copyfile(image, images / name)
    return name


def _coco(folder: Path, entries: Sequence[_Entry], labels: Sequence[str]) -> None:
    numbers = _numbers(labels)
    content = {
        "info": {"description": "Captured by Watchpost; detections are proposals"},
        "licenses": [],
        "images": [
            {
                "id": number,
                "file_name": each.name,
                "width": each.sample.width,
                "height": each.sample.height,
                "date_captured": each.sample.time.isoformat(),
            }
            for number, each in enumerate(entries, 1)
        ],
        "annotations": list(_annotations(entries, numbers)),
        "categories": [{"id": numbers[each], "name": each, "supercategory": ""} for each in labels],
    }
    (folder / "annotations.json").write_text(json.dumps(content, indent=1), encoding="utf-8")


def _annotations(
    entries: Sequence[_Entry], numbers: Mapping[str, int]
) -> Iterator[dict[str, object]]:
    rows = ((image, each, hit) for image, each in enumerate(entries, 1) for hit in each.hits)
    for number, (image, each, hit) in enumerate(rows, 1):
        wide, high, box = each.sample.width, each.sample.height, hit.box
        width, height = (box.right - box.left) * wide, (box.bottom - box.top) * high
        yield {
            "id": number,
            "image_id": image,
            "category_id": numbers[hit.label],
            "bbox": [round(side, 2) for side in (box.left * wide, box.top * high, width, height)],
            "area": round(width * height, 2),
            "iscrowd": 0,
            "segmentation": [],
            "score": hit.score,
        }


def _yolo(folder: Path, entries: Sequence[_Entry], labels: Sequence[str]) -> None:
    texts = folder / "labels"
    texts.mkdir()
    for each in entries:
        lines = "".join(f"{labels.index(hit.label)} {_fractions(hit)}\n" for hit in each.hits)
        (texts / each.name).with_suffix(".txt").write_text(lines, encoding="utf-8")
    (folder / "classes.txt").write_text("".join(f"{each}\n" for each in labels), encoding="utf-8")
    about = {
        "path": ".", "train": "images", "val": "images", "names": dict(enumerate(labels)),
    }  # fmt: skip
    (folder / "data.yaml").write_text(
        yaml.safe_dump(about, sort_keys=False, allow_unicode=True), encoding="utf-8"
    )


def _fractions(hit: Detection) -> str:
    box = hit.box
    sides = (
        (box.left + box.right) / 2,
        (box.top + box.bottom) / 2,
        box.right - box.left,
        box.bottom - box.top,
    )
    return " ".join(f"{side:.6f}" for side in sides)


def _in_order(labels: Iterable[str]) -> list[str]:
    """Return labels as COCO orders them, then the others by name."""
    found = set(labels)
    return [each for each in COCO_NAMES if each in found] + sorted(found - set(COCO_NAMES))


def _numbers(labels: Iterable[str]) -> dict[str, int]:
    known = dict(zip(COCO_NAMES, COCO_IDS, strict=True))
    others = sorted(set(labels) - set(known))
    ours = {name: number for number, name in enumerate(others, _OURS)}
    return {each: known.get(each, ours.get(each, 0)) for each in labels}


_Form = Callable[[Path, Sequence[_Entry], Sequence[str]], None]
_FORMS: Final[Mapping[str, _Form]] = {"coco": _coco, "yolo": _yolo}
FORMATS: Final = tuple(_FORMS)
