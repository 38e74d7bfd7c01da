"""``watchpost models``: what can be had, getting it, and checking what is here."""

import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click
import msgspec

from detectors.catalogue import rows, tables
from detectors.catalogue.sources import sources
from detectors.catalogue.store import Store
from hub.api import ModelEntry, Rejected


@click.group()
def models() -> None:
    """List, fetch and check the models that detectors use.

    WATCHPOST_MODELS names a folder with model files, or the address of a mirror.
    With WATCHPOST_OFFLINE=1 nothing is downloaded.
    """


_names = click.argument("names", nargs=-1)
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@models.command("list")
@_json
def list_(as_json: bool) -> None:
    """List the catalogue, and what of it is here."""
    store = _store()
    found = [(entry, rows.look(store, entry)) for entry in store.entries()]
    if as_json:
        _print([{**msgspec.to_builtins(entry), **msgspec.to_builtins(row)} for entry, row in found])
    else:
        tables.catalogue(found)


@models.command()
@_names
@click.option("--all", "everything", is_flag=True, help="Fetch the whole catalogue.")
@_json
def pull(names: Sequence[str], everything: bool, as_json: bool) -> None:
    """Fetch models by name, going on where an earlier try was cut."""
    if everything == bool(names):
        raise click.UsageError("Say which models to fetch, or --all.")
    store = _store()
    done = asyncio.run(rows.pull(store, _chosen(store, names)))
    _report(done, as_json)
    sys.exit(any(row.state != "ready" for row in done))


@models.command()
@_names
@_json
def verify(names: Sequence[str], as_json: bool) -> None:
    """Check the model files that are here; named ones have to be here."""
    store = _store()
    found = [rows.look(store, entry) for entry in _chosen(store, names)]
    wrong = ("damaged", "absent") if names else ("damaged",)
    _report(found, as_json)
    sys.exit(any(row.state in wrong for row in found))


def _store() -> Store:
    return Store(sources(os.environ, {}, Path.cwd()))


def _chosen(store: Store, names: Sequence[str]) -> Sequence[ModelEntry]:
    """Return the models of these names, each once; none means all."""
    try:
        return [store.entry(name) for name in dict.fromkeys(names)] or store.entries()
    except Rejected as error:
        raise click.UsageError(str(error)) from error


def _report(found: Sequence[rows.Row], as_json: bool) -> None:
    if as_json:
        _print(msgspec.to_builtins(found))
    else:
        tables.outcome(found)


def _print(value: object) -> None:
    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2))
