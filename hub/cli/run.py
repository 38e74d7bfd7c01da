"""``watchpost run``: from a folder of YAML to a running hub, saying what a person wants to know."""

import asyncio
import gc
import logging
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import click

from hub.api import AutomationFinished, Bus, HubError, ZoneEntered
from hub.app.folders import create_configuration, default_configuration
from hub.cli.configuration import config_option, configuration, existing
from hub.cli.telling import in_order, told
from hub.core import logs, provenance
from hub.plugins import Registry
from hub.settings import Settings

_log = logging.getLogger("hub")


@click.command()
@config_option
@click.option("--strict", is_flag=True, help="Refuse to start when anything is wrong in it.")
@click.option("--json", "as_json", is_flag=True, help="Log as JSON lines.")
@click.option("-v", "--verbose", is_flag=True, help="Log more.")
def run(folder: Path | None, strict: bool, as_json: bool, verbose: bool) -> None:
    """Start the hub and keep it running until Ctrl-C."""
    # A start makes many objects that stay; looking through them for rubbish is a tenth of it.
    gc.disable()
    try:
        provenance.check()
        settings, registry = _open(folder)
    except HubError as error:
        raise click.ClickException(str(error)) from error
    logs.configure("DEBUG" if verbose else settings.hub.log_level, json=as_json)
    _say_problems(settings)
    if strict and settings.problems:
        raise click.ClickException("not started, because of --strict and the errors above")
    try:
        asyncio.run(_run(settings, registry, lambda: configuration(settings.folder)[0]))
    except HubError as error:
        raise click.ClickException(str(error)) from error


def _open(folder: Path | None) -> tuple[Settings, Registry]:
    if folder is None:
        folder = default_configuration(os.environ)
        if create_configuration(folder):
            click.echo(f"No configuration yet: made one in {folder} with a demo camera.")
    return configuration(existing(folder))


def _say_problems(settings: Settings) -> None:
    for line in told(in_order(settings)):
        click.echo(line, err=True)
    for each in settings.left_out:
        _log.warning("Left out because of the errors above: %s", each)


async def _run(settings: Settings, registry: Registry, reread: Callable[[], Settings]) -> None:
    from hub.app.hub import Hub

    loop = asyncio.get_running_loop()
    until = asyncio.Event()
    hub = Hub(settings, registry, reread)

    def end(_number: int, _frame: object) -> None:
        hub.watchdog.give_up_after()
        loop.call_soon_threadsafe(until.set)

    # Not the loop's own handlers: those never run while a plugin blocks it.
    ends, reloads = [signal.SIGINT, signal.SIGTERM], [signal.SIGUSR1]
    # A terminal that is closed ends what runs in it; a service is told to reload this way.
    (ends if sys.stdin.isatty() else reloads).append(signal.SIGHUP)
    for number in ends:
        signal.signal(number, end)
    for number in reloads:
        loop.add_signal_handler(number, hub.reload_soon)
    _tell(hub.bus)
    await hub.run(until, lambda: _ready(settings))
    _log.info("Stopped")


def _ready(settings: Settings) -> None:
    gc.freeze()
    gc.enable()
    cameras = ", ".join(settings.cameras) or "no camera yet"
    _log.info("Watching %s. Configuration: %s", cameras, settings.folder.resolve())
    if sys.stdin.isatty():
        _log.info("Ctrl-C stops")


def _tell(bus: Bus) -> None:
    bus.listen(
        ZoneEntered,
        lambda event: _log.info(
            "%s: %s entered %s (%.2f)", event.camera, event.object, event.zone, event.score
        ),
    )
    bus.listen(AutomationFinished, _tell_run)


def _tell_run(event: AutomationFinished) -> None:
    if event.result != "failed":  # the engine says why by itself
        what = "Script" if event.automation.startswith("script.") else "Automation"
        _log.info("%s '%s' %s in %.1f s", what, event.name, event.result, event.seconds)
