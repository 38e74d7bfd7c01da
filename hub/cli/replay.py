"""``watchpost replay``: what a camera's pipeline makes of a recording, as JSON lines."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from hub.api import Invalid
from hub.cli.comparing import Comparing, show, sides
from hub.cli.configuration import config_option
from hub.cli.recordings import Ready, bar, camera_option, ready, said, set_option
from hub.core import logs

if TYPE_CHECKING:
    from hub.vision.annotating import Annotator

_FASTEST = 0.0
_PICTURES = {".jpg", ".jpeg", ".png"}


class _Speed(click.ParamType[float]):
    """``max``, or how many times faster than it was recorded."""

    name = "speed"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        if value in {"max", _FASTEST}:
            return _FASTEST
        try:
            speed = float(str(value))
        except ValueError:
            speed = 0.0
        if not 0 < speed < 1000:  # noqa: PLR2004 - faster than that is max
            self.fail(f"{value!r} is neither 'max' nor a number such as 1", param, ctx)
        return speed


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """The command line."""

    folder: Path | None
    camera: str | None
    changes: tuple[str, ...]
    compare: bool
    compared: tuple[Path, ...]
    speed: float
    fps: float | None
    annotate: Path | None
    pictures: Path | None
    heatmap: Path | None
    as_json: bool


@click.command(cls=Comparing)
@click.argument("file", type=click.Path(path_type=Path))
@config_option
@camera_option
@set_option
@click.option(
    "--compare",
    is_flag=True,
    help="[A.yaml [B.yaml]]  Run it under two configurations and print what changes: A and B, or "
    "the present one and A, or the present one without and with --set.",
)
@click.option("--compared", multiple=True, hidden=True, type=click.Path(path_type=Path))
@click.option(
    "--annotate",
    type=click.Path(path_type=Path),
    metavar="OUT.mp4",
    help="Also write the recording with boxes, zones, lines, counts and events drawn on it.",
)
@click.option(
    "--pictures",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Also store the best pictures, and frames that capture rules want, below this folder.",
)
@click.option(
    "--heatmap",
    type=click.Path(path_type=Path),
    metavar="OUT.jpg|OUT.png",
    help="Also write a picture of where it moved, with a grid to read polygons off.",
)
@click.option("--speed", type=_Speed(), default="max", help="'max', or 1 for as recorded.")
@click.option("--json", "as_json", is_flag=True, help="JSON; events always are, one a line.")
@click.option("--fps", type=click.FloatRange(0.1, 60), help="Instead of the camera's detect.fps.")
def replay(file: Path, **options: Any) -> None:
    """Run a recording through a camera's pipeline and print its events as JSON lines.

    The output is the same on every run. Events begin at sequence 1 and bear the time at
    which the recording was made, if it tells, or count from 1970.
    """
    logs.configure("WARNING")
    asked = _Asked(**options)
    with said():
        if not file.is_file():
            raise Invalid(f"there is no file {file}")
        if asked.compare:
            _compare(file, asked)
            return
        _drawable(asked.heatmap)
        with ready(asked.folder, asked.camera, asked.changes) as chosen:
            _replay(file, _at(chosen, asked.fps), asked)


def _compare(file: Path, asked: _Asked) -> None:
    if asked.fps is not None:
        raise Invalid("--compare takes no --fps: write --set cameras.NAME.detect.fps=...")
    if asked.annotate is not None or asked.heatmap is not None:
        raise Invalid("--compare takes no --annotate or --heatmap: draw one run after the other")
    if asked.pictures is not None:
        raise Invalid("--compare takes no --pictures: store those of one run after the other")
    both = sides(asked.folder, asked.compared, asked.changes)
    show(file, both, asked.camera, as_json=asked.as_json)


def _at(chosen: Ready, fps: float | None) -> Ready:
    if fps is None:
        return chosen
    plan = msgspec.structs.replace(chosen.plan, fps=fps)
    return replace(chosen, plan=plan)


def _replay(file: Path, chosen: Ready, asked: _Asked) -> None:
    from hub.vision.replay import replay as run

    with _annotator(file, asked.annotate) as draws, bar(file.name) as shown:
        summary = run(
            file,
            chosen.plan,
            chosen.detector,
            lambda event: shown.say(msgspec.json.encode(event).decode()),
            progress=shown.move,
            speed=asked.speed,
            media=asked.pictures.resolve() if asked.pictures else None,
            annotator=draws,
            first=chosen.first,
            appearance=chosen.appearance,
            others=chosen.others,
        )
    if asked.heatmap is not None and summary.motion_picture is not None:
        lossless = asked.heatmap.suffix.lower() == ".png"
        _write(asked.heatmap, summary.motion_picture(lossless))
    click.echo(str(summary), err=True)


def _drawable(out: Path | None) -> None:
    if out is not None and out.suffix.lower() not in _PICTURES:
        raise Invalid(f"{out} should end in .jpg or .png: the map is a picture")


def _write(out: Path, picture: bytes) -> None:
    try:
        out.write_bytes(picture)
    except OSError as error:
        raise Invalid(f"{out} cannot be written: {error.strerror}") from error


@contextmanager
def _annotator(file: Path, out: Path | None) -> "Iterator[Annotator | None]":
    from hub.vision.annotating import film
    from hub.vision.replay import about

    if out is None:
        yield None
        return
    if out.exists() and out.samefile(file):
        raise Invalid(f"{out} is the recording itself")
    _, rate = about(file)
    with film(out, rate) as draws:
        yield draws
