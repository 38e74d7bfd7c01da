"""``watchpost evaluate``: how good it is, against a truth that somebody wrote down."""

import click


@click.group()
def evaluate() -> None:
    """Say how good detection and tracking are, against a truth."""
