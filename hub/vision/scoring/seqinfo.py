"""What a MOTChallenge sequence says of itself: how fast it is, and how large its picture."""

from configparser import ConfigParser, Error
from pathlib import Path

from msgspec import Struct

from hub.api import Invalid

NAME = "seqinfo.ini"


class SequenceInfo(Struct, frozen=True, kw_only=True):
    """What is not told is none."""

    fps: float | None = None
    size: tuple[int, int] | None = None


def info_beside(file: Path) -> SequenceInfo:
    """Read the sequence's own file beside one of its others, or a folder above it.

    Raises ``Invalid`` for one that cannot be read.
    """
    for folder in (file.absolute().parent, file.absolute().parent.parent):
        if (path := folder / NAME).is_file():
            return _read(path)
    return SequenceInfo()


def _read(path: Path) -> SequenceInfo:
    parser = ConfigParser()
    try:
        parser.read(path, encoding="utf-8-sig")
        known = parser["Sequence"] if parser.has_section("Sequence") else parser["DEFAULT"]
        fps = known.getfloat("frameRate")
        wide, high = known.getint("imWidth"), known.getint("imHeight")
    except (Error, ValueError, OSError) as error:
        text = str(error).replace("\n", " ")
        raise Invalid(f"{path} cannot be read: {text}") from error
    if min(fps or 1, wide or 1, high or 1) < 0:
        raise Invalid(f"{path}: frameRate, imWidth and imHeight must be more than 0")
    return SequenceInfo(fps=fps or None, size=(wide, high) if wide and high else None)
