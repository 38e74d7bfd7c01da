"""``watchpost events``: what happened lately, then what happens.

Both are read from the journal, so recent events are there also when no hub runs; a running
hub writes to it within a quarter of a second.
"""

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Final

import click
from rich.console import Console
from rich.text import Text

from hub.api import HubError, StateChanged, Storage, StoredRow, did_you_mean
from hub.app.bare import open_storage
from hub.app.folders import owner
from hub.cli.configuration import config_option, configuration, existing
from hub.settings import Settings

# As often as the hub commits.
PAUSE: Final = 0.25  # seconds
# More events than this within a pause are skipped over, not printed.
PAGE: Final = 1000
_DULL: Final = frozenset({"type", "sequence", "time", "source", "cause", "version", "box"})


@click.command()
@config_option
@click.option(
    "-n",
    "--number",
    default=20,
    show_default=True,
    type=click.IntRange(min=0),
    help="How many recent ones.",
)
@click.option("-t", "--type", "types", multiple=True, help="Only this type; may be repeated.")
@click.option("--states", is_flag=True, help="Changes of states too, which are many.")
@click.option("--follow/--no-follow", default=True, help="Go on with those of a running hub.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line.")
def events(
    folder: Path | None,
    number: int,
    types: tuple[str, ...],
    states: bool,
    follow: bool,
    as_json: bool,
) -> None:
    """Show recent events, then those of a running hub as they happen (Ctrl-C ends it)."""
    settings, _ = configuration(existing(folder))
    printer = _Printer(settings.hub.zone, as_json=as_json)
    wanted = _wanted(settings, types, states=states)
    try:
        asyncio.run(_show(settings, printer, number, wanted, follow=follow))
    except KeyboardInterrupt:
        return
    except HubError as error:
        raise click.ClickException(str(error)) from error


def _wanted(settings: Settings, types: Sequence[str], *, states: bool) -> Sequence[str]:
    known = settings.known.events
    for each in types:
        if each not in known:
            words = f"there is no event type '{each}'. {did_you_mean(each, known)}"
            raise click.ClickException(words.rstrip())
    if types or states:
        return types
    return sorted(set(known) - {StateChanged.type})


async def _show(
    settings: Settings, printer: "_Printer", number: int, types: Sequence[str], *, follow: bool
) -> None:
    async with open_storage(settings) as storage:
        last = printer.print(await storage.recent(number, types))
        running = owner(settings.hub.data)
        if follow and running is None:
            printer.note("No hub is running on this configuration; `watchpost run` starts one.")
        while follow and owner(settings.hub.data) is not None:
            await asyncio.sleep(PAUSE)
            last = max(last, printer.print(await _since(storage, last, types)))


async def _since(storage: Storage, last: int, types: Sequence[str]) -> list[StoredRow]:
    return [row for row in await storage.recent(PAGE, types) if row.sequence > last]


class _Printer:
    """Prints rows for a person, or as JSON lines for a program."""

    def __init__(self, zone: tzinfo, *, as_json: bool) -> None:
        self._zone = zone
        self._as_json = as_json
        self._console = Console(highlight=False, soft_wrap=True)

    def print(self, rows: Sequence[StoredRow]) -> int:
        """Print rows; returns the last one's sequence, 0 when there was none."""
        for row in rows:
            if self._as_json:
                click.echo(row.body)
            else:
                self._console.print(self._line(row))
        return rows[-1].sequence if rows else 0

    def note(self, words: str) -> None:
        """Say something that is not an event."""
        click.echo(words, err=True)

    def _line(self, row: StoredRow) -> Text:
        body = json.loads(row.body)
        time = datetime.fromisoformat(body["time"]).astimezone(self._zone)
        line = Text(f"{time:%Y-%m-%d %H:%M:%S}  ", style="dim")
        line.append(f"{row.type:<22}", style="bold")
        for key, value in body.items():
            if key not in _DULL and value not in (None, ""):
                line.append(f" {key}=", style="dim")
                line.append(_short(value))
        return line


def _short(value: object) -> str:
    if isinstance(value, dict) and "state" in value:
        return str(value["state"])
    if isinstance(value, float):
        return f"{value:.2f}"
    return str(value)
