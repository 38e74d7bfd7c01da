"""``watchpost evaluate events``: whether what a pipeline tells of a recording is so."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import msgspec
from rich.console import Console
from rich.table import Table

from hub.api import Invalid
from hub.api.vision import VisionEvent
from hub.cli.configuration import config_option
from hub.cli.recordings import Ready, bar, camera_option, ready, said, set_option
from hub.cli.truth import TruthFile
from hub.core import logs
from hub.vision.verdict import Limits, failures
from hub.vision.visits import Score, Seen, Truth, score


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """The command line."""

    files: Sequence[Path]
    truth: Path
    folder: Path | None
    camera: str | None
    changes: Sequence[str]
    given: Sequence[Path]
    tolerance: float
    unseen: float
    extra: int
    false: float
    strict: bool
    as_json: bool

    @property
    def limits(self) -> Limits:
        """How far events may be from the truth."""
        return Limits(
            tolerance=self.tolerance, unseen=self.unseen, extra=self.extra, false=self.false
        )


@dataclass(frozen=True, kw_only=True)
class _Result:
    """A recording's score, and what is wrong with it."""

    name: str
    truth: Truth
    score: Score
    wrong: Sequence[str]


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--truth", "truth", required=True, type=click.Path(path_type=Path), help="What really happened."
)
@config_option
@camera_option
@set_option
@click.option(
    "--events",
    "given",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Score these events (JSON lines) in place of a replay; one for each recording, in order.",
)
@click.option(
    "--tolerance",
    type=click.FloatRange(0),
    default=Limits().tolerance,
    show_default=True,
    metavar="FRAMES",
    help="How good the truth's own edges are.",
)
@click.option(
    "--unseen",
    type=click.FloatRange(0),
    default=Limits().unseen,
    show_default=True,
    metavar="SECONDS",
    help="How much of a visit's beginning or end may go by unseen.",
)
@click.option(
    "--extra",
    type=click.IntRange(0),
    default=Limits().extra,
    show_default=True,
    help="Most tracks beyond the true ones.",
)
@click.option(
    "--false",
    "false",
    type=click.FloatRange(0),
    default=Limits().false,
    show_default=True,
    metavar="SECONDS",
    help="How long somebody may be seen where nobody is.",
)
@click.option("--strict", is_flag=True, help="Exit with 1 when anything does not hold.")
@click.option("--json", "as_json", is_flag=True, help="Print the scores as JSON.")
def events(files: tuple[Path, ...], **options: Any) -> None:
    """Compare the events of recordings with what really happened in them.

    The truth is a JSON or YAML file that tells the visits of each recording by its name.
    """
    logs.configure("WARNING")
    asked = _Asked(files=files, **options)
    with said():
        results = _results(asked, TruthFile(asked.truth))
    click.echo(_json(results) if asked.as_json else _table(results), nl=asked.as_json)
    if asked.strict and any(each.wrong for each in results):
        raise SystemExit(1)


def _results(asked: _Asked, told: TruthFile) -> list[_Result]:
    if asked.given:
        return _from_events(asked, told)
    with ready(asked.folder, asked.camera, asked.changes) as chosen:
        return [_replayed(each, chosen, told, asked.limits) for each in asked.files]


def _from_events(asked: _Asked, told: TruthFile) -> list[_Result]:
    from hub.vision.replay import about

    if len(asked.given) != len(asked.files):
        wanted, got = len(asked.files), len(asked.given)
        raise Invalid(f"for {wanted} recordings give as many --events, not {got}")
    results = []
    for file, listed in zip(asked.files, asked.given, strict=True):
        start, fps = about(file)
        truth = told.of(file, fps)
        results.append(_result(file, truth, _read(listed), start, asked.limits))
    return results


def _replayed(file: Path, chosen: Ready, told: TruthFile, limits: Limits) -> _Result:
    from hub.vision.replay import about, replay

    start, fps = about(file)
    truth = told.of(file, fps)
    found: list[VisionEvent] = []
    with bar(file.name) as shown:
        replay(
            file,
            chosen.plan,
            chosen.detector,
            found.append,
            progress=shown.move,
            first=chosen.first,
            appearance=chosen.appearance,
        )
    return _result(file, truth, found, start, limits)


