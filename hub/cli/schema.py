"""``watchpost schema``: what can be written, for editors that complete and explain it."""

import os
from pathlib import Path

import click
import msgspec

from hub.api import Known
from hub.app import schemas
from hub.app.catalogue import Catalogue, catalogue
from hub.app.folders import default_configuration
from hub.cli.configuration import config_option, configuration
from hub.plugins import Registry
from hub.settings.json_schema import Json


@click.command()
@click.argument("section", required=False)
@config_option
@click.option("--general", is_flag=True, help="Know no names, but what is installed alone.")
def schema(section: str | None, folder: Path | None, general: bool) -> None:
    """Print the JSON Schema of a configuration, or of one SECTION such as automation.

    It knows the names of the configuration: its cameras, zones, entities and actions. Write it
    into a file, and name that in the first line of a YAML file:
    # yaml-language-server: $schema=schema.json
    """
    known = None if general else _known(folder)
    found = catalogue(Registry.discover())
    known = schemas.general(found) if known is None else known
    answer = _section(found, known, section) if section else schemas.whole(found, known)
    click.echo(msgspec.json.format(msgspec.json.encode(answer)).decode())


def _section(found: Catalogue, known: Known, section: str) -> Json:
    try:
        return schemas.section(found, known, section)
    except KeyError as error:
        raise click.ClickException(f"there is no section '{section}'") from error


def _known(folder: Path | None) -> Known | None:
    """Return what a configuration knows; none where there is no configuration."""
    if folder is None and not default_configuration(os.environ).exists():
        return None
    settings = configuration(folder)[0]
    return settings.known
