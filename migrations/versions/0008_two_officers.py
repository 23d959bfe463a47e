"""What two officers decide together: proposals, amendments of a State's status, added meetings."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("deed", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(60), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("stage", sa.String(20), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.String(24), nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name="fk_proposal_by_id_account"),
        sa.ForeignKeyConstraint(["decided_by_id"], ["account.id"], name="fk_proposal_decided_by_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_proposal"),
        sa.UniqueConstraint("reference", name="uq_proposal_reference"),
    )
    op.create_index("ix_proposal_stage", "proposal", ["stage"])
    op.create_table(
        "amendment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(3), nullable=False),
        sa.Column("fact", sa.String(20), nullable=False),
        sa.Column("value", sa.String(40), nullable=False),
        sa.Column("document", sa.String(120), nullable=False),
        sa.Column("effective", sa.Date(), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_amendment"),
    )
    op.create_table(
        "added_meeting",
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_added_meeting"),
    )


def downgrade():
    op.drop_table("added_meeting")
    op.drop_table("amendment")
    op.drop_table("proposal")
