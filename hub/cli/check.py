"""``watchpost check``: everything that is wrong with a configuration, said at once."""

import sys
from collections.abc import Iterable
from pathlib import Path

import click
import msgspec

from hub.api import Problem, Service
from hub.cli.configuration import config_option, configuration
from hub.core.logs import escaped
from hub.settings import ComponentSettings, Settings


@click.command()
@config_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def check(folder: Path | None, as_json: bool) -> None:
    """Check a configuration and say everything that is wrong with it.

    Each mistake is a line: file:line:column: error: what is wrong. The exit code is 1 if
    there is any.
    """
    settings = configuration(folder)[0]
    click.echo(_json(settings) if as_json else _lines(settings))
    sys.exit(1 if settings.problems else 0)


def _lines(settings: Settings) -> str:
    lines = [str(each) for each in settings.problems]
    lines += [str(each) for each in settings.warnings]
    if not settings.problems:
        told = f" ({_count(len(settings.warnings), 'warning')})" if settings.warnings else ""
        lines.append(f"OK{told}: {_summary(settings)}")
    else:
        rest = " Without these parts it would run:" if settings.left_out else ""
        lines.append(f"{_count(len(settings.problems), 'error')}.{rest}")
        lines += [f"  {each}" for each in settings.left_out]
    return "\n".join(escaped(each) for each in lines)


def _summary(settings: Settings) -> str:
    zones = sum(len(each.zones) for each in settings.cameras.values())
    lines = sum(len(each.lines) for each in settings.cameras.values())
    counts = [
        _count(len(settings.cameras), "camera"),
        _count(zones, "zone"),
        *([_count(lines, "line")] if lines else []),
        *(
            _count(len(each.options), each.key)
            for each in settings.services.values()
            if _many(each)
        ),
        _count(len(settings.notifiers), "notifier"),
    ]
    return f"{', '.join(counts)} in {settings.folder}"


def _many(settings: ComponentSettings) -> bool:
    return issubclass(settings.component, Service) and settings.component.LIST


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _json(settings: Settings) -> str:
    answer = {
        "ok": not settings.problems,
        "folder": str(settings.folder),
        "problems": [
            *_plain(settings.problems, "error"),
            *_plain(settings.warnings, "warning"),
        ],
        "left_out": settings.left_out,
        "cameras": {name: sorted(each.zones) for name, each in settings.cameras.items()},
        "detectors": sorted(settings.detectors),
        "notifiers": sorted(settings.notifiers),
        "services": sorted(settings.services),
    }
    return msgspec.json.format(msgspec.json.encode(answer)).decode()


def _plain(problems: Iterable[Problem], severity: str) -> list[dict[str, object]]:
    return [
        {
            "file": each.place.file,
            "line": each.place.line,
            "column": each.place.column,
            "severity": severity,
            "words": each.words,
            "hint": each.hint,
        }
        for each in problems
        if each.place
    ]
