"""Rates of the daily subsistence allowance that the fund imported, and what a meeting provides."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "dsa_rate",
        sa.Column("place", sa.String(80), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("rate", WHOLE, nullable=False),
        sa.Column("lodging", sa.String(8), nullable=True),
        sa.Column("source", sa.String(80), nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("place", "day", name="pk_dsa_rate"),
    )
    op.create_table(
        "provision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting", sa.String(20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_provision"),
        sa.UniqueConstraint("meeting", "number", name="uq_provision_meeting_number"),
    )


def downgrade():
    op.drop_table("provision")
    op.drop_table("dsa_rate")
