"""Months that are closed, the closing of the fund, its refunds, and other lines of the bank's statement."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "closed_month",
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("month", name="pk_closed_month"),
    )
    op.create_table(
        "fund_closing",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("document", sa.String(120), nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.CheckConstraint("id = 1", name="ck_fund_closing_one"),
        sa.PrimaryKeyConstraint("id", name="pk_fund_closing"),
    )
    op.create_table(
        "closed_fund",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.CheckConstraint("id = 1", name="ck_closed_fund_one"),
        sa.PrimaryKeyConstraint("id", name="pk_closed_fund"),
    )
    op.create_table(
        "refund",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("donor_id", sa.Integer(), nullable=False),
        sa.Column("earmark", sa.String(40), nullable=False),
        sa.Column("usd", WHOLE, nullable=False),
        sa.Column("overpaid_usd", WHOLE, nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["donor_id"], ["donor.id"], name="fk_refund_donor_id_donor"),
        sa.PrimaryKeyConstraint("id", name="pk_refund"),
        sa.UniqueConstraint("seq", "donor_id", "earmark", name="uq_refund_seq_donor_id_earmark"),
    )
    op.create_index("ix_refund_donor_id", "refund", ["donor_id"])
    op.create_table(
        "bank_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("value_date", sa.Date(), nullable=False),
        sa.Column("bank_account", sa.String(40), nullable=False),
        sa.Column("bank_reference", sa.String(80), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("amount", WHOLE, nullable=False),
        sa.Column("usd", WHOLE, nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_bank_line"),
        sa.UniqueConstraint("bank_account", "bank_reference", name="uq_bank_line_bank_account_bank_reference"),
    )


def downgrade():
    op.drop_table("bank_line")
    op.drop_table("refund")
    op.drop_table("closed_fund")
    op.drop_table("fund_closing")
    op.drop_table("closed_month")