def _result(
    file: Path, truth: Truth, found: Sequence[VisionEvent], start: datetime, limits: Limits
) -> _Result:
    scored = score(truth, found, start, limits.tolerance)
    wrong = failures(scored, truth.fps, limits)
    return _Result(name=file.name, truth=truth, score=scored, wrong=wrong)


def _read(file: Path) -> list[VisionEvent]:
    """Read events as ``replay`` prints them; those of other kinds are left out."""
    if not file.is_file():
        raise Invalid(f"there is no file {file}")
    known = msgspec.json.Decoder(VisionEvent)
    found = []
    for number, line in enumerate(file.read_bytes().splitlines(), 1):
        try:
            found.append(known.decode(line))
        except msgspec.ValidationError as error:
            if "Invalid value" not in str(error):
                raise Invalid(f"{file}:{number}: {error}") from error
        except msgspec.DecodeError as error:
            raise Invalid(f"{file}:{number}: not an event as JSON: {error}") from error
    return found


def _table(results: Iterable[_Result]) -> str:
    console = Console()
    with console.capture() as capture:
        for each in results:
            _show(console, each)
    return capture.get()


def _show(console: Console, result: _Result) -> None:
    found, fps = result.score, result.truth.fps
    table = Table(title=result.name, title_justify="left", title_style="bold")
    for column in ("visit", "true frames", "seen frames", "persons", "left over"):
        table.add_column(column)
    for number, each in enumerate(found.seen, 1):
        seen = _frames(each.span, fps) if each.span else "not seen"
        persons = f"{each.persons} of {each.visit.persons}"
        name = f"({number})" if each.visit.optional else str(number)
        table.add_row(name, _frames(each.visit.span, fps), seen, persons, _sides(each))
    if found.seen:
        console.print(table)
    else:
        console.print(f"[bold]{result.name}[/bold]")
    console.print(
        f"visits {found.groups}, persons {found.persons}, tracks {found.tracks} "
        f"({found.extra} extra), false {found.false:.1f} s (at once {found.longest:.1f} s)",
        highlight=False,
    )
    for name, (true, counted) in found.lines.items():
        console.print(f"line {name}: {counted} of {true}", highlight=False)
    for words in result.wrong:
        console.print(f"  does not hold: {words}", highlight=False, markup=False)


def _frames(span: tuple[float, float], fps: float) -> str:
    return f"{span[0] * fps:.0f} to {span[1] * fps:.0f}"


def _sides(seen: Seen) -> str:
    return ", ".join(f"{count} {side}" for side, count in seen.exits.items())


def _json(results: Iterable[_Result]) -> str:
    answer = {each.name: _plain(each) for each in results}
    return msgspec.json.format(msgspec.json.encode(answer)).decode()


def _plain(result: _Result) -> dict[str, object]:
    found, fps = result.score, result.truth.fps
    return {
        "holds": not result.wrong,
        "wrong": list(result.wrong),
        "visits": [_visit(each, fps) for each in found.seen],
        "visits_seen": found.groups,
        "persons": found.persons,
        "tracks": found.tracks,
        "extra_tracks": found.extra,
        "false_seconds": round(found.false, 3),
        "longest_false_seconds": round(found.longest, 3),
        "lines": {
            name: {"true": true, "counted": counted}
            for name, (true, counted) in found.lines.items()
        },
    }


def _visit(seen: Seen, fps: float) -> dict[str, object]:
    return {
        "frames": [round(each * fps) for each in seen.visit.span],
        "seen_frames": [round(each * fps, 1) for each in seen.span] if seen.span else None,
        "persons": seen.visit.persons,
        "persons_seen": seen.persons,
        "exits": seen.visit.exits,
        "exits_seen": seen.exits,
        "optional": seen.visit.optional,
    }
