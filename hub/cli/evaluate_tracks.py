"""``watchpost evaluate tracks``: tracks against a truth, as the MOTChallenge scores them."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
import msgspec

from hub.api import Invalid

if TYPE_CHECKING:
    from hub.vision.scoring import Rows, Scores

_FPS: Final = 25.0  # of most sequences, when nothing tells
_BEST: Final = 100.0  # measures are told in per cent


class _How(msgspec.Struct, frozen=True, kw_only=True):
    """The options that change what comes out."""

    iou: float
    every: int
    fps: float | None
    size: tuple[int, int] | None
    min_score: float


class _Size(click.ParamType[tuple[int, int]]):
    """Width and height, such as ``1920x1080``."""

    name = "WxH"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        if isinstance(value, tuple):
            return value
        wide, _, high = str(value).lower().partition("x")
        if not (wide.isdecimal() and high.isdecimal() and int(wide) and int(high)):
            self.fail(f"{value!r} is no size such as 1920x1080", param, ctx)
        return int(wide), int(high)


_FILE = click.Path(path_type=Path)


@click.command()
@click.option("--truth", type=_FILE, required=True, help="The truth: a gt.txt.")
@click.option("--detections", type=_FILE, help="Follow these detections (a det.txt), and score it.")
@click.option("--tracks", "found", type=_FILE, help="Score these tracks instead.")
@click.option(
    "--iou",
    type=click.FloatRange(0.0, 1.0, min_open=True),
    default=0.5,
    show_default=True,
    help="The overlap that counts as found.",
)
@click.option(
    "--every",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Use only every so-manieth frame, from the first one on.",
)
@click.option(
    "--fps", type=click.FloatRange(0.1, 1000), help="Frames a second [seqinfo.ini, or 25]"
)
@click.option("--size", type=_Size(), help="The picture's [seqinfo.ini, or what holds all boxes]")
@click.option(
    "--min-score",
    type=click.FloatRange(0.0, 1.0),
    default=0.5,
    show_default=True,
    help="Which score is believed, as a camera's detect.min_score.",
)
@click.option("--output", type=_FILE, help="Write the tracks there.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON; measures are fractions.")
def tracks(
    truth: Path,
    detections: Path | None,
    found: Path | None,
    output: Path | None,
    *,
    as_json: bool,
    **how: Any,
) -> None:
    """Score tracks against a truth: MOTA, IDF1, HOTA and what they are made of.

    Give detections to have them followed by Watchpost's own tracker, or tracks to score those of
    any. Files are in MOTChallenge format, frames counted from 1. Scores of detections may have
    any scale; those beyond 0 to 1 are brought into it by their percentiles. A file that holds
    every fifth frame alone, say, is taken for looks so far apart.
    """
    if (detections is None) == (found is None):
        raise click.UsageError("give either --detections or --tracks")
    try:
        scores = _scores(truth, detections, found, output, _How(**how))
    except Invalid as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(json.dumps(_flat(scores), indent=2))
    else:
        _show(scores)


def _scores(
    truth: Path, detections: Path | None, found: Path | None, output: Path | None, how: _How
) -> "Scores":
    from hub.vision.scoring import kept, on_beat, read_tracks, read_truth, score, stride

    true = kept(read_truth(truth), how.every)
    seen: Rows = ()
    if found is not None:
        seen = kept(read_tracks(found), how.every)
    elif detections is not None:
        seen = _followed(detections, truth, stride(true), how)
    if output is not None:
        _write(output, seen)
    return score(true, on_beat(seen, true), how.iou)


def _followed(detections: Path, truth: Path, told: int, how: _How) -> "Rows":
    from hub.vision.scoring import around, follow, info_beside, kept, read_detections, stride

    infos = [info_beside(detections), info_beside(truth)]
    fps = next((each for each in (how.fps, *(info.fps for info in infos)) if each), _FPS)
    size = next((each for each in (how.size, *(info.size for info in infos)) if each), (1, 1))
    rows = read_detections(detections)
    looked = kept(rows, how.every)
    beat = max(stride(looked), how.every)
    return follow(looked, around(rows, *size), fps, how.min_score, beat=beat, told=told)


def _write(path: Path, rows: "Rows") -> None:
    lines = (
        f"{each.frame},{each.id},{each.left:.2f},{each.top:.2f},"
        f"{each.right - each.left:.2f},{each.bottom - each.top:.2f},{each.score:.3f},-1,-1,-1\n"
        for each in rows
    )
    try:
        path.write_text("".join(lines), encoding="utf-8")
    except OSError as error:
        raise Invalid(f"{path} cannot be written: {error.strerror}") from error


def _flat(scores: "Scores") -> dict[str, float]:
    """Return all numbers under their own names; measures are fractions, not per cent."""
    flat = msgspec.structs.asdict(scores)
    for part in (flat.pop("clear"), flat.pop("identity"), flat.pop("hota")):
        flat |= msgspec.structs.asdict(part)
    return flat


def _show(scores: "Scores") -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, justify="right")
    table.add_column(style="dim")
    for name, value, meaning in _lines(scores):
        table.add_row(name, value, meaning)
    Console().print(table)


def _lines(scores: "Scores") -> list[tuple[str, str, str]]:
    clear, names, hota = scores.clear, scores.identity, scores.hota
    boxes = f"of {scores.true_boxes} boxes in {scores.frames} frames"
    return [
        ("HOTA", _percent(hota.hota), "found and told apart"),
        ("DetA", _percent(hota.deta), "found"),
        ("AssA", _percent(hota.assa), "told apart"),
        ("LocA", _percent(hota.loca), "in the right place"),
        ("IDF1", _percent(names.idf1), "under one name of its own"),
        ("IDP", _percent(names.idp), "of the boxes found"),
        ("IDR", _percent(names.idr), "of the true boxes"),
        ("MOTA", _percent(clear.mota), "neither missed, invented nor switched"),
        ("MOTP", _percent(clear.motp), "mean overlap of what was found"),
        ("ID switches", str(clear.switches), f"{scores.tracks} tracks"),
        ("False positives", str(clear.false_positives), f"of {scores.track_boxes} boxes found"),
        ("Misses", str(clear.misses), boxes),
        ("Fragments", str(clear.fragments), "times that something was found anew"),
        ("Mostly tracked", str(clear.mostly_tracked), f"of {scores.objects} objects"),
        ("Partly tracked", str(clear.partly_tracked), ""),
        ("Mostly lost", str(clear.mostly_lost), ""),
    ]


def _percent(part: float) -> str:
    return f"{part * _BEST:.1f}%"
