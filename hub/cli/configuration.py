"""The configuration that a command is about: one option, read one way."""

import os
from collections.abc import Sequence
from pathlib import Path

import click

from hub.app.actions import SPECS
from hub.app.folders import default_configuration
from hub.core import logs
from hub.plugins import Registry
from hub.settings import Settings, open_configuration

config_option = click.option(
    "-c",
    "--config",
    "folder",
    type=click.Path(path_type=Path),
    help="The configuration folder (default: ~/.config/watchpost).",
)


def configuration(
    folder: Path | None, changes: Sequence[str] = (), *, exact: bool = False
) -> tuple[Settings, Registry]:
    """Read a configuration folder, or the one that holds a file, or the user's own.

    ``exact`` reads a file itself, whatever its name. ``changes`` are options to set. From then
    on its secrets appear in no log line.
    """
    folder = folder or default_configuration(os.environ)
    if folder.is_file() and not exact:
        folder = folder.parent
    registry = Registry.discover()
    settings = open_configuration(folder, os.environ, registry, SPECS, changes)
    for secret in settings.secrets:
        logs.redactor.add(secret)
    return settings, registry


def existing(folder: Path | None) -> Path:
    """Return the folder a command shall read; ends the command when there is none."""
    folder = folder or default_configuration(os.environ)
    if not folder.exists():
        raise click.ClickException(f"there is no configuration folder {folder}")
    return folder
