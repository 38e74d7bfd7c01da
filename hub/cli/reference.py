"""``watchpost reference``: every option, event, trigger, condition and action there is."""

import click
import msgspec

from hub.app.catalogue import catalogue, configuration, events, words
from hub.cli.markdown import markdown
from hub.plugins import Registry


@click.command()
@click.option(
    "--json", "as_json", is_flag=True, help="Print JSON Schema, for editors and programs."
)
def reference(as_json: bool) -> None:
    """Print the reference of every option, event, trigger, condition and action."""
    found = catalogue(Registry.discover())
    if not as_json:
        click.echo(markdown(found), nl=False)
        return
    answer = {"configuration": configuration(found), "events": events(found), **words(found)}
    click.echo(msgspec.json.format(msgspec.json.encode(answer)).decode())
