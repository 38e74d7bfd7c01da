"""The tables. Imported when storage starts, for SQLAlchemy is heavy.

Nothing here is SQLite's own, so that another database can take over by its URL.
"""

from typing import Final

import sqlalchemy as sa  # noqa: TID253 - this whole module is imported when it is used

HEAD: Final = "0001"
"""The step of ``migrations`` that makes these tables."""

metadata: Final = sa.MetaData()

events: Final = sa.Table(
    "events",
    metadata,
    # SQLite keeps rows in the order of an INTEGER key, and a BIGINT one beside them.
    sa.Column(
        "sequence",
        sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
        primary_key=True,
        autoincrement=False,
    ),
    sa.Column("time", sa.BigInteger, nullable=False, comment="microseconds since 1970, UTC"),
    sa.Column("type", sa.String(64), nullable=False),
    sa.Column("body", sa.Text, nullable=False, comment="the event as JSON"),
    sa.Index("events_by_type", "type", "sequence"),
)

states: Final = sa.Table(
    "states",
    metadata,
    sa.Column("entity", sa.String(255), primary_key=True),
    sa.Column("body", sa.Text, nullable=False, comment="the state as JSON"),
)

facts: Final = sa.Table(
    "facts",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
    comment="what this database knows about itself: the hub's id",
)
