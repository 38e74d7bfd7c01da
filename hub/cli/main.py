"""``watchpost``: finds the command's module by name, and plugins' commands when asked."""

from importlib import import_module
from pathlib import Path
from typing import Final

import click

COMMANDS: Final = {
    "run": "Start the hub.",
    "reload": "Let the running hub take up a changed configuration.",
    "check": "Check a configuration and say everything that is wrong with it.",
    "replay": "Run a recording through a camera's pipeline and print the events.",
    "evaluate": "Say how good detection and tracking are, against a truth.",
    "events": "Show recent events, then those of a running hub as they happen.",
    "backtest": "Show what automations would have done in the last days.",
    "test": "Try automations in situations that are written down.",
    "trace": "Say why an automation ran, or did not.",
    "import": "Take over what you have in Home Assistant.",
    "capture": "List frames that were captured for training, or export them as a data set.",
    "plugins": "List what is installed, and what the configuration uses.",
    "reference": "Print the reference of every option, event, trigger and action.",
    "schema": "Print the JSON Schema of a configuration, for editors.",
}

# Not every command's name can be a module's.
_MODULES: Final = {"import": "importing"}


class Commands(click.Group):
    """Our own commands by name, then those that plugins bring."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*COMMANDS, *sorted(_from_plugins())]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return _from_plugins().get(cmd_name)
        name = _MODULES.get(cmd_name, cmd_name)
        command = getattr(import_module(f"hub.cli.{name}"), name)
        if not isinstance(command, click.Command):
            raise TypeError(f"hub.cli.{cmd_name}.{cmd_name} is not a command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        plugins = {name: each.get_short_help_str(80) for name, each in _from_plugins().items()}
        with formatter.section("Commands"):
            formatter.write_dl([*COMMANDS.items(), *sorted(plugins.items())])


def _from_plugins() -> dict[str, click.Command]:
    from hub.plugins import commands

    return {each.name: each for each in commands() if isinstance(each, click.Command) and each.name}


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="watchpost")
@click.pass_context
def main(context: click.Context) -> None:
    """Watch cameras, know who and what is where, and let plain YAML react."""
    context.obj = Folders()


class Folders:
    """Implements ``hub.api.Desk``."""

    def folder(self, place: Path | None) -> Path:
        from hub.cli.configuration import existing

        found = existing(place)
        return found.parent if found.is_file() else found
