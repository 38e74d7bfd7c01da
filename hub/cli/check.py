"""``watchpost check``: everything that is wrong with a configuration, said at once."""

import sys
from collections.abc import Iterable
from pathlib import Path

import click
import msgspec

from hub.api import Problem, Service
from hub.cli.configuration import config_option, configuration
from hub.cli.telling import count, in_order, told
from hub.core.logs import escaped
from hub.settings import ComponentSettings, Settings


@click.command()
@config_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
def check(folder: Path | None, as_json: bool, strict: bool) -> None:
    """Check a configuration and say everything that is wrong with it.

    Each mistake is a line: file:line:column: error: what is wrong. Below it stands the line of
    the file. The exit code is 1 if there is an error; warnings change it with --strict alone.
    """
    settings = configuration(folder)[0]
    click.echo(_json(settings, strict) if as_json else _lines(settings))
    sys.exit(0 if _fine(settings, strict) else 1)


def _fine(settings: Settings, strict: bool) -> bool:
    return not settings.problems and not (strict and settings.warnings)


def _lines(settings: Settings) -> str:
    lines = [*told(in_order(settings))]
    warned = count(len(settings.warnings), "warning") if settings.warnings else ""
    if not settings.problems:
        lines.append(escaped(f"OK{f' ({warned})' if warned else ''}: {_summary(settings)}"))
    else:
        rest = " Without these parts it would run:" if settings.left_out else ""
        also = f", {warned}" if warned else ""
        lines.append(f"{count(len(settings.problems), 'error')}{also}.{rest}")
        lines += [escaped(f"  {each}") for each in settings.left_out]
    return "\n".join(lines)


def _summary(settings: Settings) -> str:
    zones = sum(len(each.zones) for each in settings.cameras.values())
    lines = sum(len(each.lines) for each in settings.cameras.values())
    counts = [
        count(len(settings.cameras), "camera"),
        count(zones, "zone"),
        *([count(lines, "line")] if lines else []),
        *(count(len(each.options), each.key) for each in settings.services.values() if _many(each)),
        count(len(settings.notifiers), "notifier"),
    ]
    return f"{', '.join(counts)} in {settings.folder}"


def _many(settings: ComponentSettings) -> bool:
    return issubclass(settings.component, Service) and settings.component.LIST


def _json(settings: Settings, strict: bool) -> str:
    answer = {
        "ok": _fine(settings, strict),
        "folder": str(settings.folder),
        "errors": len(settings.problems),
        "warnings": len(settings.warnings),
        "problems": _plain(in_order(settings)),
        "left_out": settings.left_out,
        "cameras": {name: sorted(each.zones) for name, each in settings.cameras.items()},
        "detectors": sorted(settings.detectors),
        "notifiers": sorted(settings.notifiers),
        "services": sorted(settings.services),
    }
    return msgspec.json.format(msgspec.json.encode(answer)).decode()


def _plain(problems: Iterable[Problem]) -> list[dict[str, object]]:
    return [
        {
            "file": each.place.file,
            "line": each.place.line,
            "column": each.place.column,
            "severity": "warning" if each.warning else "error",
            "words": each.words,
            "hint": each.hint,
        }
        for each in problems
        if each.place
    ]
