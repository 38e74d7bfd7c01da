"""Brings a database up to date with Alembic, at start and without its command line."""

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection  # noqa: TID253 - imported when a database is out of date

from hub.api import Rejected


def upgrade(connection: Connection) -> None:
    """Run the steps that the database lacks; raises ``Rejected`` for one that is newer than we."""
    config = Config()
    config.set_main_option("script_location", "integrations.sql:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise Rejected(f"the database was made by a newer version of watchpost: {error}") from error
