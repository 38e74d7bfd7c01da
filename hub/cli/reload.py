"""``watchpost reload``: let a running hub take up what was changed in its configuration."""

import asyncio
import json
import os
import signal
import time
from pathlib import Path
from typing import Any, Final

import click

from hub.api import HubError, HubReloaded
from hub.app.bare import open_storage
from hub.app.folders import owner
from hub.cli.configuration import config_option, configuration, existing
from hub.cli.telling import in_order, told
from hub.settings import Settings

_PATIENCE: Final = 60.0  # seconds; a thousand automations take less than one
_PAUSE: Final = 0.1  # seconds


@click.command()
@config_option
def reload(folder: Path | None) -> None:
    """Let the running hub take up a changed configuration.

    Everything is checked first; with an error in it nothing is changed. Automations that are as
    they were go on with what they do.
    """
    settings, _ = configuration(existing(folder))
    for line in told(in_order(settings)):
        click.echo(line, err=True)
    if settings.problems:
        raise click.ClickException("not reloaded, because of the errors above")
    running = owner(settings.hub.data)
    if running is None:
        raise click.ClickException("no hub is running on this configuration")
    try:
        told_by_hub = asyncio.run(_reload(settings, running))
    except HubError as error:
        raise click.ClickException(str(error)) from error
    _say(told_by_hub)


async def _reload(settings: Settings, process: int) -> dict[str, Any]:
    async with open_storage(settings) as storage:
        before = await storage.recent(1, [HubReloaded.type])
        last = before[-1].sequence if before else 0
        os.kill(process, signal.SIGUSR1)
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            await asyncio.sleep(_PAUSE)
            found = await storage.recent(1, [HubReloaded.type])
            if found and found[-1].sequence > last:
                said: dict[str, Any] = json.loads(found[-1].body)
                return said
    raise click.ClickException(f"the hub (process {process}) did not answer")


def _say(event: dict[str, Any]) -> None:
    if problems := event.get("problems"):
        for each in problems:
            click.echo(each, err=True)
        raise click.ClickException("not reloaded, because of the errors above")
    for name, words in (event.get("changed") or {}).items():
        click.echo(f"{name}: {words}")
    if not event.get("changed"):
        click.echo("Nothing has changed that a running hub takes up.")
    if restart := event.get("restart"):
        click.echo(f"Restart the hub for what changed in: {', '.join(restart)}")
