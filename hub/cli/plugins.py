"""``watchpost plugins``: what is installed, what of it is used, and what is broken."""

from pathlib import Path
from typing import Final

import click
import msgspec

from hub.cli.configuration import config_option, configuration
from hub.core.logs import escaped
from hub.plugins import Plugin, Registry

_STYLES: Final = {"used": "green", "not used": "dim"}
# Where the output is a file, nobody's screen is narrow.
_WIDTH: Final = 140  # characters


@click.command()
@config_option
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list, with tracebacks.")
def plugins(folder: Path | None, as_json: bool) -> None:
    """List what is installed, and what the configuration uses."""
    settings, registry = configuration(folder)
    for name in registry.names:
        registry.try_components(name)
    rows = [_row(each, used=each.name in settings.known.loaded) for each in _known(registry)]
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(rows)).decode())
    else:
        _table(rows)


def _known(registry: Registry) -> list[Plugin]:
    return [registry.plugins[name] for name in sorted(registry.plugins)]


def _row(plugin: Plugin, *, used: bool) -> dict[str, object]:
    state = plugin.state if plugin.reason else "used" if used else "not used"
    return {
        "name": plugin.name,
        "kinds": list(plugin.kinds),
        "version": plugin.version,
        "distribution": plugin.distribution,
        "state": state,
        "reason": plugin.reason,
        "rivals": list(plugin.rivals),
        "traceback": plugin.traceback,
    }


def _table(rows: list[dict[str, object]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for title in ("Name", "Offers", "Version", "From", "State"):
        table.add_column(title, no_wrap=title == "Name", overflow="fold")
    for row in rows:
        texts = [Text(escaped(each)) for each in _cells(row)]
        texts[-1].stylize(_STYLES.get(str(row["state"]), "red"))
        table.add_row(*texts)
    console = Console()
    console.width = max(console.width, _WIDTH) if not console.is_terminal else console.width
    console.print(table)


def _cells(row: dict[str, object]) -> list[str]:
    state = f"{row['state']}: {row['reason']}" if row["reason"] else str(row["state"])
    if rivals := _listed(row["rivals"]):
        state += f" (also offered by {rivals})"
    return [
        str(row["name"]),
        _listed(row["kinds"]).replace(" platform", ""),
        str(row["version"]),
        str(row["distribution"]),
        state,
    ]


def _listed(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else ""
