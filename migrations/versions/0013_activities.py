"""Preparatory activities that are paid from a surplus."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "activity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("document", sa.String(120), nullable=False),
        sa.Column("cost", WHOLE, nullable=False),
        sa.Column("charge", WHOLE, nullable=False),
        sa.Column("stage", sa.String(20), nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_activity"),
        sa.UniqueConstraint("reference", name="uq_activity_reference"),
    )
    op.create_index("ix_activity_stage", "activity", ["stage"], unique=False)
    op.create_table(
        "activity_payment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("usd", WHOLE, nullable=False),
        sa.Column("value_date", sa.Date(), nullable=False),
        sa.Column("bank_account", sa.String(40), nullable=False),
        sa.Column("bank_reference", sa.String(80), nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name="fk_activity_payment_activity_id_activity"),
        sa.PrimaryKeyConstraint("id", name="pk_activity_payment"),
        sa.UniqueConstraint("bank_account", "bank_reference", name="uq_activity_payment_bank_account_bank_reference"),
    )
    op.create_index("ix_activity_payment_activity_id", "activity_payment", ["activity_id"], unique=False)
    op.create_table(
        "activity_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(10), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name="fk_activity_act_activity_id_activity"),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name="fk_activity_act_by_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_activity_act"),
        sa.UniqueConstraint("activity_id", "by_id", name="uq_activity_act_activity_id_by_id"),
    )


def downgrade():
    for table in ("activity_payment", "activity_act", "activity"):
        op.drop_table(table)
