"""``watchpost trace``: why automations ran, and why they did not.

Read from the ring on disk, so it answers also when no hub runs; a running hub writes to it
once a second.
"""

import asyncio
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Final

import click
import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from hub.api import Finding, Trace, TracedStep, did_you_mean
from hub.cli.configuration import config_option, configuration, existing
from hub.journal import TraceStore

LAST: Final = "LAST"
# What a trigger says of itself, and the words above have said already.
_DULL: Final = frozenset({"platform", "idx", "description"})
_MOST: Final = 10_000
_COLORS: Final = {
    "finished": "green", "done": "green", "failed": "red", "missed": "yellow", "ended": "yellow",
    "running": "cyan", "interrupted": "red",
}  # fmt: skip
_MARKS: Final = {True: "[green]✓[/]", False: "[red]✗[/]", None: "[red]![/]"}


@click.command()
@click.argument("which", required=False, default="")
@config_option
@click.option("-n", "--number", default=20, show_default=True, type=click.IntRange(min=1))
@click.option("--why-not", is_flag=True, help="Only near misses: triggers whose conditions failed.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line.")
def trace(which: str, folder: Path | None, number: int, why_not: bool, as_json: bool) -> None:
    """Say why an automation ran, or did not.

    Without WHICH the newest runs and near misses are listed. WHICH is LAST, the id of a run, or
    an automation (its entity or its name), whose own ones are listed then.
    """
    settings, _ = configuration(existing(folder))
    store = TraceStore(settings.hub.data)
    kind = "miss" if why_not else ""
    found = asyncio.run(store.newest(kind=kind, limit=_MOST))
    if not found:
        what = "near misses" if why_not else "traces"
        words = f"There are no {what} yet. They appear when a trigger of an automation matches."
        raise click.ClickException(words)
    printer = _Printer(settings.hub.zone, as_json=as_json)
    one = next((each for each in found if each.id == which), None)
    if which == LAST or one is not None:
        printer.whole(one or found[0])
        return
    wanted = [each for each in found if not which or which in _names(each)]
    if not wanted:
        known = {name for each in found for name in _names(each)}
        words = f"there is no trace of '{which}'. {did_you_mean(which, known)}"
        raise click.ClickException(words.rstrip())
    printer.list(wanted[:number])


def _names(trace: Trace) -> set[str]:
    return {trace.automation, trace.automation.partition(".")[2], trace.name}


class _Printer:
    """Prints traces for a person, or as JSON for a program."""

    def __init__(self, zone: tzinfo, *, as_json: bool) -> None:
        self._zone = zone
        self._as_json = as_json
        self._console = Console(highlight=False)

    def list(self, traces: list[Trace]) -> None:
        """Print a line for each."""
        if self._as_json:
            for each in traces:
                click.echo(msgspec.json.encode(each))
            return
        table = Table(box=None, pad_edge=False, show_header=True, header_style="dim")
        for name in ("when", "automation", "result", "why", "id"):
            table.add_column(name, overflow="fold", no_wrap=name in {"when", "result", "id"})
        for each in traces:
            times = f" ({each.count} times)" if each.count > 1 else ""
            table.add_row(
                self._when(each.last or each.time),
                escape(each.name),
                Text(each.result + times, style=_COLORS.get(each.result, "")),
                escape(_why(each)),
                Text(each.id, style="dim"),
            )
        self._console.print(table)
        self._console.print("[dim]watchpost trace ID shows one as a whole.[/]")

    def whole(self, trace: Trace) -> None:
        """Print everything about one."""
        if self._as_json:
            click.echo(msgspec.json.encode(trace))
            return
        color = _COLORS.get(trace.result, "default")
        took = "" if trace.seconds is None else f" in {_took(trace.seconds)}"
        root = Tree(
            f"[bold]{escape(trace.name)}[/]  [{color}]{trace.result}[/]{took}"
            f"  [dim]{self._when(trace.time)}  {trace.id}[/]"
        )
        if trace.count > 1:
            last = self._when(trace.last or trace.time)
            root.add(f"{trace.count} times like this, the last at {last}")
        _because(root, trace)
        if trace.conditions is not None:
            _finding(root.add("[bold]conditions[/]"), trace.conditions)
        if trace.steps:
            steps = root.add("[bold]actions[/]")
            for each in trace.steps:
                _step(steps, each)
            if trace.left_out:
                steps.add(f"[dim]and {trace.left_out} more[/]")
        if trace.error:
            root.add(f"[red]{escape(trace.error)}[/]")
        self._console.print(root)

    def _when(self, time: datetime) -> str:
        return f"{time.astimezone(self._zone):%Y-%m-%d %H:%M:%S}"


def _why(trace: Trace) -> str:
    if trace.error:
        return trace.error
    if trace.conditions is not None:
        failed = [each for each in _leaves(trace.conditions) if not each.result]
        return f"{trace.trigger}; but {'; '.join(each.error or each.words for each in failed)}"
    return trace.trigger


def _leaves(finding: Finding) -> list[Finding]:
    if not finding.parts:
        return [finding]
    return [leaf for each in finding.parts for leaf in _leaves(each)]


def _because(root: Tree, trace: Trace) -> None:
    event = f" [dim](event {trace.event})[/]" if trace.event is not None else ""
    node = root.add(f"[bold]because of[/] {escape(trace.trigger)}{event}")
    for each in trace.chain:
        node = node.add(f"because of {escape(each)}")
    for name, values in (("trigger", trace.data), ("variables", trace.variables)):
        told = {key: each for key, each in values.items() if key not in _DULL and each is not None}
        if told:
            _values(root.add(f"[bold]{name}[/]"), told)


def _finding(node: Tree, finding: Finding) -> None:
    error = f" [red]{escape(finding.error)}[/]" if finding.error else ""
    mark = _MARKS[finding.result]
    words = f"{mark} {escape(finding.words)}{error}  [dim]{escape(finding.place)}[/]"
    inner = node.add(words)
    for each in finding.parts:
        _finding(inner, each)


def _step(node: Tree, step: TracedStep) -> None:
    color = _COLORS.get(step.result, "default")
    took = "" if step.seconds is None else f" {_took(step.seconds)}"
    round_ = f" round {step.details['round']}" if "round" in step.details else ""
    inner = node.add(
        f"[dim]+{step.at:.3f} s[/]  {escape(step.place)}  [{color}]{step.result}[/]"
        f"[dim]{took}{round_}[/]"
    )
    if step.what and step.what not in step.place:
        inner.add(f"[dim]{escape(step.what)}[/]")
    _values(inner, {key: each for key, each in step.details.items() if key != "round"})
    for each in step.findings:
        _finding(inner, each)
    if step.error:
        inner.add(f"[red]{escape(step.error)}[/]")


def _values(node: Tree, values: dict[str, object]) -> None:
    for key, value in values.items():
        text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
        node.add(f"[dim]{escape(key)}:[/] {escape(text)}")


def _took(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.1f} s"
