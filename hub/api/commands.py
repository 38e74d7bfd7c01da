"""What a plugin's own command may ask of the hub: it is given as click's object."""

from pathlib import Path
from typing import Protocol


class Desk(Protocol):
    """Use it with ``@click.pass_obj``."""

    def folder(self, place: Path | None) -> Path:
        """Return the configuration folder; ends the command when there is none.

        ``place`` is what the user named, none for the usual one.
        """
