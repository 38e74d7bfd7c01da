"""``watchpost replay --compare``: one recording, two configurations, and what that changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.table import Table

from hub.api import Invalid
from hub.api.vision import VisionEvent
from hub.cli.recordings import Ready, bar, ready
from hub.vision.captions import about_what
from hub.vision.comparing import Comparison, compare

_MOST = 2  # configurations
_ENDINGS = {".yaml", ".yml"}


class Comparing(click.Command):
    """A command whose ``--compare`` takes up to two configurations, known by their endings."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, _spread(args))


def _spread(args: Sequence[str]) -> list[str]:
    """Return arguments with every configuration after ``--compare`` marked as one."""
    if "--compare" not in args:
        return list(args)
    at = args.index("--compare") + 1
    named = at
    while named < len(args) and named - at < _MOST and _is_configuration(args[named]):
        named += 1
    marked = [each for name in args[at:named] for each in ("--compared", name)]
    return [*args[:at], *marked, *args[named:]]


def _is_configuration(word: str) -> bool:
    place = Path(word)
    return not word.startswith("-") and (place.suffix in _ENDINGS or place.is_dir())


@dataclass(frozen=True, kw_only=True)
class Side:
    """One of two configurations, with the options that are changed in it."""

    place: Path | None
    changes: Sequence[str] = ()

    def __str__(self) -> str:
        name = str(self.place) if self.place else "the present configuration"
        return " ".join([name, *(f"--set {each}" for each in self.changes)])


@dataclass(frozen=True, kw_only=True)
class _Run:
    side: Side
    events: Sequence[VisionEvent]
    frames: int
    inferences: int


def sides(present: Path | None, named: Sequence[Path], changes: Sequence[str]) -> tuple[Side, Side]:
    """Return what is compared with what.

    Two configurations are compared with each other, one with the present one, and without any
    the present one with itself; changes are always made in the second.
    """
    if not named and not changes:
        raise Invalid("--compare needs a configuration to compare with, or --set")
    places = [*([present] if len(named) < _MOST else []), *named]
    return Side(place=places[0]), Side(place=places[-1], changes=changes)


def show(file: Path, both: tuple[Side, Side], camera: str | None, *, as_json: bool) -> None:
    """Run the recording twice, and print what changed."""
    from hub.vision.replay import about

    a, b = (_run(file, side, camera, number) for number, side in enumerate(both, 1))
    found = compare(a.events, b.events)
    if as_json:
        click.echo(_json(file, a, b, found))
        return
    start, _ = about(file)
    click.echo(_table(a, b, found, start), nl=False)


def _run(file: Path, side: Side, camera: str | None, number: int) -> _Run:
    with ready(side.place, camera, side.changes) as chosen:
        return _replayed(file, side, chosen, number)


def _replayed(file: Path, side: Side, chosen: Ready, number: int) -> _Run:
    from hub.vision.replay import replay

    events: list[VisionEvent] = []
    with bar(f"{file.name} {'AB'[number - 1]}") as shown:
        done = replay(
            file,
            chosen.plan,
            chosen.detector,
            events.append,
            progress=shown.move,
            first=chosen.first,
            appearance=chosen.appearance,
        )
    return _Run(side=side, events=events, frames=done.frames, inferences=done.inferences)


def _table(a: _Run, b: _Run, found: Comparison, start: datetime) -> str:
    console = Console(highlight=False)
    table = Table("event", box=None, pad_edge=False)
    for name in ("A", "B", "same", "only A", "only B"):
        table.add_column(name, justify="right")
    for kind, (in_a, in_b, same) in found.counts().items():
        table.add_row(kind, *(str(each) for each in (in_a, in_b, same, in_a - same, in_b - same)))
    with console.capture() as capture:
        for name, run in (("A", a), ("B", b)):
            console.print(f"{name}: {run.side}", markup=False, soft_wrap=True)
            console.print(f"   {len(run.events)} events, {run.inferences} inferences")
        console.print()
        console.print(table)
        _list(console, "only in A", found.only_a, start)
        _list(console, "only in B", found.only_b, start)
        if not found.only_a and not found.only_b:
            console.print("\nThe same happens in both.")
    return capture.get()


def _list(console: Console, title: str, events: Iterable[VisionEvent], start: datetime) -> None:
    table = Table(box=None, pad_edge=False, show_header=False)
    for each in events:
        minutes, seconds = divmod((each.captured - start).total_seconds(), 60)
        table.add_row(f"  {minutes:.0f}:{seconds:05.2f}", each.type, about_what(each))
    if table.row_count:
        console.print(f"\n{title}")
        console.print(table)


def _json(file: Path, a: _Run, b: _Run, found: Comparison) -> str:
    counts = found.counts().items()
    answer = {
        "recording": file.name,
        "a": _plain(a),
        "b": _plain(b),
        "types": {kind: dict(zip(("a", "b", "same"), some, strict=True)) for kind, some in counts},
        "same": len(found.same),
        "only_a": found.only_a,
        "only_b": found.only_b,
    }
    return msgspec.json.format(msgspec.json.encode(answer)).decode()


def _plain(run: _Run) -> dict[str, object]:
    return {
        "configuration": str(run.side.place or ""),
        "set": list(run.side.changes),
        "events": len(run.events),
        "frames": run.frames,
        "inferences": run.inferences,
    }
