"""``watchpost backtest``: what automations would have done lately, beside what they did."""

import asyncio
import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any, Final

import click
import msgspec
import voluptuous as vol
from rich.console import Console
from rich.table import Table
from rich.text import Text

from hub.api import Event, schema
from hub.app.bare import open_storage
from hub.cli.configuration import config_option, configuration, existing
from hub.cli.recordings import bar, camera_option, ready, said
from hub.cli.telling import in_order, told
from hub.settings import Settings
from hub.testing.backtest import Outcome, Pair, Told, counts, on_footage
from hub.testing.backtest import backtest as gone_through


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """The command line."""

    since: str
    until: str
    only: str
    footage: Path | None
    camera: str | None
    as_json: bool


_COLORS: Final = {"new": "green", "gone": "red", "same": "dim"}
_DAYS: Final = re.compile(r"\d+(\.\d+)?[wdhms]")


@click.command()
@click.argument("file", required=False, type=click.Path(exists=True, path_type=Path))
@config_option
@click.option("--since", default="7d", show_default=True, help="How far back, or a date and time.")
@click.option(
    "--until", default="", help="How far back it ends, or a date and time; now if absent."
)
@click.option("-a", "--automation", "only", default="", help="Only what has this in its name.")
@click.option(
    "--footage",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="React to what a recording shows, in place of the journal.",
)
@camera_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object per run.")
def backtest(file: Path | None, folder: Path | None, **options: Any) -> None:
    """Run automations over what the journal has of the last days, in simulated time.

    FILE is read in place of the section 'automation'; without it the configuration as it is now is
    used. Nothing is done: actions are written down, and runs stand beside those that were.
    """
    asked = _Asked(**options)
    settings = _settings(folder, file)
    with said():
        outcome = (
            _of_footage(settings, folder, asked) if asked.footage else _of_past(settings, asked)
        )
    pairs = [each for each in outcome.pairs if _wanted(each, asked.only)]
    if asked.as_json:
        for each in pairs:
            click.echo(msgspec.json.encode({"kind": each.kind, "then": each.then, "now": each.now}))
        return
    _print(pairs, settings.hub.zone)
    click.echo(f"{outcome.events} events gone through.")


def _of_past(settings: Settings, asked: _Asked) -> Outcome:
    zone, now = settings.hub.zone, datetime.now(UTC)
    begin = _moment(asked.since, now, zone)
    end = _moment(asked.until, now, zone) if asked.until else now
    if begin >= end:
        raise click.ClickException("--since has to be before --until")
    outcome = asyncio.run(_all(settings, begin, end))
    if not outcome.events:
        words = "the journal has no events of that time; a hub that runs for a while writes some"
        raise click.ClickException(words)
    return outcome


def _of_footage(settings: Settings, folder: Path | None, asked: _Asked) -> Outcome:
    """Look at a recording with the camera's own pipeline, then react to what it showed."""
    from hub.vision.replay import replay

    events: list[Event] = []
    footage = asked.footage or Path()
    with ready(folder, asked.camera) as chosen, bar(footage.name) as shown:
        replay(
            footage,
            chosen.plan,
            chosen.detector,
            events.append,
            progress=shown.move,
            first=chosen.first,
            appearance=chosen.appearance,
            others=chosen.others,
        )
    return asyncio.run(on_footage(settings, events, lambda _: None))


def _settings(folder: Path | None, file: Path | None) -> Settings:
    place = existing(folder)
    changes = []
    if file is not None:
        base = place if place.is_dir() else place.parent
        changes = [f"automation=!include {_below(file, base)}"]
    settings, _ = configuration(place, changes)
    if settings.problems:
        for line in told(in_order(settings)):
            click.echo(line, err=True)
        raise click.ClickException("not tried, because of the errors above")
    return settings


def _below(file: Path, base: Path) -> Path:
    try:
        return file.resolve().relative_to(base.resolve())
    except ValueError:
        raise click.ClickException(f"{file} is not in the configuration folder {base}") from None


async def _all(settings: Settings, begin: datetime, end: datetime) -> Outcome:
    async with open_storage(settings) as storage:
        with _progress(begin, end) as tell:
            return await gone_through(settings, storage, begin, end, tell)


@contextmanager
def _progress(begin: datetime, end: datetime) -> Iterator[Told]:
    whole = int((end - begin).total_seconds())
    with click.progressbar(length=whole, file=sys.stderr, label="Going through the past") as bar:

        def tell(time: datetime) -> None:
            seconds = int((time - begin).total_seconds())
            if seconds > bar.pos:
                bar.update(seconds - bar.pos)

        yield tell
        bar.update(whole - bar.pos)


def _moment(text: str, now: datetime, zone: tzinfo) -> datetime:
    """Return a moment: so long ago, or a date and time of the home's."""
    if _DAYS.fullmatch(text.strip()):
        try:
            return now - timedelta(seconds=schema.seconds(text.strip()))
        except vol.Invalid as error:
            raise click.ClickException(str(error)) from error
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        words = (
            f"expected a span such as 7d, or a date and time such as 2026-06-01T12:00, got '{text}'"
        )
        raise click.ClickException(words) from None
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)


def _wanted(pair: Pair, only: str) -> bool:
    ran = pair.now or pair.then
    words = "" if ran is None else f"{ran.name} {ran.automation}"
    return only.lower() in words.lower()


def _print(pairs: list[Pair], zone: tzinfo) -> None:
    console = Console(highlight=False)
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("when", "", "automation", "trigger", "would call"):
        table.add_column(name, overflow="fold", no_wrap=name in {"when", ""})
    for each in pairs:
        ran = each.now or each.then
        if ran is None:
            continue
        calls = (
            ""
            if each.now is None
            else "\n".join(
                f"{call.name} {json.dumps(call.data, default=str, ensure_ascii=False)}"
                for call in each.now.actions
            )
        )
        style = _COLORS[each.kind]
        when = f"{each.time.astimezone(zone):%Y-%m-%d %H:%M:%S}"
        table.add_row(
            when, Text(each.kind, style=style), Text(ran.name), Text(ran.trigger), Text(calls)
        )
    if pairs:
        console.print(table)
    for name, several in counts(pairs).items():
        said = ", ".join(f"{number} {kind}" for kind, number in several.items() if number)
        console.print(Text(f"{name}: {said}", style="bold"))
    if not pairs:
        console.print("No automation would have run, and none did.")
