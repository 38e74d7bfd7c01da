"""``watchpost evaluate``: how good it is, against a truth that somebody wrote down."""

from importlib import import_module
from typing import Final

import click

# A subcommand's function bears its name, in ``hub.cli.evaluate_NAME``.
COMMANDS: Final = {
    "events": "Compare the events of recordings with what really happened in them.",
    "tracks": "Score tracks as the MOTChallenge does: MOTA, IDF1, HOTA.",
}


class Evaluations(click.Group):
    """What can be evaluated, found by name, because numpy is slow to load."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(f"hub.cli.evaluate_{cmd_name}"), cmd_name)
        if not isinstance(command, click.Command):
            raise TypeError(f"hub.cli.evaluate_{cmd_name}.{cmd_name} is not a command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Evaluations)
def evaluate() -> None:
    """Say how good detection and tracking are, against a truth."""
