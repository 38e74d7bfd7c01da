"""Models in tables, for somebody at a terminal."""

from collections.abc import Iterable

from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from detectors.catalogue.rows import Row
from hub.api import ModelEntry

_COLOURS = {"ready": "green", "absent": "dim", "damaged": "red", "failed": "red"}
_MB = 1e6  # bytes


def catalogue(found: Iterable[tuple[ModelEntry, Row]]) -> None:
    """Print what can be had; remarks stand below, where there is room for them."""
    table = Table("Model", "Here", "Task", "Input", "Cost", "MB", "Licence")
    remarks = Table.grid(padding=(0, 1))
    for entry, row in found:
        table.add_row(
            entry.name,
            _state(row),
            entry.task,
            f"{entry.input.width}x{entry.input.height}",
            f"{entry.cost.ms} ms",
            f"{entry.size / _MB:.1f}",
            entry.licence,
        )
        remarks.add_row(f"{entry.name}:", escape(entry.remark))
    console = Console()
    console.print(table)
    console.print(remarks)


def outcome(rows: Iterable[Row]) -> None:
    """Print what became of each; reasons go to standard error."""
    table = Table("Model", "State", Column("File", overflow="fold"))
    errors = Console(stderr=True, soft_wrap=True)
    for row in rows:
        table.add_row(row.name, _state(row), escape(row.path or ""))
        if row.words:
            errors.print(escape(f"error: {row.words}"), highlight=False)
    Console().print(table)


def _state(row: Row) -> str:
    return f"[{_COLOURS[row.state]}]{row.state}[/]"
