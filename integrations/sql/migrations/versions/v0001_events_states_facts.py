"""Events, states, and the hub's id."""

import sqlalchemy as sa  # noqa: TID253 - Alembic imports this when it runs
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "events",
        sa.Column(
            "sequence",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("time", sa.BigInteger, nullable=False, comment="microseconds since 1970, UTC"),
        sa.Column("type", sa.String(64), nullable=False),
        sa.Column("body", sa.Text, nullable=False, comment="the event as JSON"),
    )
    op.create_index("events_by_type", "events", ["type", "sequence"])
    op.create_table(
        "states",
        sa.Column("entity", sa.String(255), primary_key=True),
        sa.Column("body", sa.Text, nullable=False, comment="the state as JSON"),
    )
    op.create_table(
        "facts",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
        comment="what this database knows about itself: the hub's id",
    )


def downgrade() -> None:
    """Drop them, with all that is in them."""
    op.drop_table("facts")
    op.drop_table("states")
    op.drop_table("events")
