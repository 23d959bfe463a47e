"""The record: events, their postings, the balances, the head."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "event",
        sa.Column("seq", WHOLE, autoincrement=False, nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
        sa.Column("actor", sa.String(40), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(60), nullable=False),
        sa.Column("key", sa.String(80), nullable=True),
        sa.Column("state_from", sa.String(20), nullable=True),
        sa.Column("state_to", sa.String(20), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("prev", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("sig", sa.String(128), nullable=True),
        sa.Column("key_id", sa.String(16), nullable=True),
        sa.PrimaryKeyConstraint("seq", name="pk_event"),
    )
    op.create_index("ix_event_action", "event", ["action"])
    op.create_index("ix_event_subject", "event", ["subject"])
    op.create_index("uq_event_actor_key", "event", ["actor", "key"], unique=True)
    op.create_table(
        "posting",
        sa.Column("seq", WHOLE, autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("account", sa.String(60), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("amount", WHOLE, nullable=False),
        sa.Column("usd", WHOLE, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("earmark", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(
            ["seq"], ["event.seq"], name="fk_posting_seq_event", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("seq", "line", name="pk_posting"),
    )
    op.create_index("ix_posting_books", "posting", ["account", "currency", "earmark", "day", "amount", "usd"])
    op.create_table(
        "balance",
        sa.Column("account", sa.String(60), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("earmark", sa.String(40), nullable=False),
        sa.Column("amount", WHOLE, nullable=False),
        sa.Column("usd", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("account", "currency", "earmark", name="pk_balance"),
    )
    op.create_table(
        "head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.CheckConstraint("id = 1", name="ck_head_one"),
        sa.PrimaryKeyConstraint("id", name="pk_head"),
    )


def downgrade():
    op.drop_table("head")
    op.drop_table("balance")
    op.drop_table("posting")
    op.drop_table("event")
