"""Captured frames as files: a JPEG of full size, and beside it what was seen, as one JSON line.

``<media>/capture/<camera>/<date>/<time>-<rule>.jpg`` and ``.json``. Nothing else
is needed to train with them, so a folder can be copied to another machine as it is.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from hub.api import Box, Detection, Invalid
from hub.core.files import write
from hub.vision.capture import Catch
from hub.vision.darkroom import Darkroom
from hub.vision.geometry import clamp, rounded
from hub.vision.moments import moment
from hub.vision.pictures import jpeg

_QUALITY: Final = 95  # percent: what is trained with must not show the JPEG's own blocks
_WIDEST: Final = 16_384  # pixels: as wide as it came
FOLDER: Final = "capture"


class SampleTrack(Struct, frozen=True, kw_only=True):
    """What was followed in a captured frame."""

    track: str
    label: str
    box: Box


class Sample(Struct, frozen=True, kw_only=True):
    """What is known of a captured frame: boxes are fractions of it, sizes are in pixels.

    ``model`` saw ``detections``; where a rule asked another, that is ``other_model``, and saw
    ``others``.
    """

    image: str
    camera: str
    time: datetime
    width: int
    height: int
    rule: str
    model: str
    detections: tuple[Detection, ...]
    tracks: tuple[SampleTrack, ...] = ()
    other_model: str = ""
    others: tuple[Detection, ...] = ()


class Samples:
    """Stores one camera's captured frames, and keeps them within its quota.

    Days and times in names are those of a ``zone``.
    """

    def __init__(self, media: Path, camera: str, zone: tzinfo = UTC) -> None:
        self._camera = camera
        self._zone = zone
        self._folder = media / FOLDER / camera
        self._used: int | None = None  # bytes, once they were counted

    def store(self, catch: Catch, model: str, keep: int) -> Path | None:
        """Store a frame; the oldest go until all are within ``keep`` bytes. May raise OSError.

        Returns none for one that alone is more than that.
        """
        taken = moment(catch.frame.captured)
        here = taken.astimezone(self._zone)
        folder = self._folder / f"{here:%Y-%m-%d}"
        folder.mkdir(parents=True, exist_ok=True, mode=0o750)
        name = f"{here:%H%M%S}-{taken.microsecond // 1000:03d}-{catch.rule.when}"
        image, about = folder / f"{name}.jpg", folder / f"{name}.json"
        pixels = catch.frame.whole(_WIDEST)
        content = jpeg(pixels, quality=_QUALITY)
        high, wide = pixels.shape[:2]
        facts = msgspec.json.encode(self._sample(catch, image, taken, (wide, high), model)) + b"\n"
        if len(content) + len(facts) > keep:
            return None
        self._room(len(content) + len(facts), keep)
        write(image, content)
        write(about, facts)
        self._used = (self._used or 0) + len(content) + len(facts)
        return image

    def _sample(
        self, catch: Catch, image: Path, taken: datetime, size: tuple[int, int], model: str
    ) -> Sample:
        return Sample(
            image=image.name,
            camera=self._camera,
            time=taken,
            width=size[0],
            height=size[1],
            rule=catch.rule.when,
            model=model,
            detections=_rounded(catch.seen),
            tracks=tuple(
                SampleTrack(track=each.id, label=each.label, box=_box(each.box))
                for each in catch.tracks
                if each.confirmed and each.seen
            ),
            other_model=(catch.rule.other or "") if catch.rule.when == "disagree" else "",
            others=_rounded(catch.other),
        )

    def _room(self, wanted: int, keep: int) -> None:
        if self._used is None or self._used + wanted > keep:
            # Counted anew where it matters: some may have replaced others, or were cut short.
            self._used = sum(_size(each) for each in self._folder.glob("*/*"))
        if self._used + wanted <= keep:
            return
        for image in sorted(self._folder.glob("*/*.jpg")):
            self._used -= _removed(image) + _removed(image.with_suffix(".json"))
            with contextlib.suppress(OSError):  # others are still in it
                image.parent.rmdir()
            if self._used + wanted <= keep:
                return


def catcher(
    media: Path, camera: str, darkroom: Darkroom, zone: tzinfo = UTC
) -> Callable[[Catch, str, int], bool]:
    """Return what stores a camera's catches in the darkroom."""
    samples = Samples(media, camera, zone)

    def keep(catch: Catch, model: str, most: int) -> bool:
        return darkroom.do(lambda: _ignored(samples.store(catch, model, most)))

    return keep


def read(
    media: Path, cameras: Iterable[str] = (), since: datetime | None = None
) -> Iterator[tuple[Path, Sample]]:
    """Yield captured frames with what is known of them, in the order of cameras and time.

    Raises ``Invalid`` for a file that cannot be read as such.
    """
    wanted = frozenset(cameras)
    for about in sorted((media / FOLDER).glob("*/*/*.json")):
        if wanted and about.parts[-3] not in wanted:
            continue
        try:
            sample = msgspec.json.decode(about.read_bytes(), type=Sample)
        except (msgspec.MsgspecError, OSError) as error:
            raise Invalid(f"{about} is no captured frame's: {error}") from error
        image = about.with_name(Path(sample.image).name)
        if image.is_file() and (since is None or sample.time >= since):
            yield image, sample


def _ignored(_: Path | None) -> None:
    """Drop a value: nobody waits for it."""


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:  # somebody tidies up as well
        return 0


def _removed(path: Path) -> int:
    """Remove a file; returns how many bytes that was."""
    size = _size(path)
    path.unlink(missing_ok=True)
    return size


def _rounded(seen: Iterable[Detection]) -> tuple[Detection, ...]:
    return tuple(
        Detection(label=each.label, score=round(each.score, 3), box=_box(each.box)) for each in seen
    )


def _box(box: Box) -> Box:
    return rounded(clamp(box), digits=5)
