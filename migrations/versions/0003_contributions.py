"""Contributions: donors, pledges, deposits."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "donor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("type", sa.String(12), nullable=False),
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_donor"),
        sa.UniqueConstraint("name", "type", "country", name="uq_donor_name_type_country"),
        sa.UniqueConstraint("reference", name="uq_donor_reference"),
    )
    op.create_table(
        "pledge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("donor_id", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(120), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("earmark", sa.String(40), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("amount", WHOLE, nullable=False),
        sa.Column("announced_on", sa.Date(), nullable=False),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("agreed", WHOLE, nullable=False),
        sa.Column("agreed_usd", WHOLE, nullable=False),
        sa.Column("received", WHOLE, nullable=False),
        sa.Column("received_usd", WHOLE, nullable=False),
        sa.Column("released_usd", WHOLE, nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["donor_id"], ["donor.id"], name="fk_pledge_donor_id_donor"),
        sa.PrimaryKeyConstraint("id", name="pk_pledge"),
        sa.UniqueConstraint("reference", name="uq_pledge_reference"),
    )
    op.create_index("ix_pledge_donor_document", "pledge", ["donor_id", "document"])
    op.create_index("ix_pledge_state_id", "pledge", ["state", "id"])
    op.create_table(
        "deposit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("donor_id", sa.Integer(), nullable=False),
        sa.Column("pledge_id", sa.Integer(), nullable=True),
        sa.Column("value_date", sa.Date(), nullable=False),
        sa.Column("bank_account", sa.String(40), nullable=False),
        sa.Column("bank_reference", sa.String(80), nullable=True),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("amount", WHOLE, nullable=False),
        sa.Column("usd", WHOLE, nullable=False),
        sa.Column("per_usd", sa.String(24), nullable=False),
        sa.Column("rate_day", sa.Date(), nullable=False),
        sa.Column("rate_source", sa.String(80), nullable=False),
        sa.Column("difference_usd", WHOLE, nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["donor_id"], ["donor.id"], name="fk_deposit_donor_id_donor"),
        sa.ForeignKeyConstraint(["pledge_id"], ["pledge.id"], name="fk_deposit_pledge_id_pledge"),
        sa.PrimaryKeyConstraint("id", name="pk_deposit"),
        sa.UniqueConstraint("bank_account", "bank_reference", name="uq_deposit_bank_account_bank_reference"),
        sa.UniqueConstraint("reference", name="uq_deposit_reference"),
    )
    op.create_index("ix_deposit_donor_id", "deposit", ["donor_id"])
    op.create_index("ix_deposit_pledge_id", "deposit", ["pledge_id"])


def downgrade():
    op.drop_table("deposit")
    op.drop_table("pledge")
    op.drop_table("donor")
