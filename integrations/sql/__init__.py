"""Events and states in an SQL database: SQLite by default, PostgreSQL by its URL."""

from collections.abc import Iterable

from hub.api import Component, hookimpl
from integrations.sql.storage import SqlStorage


@hookimpl
def hub_components() -> Iterable[type[Component]]:
    return [SqlStorage]
