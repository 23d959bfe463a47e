"""Awards, their acts, journeys, payments and claims."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LIVE = "stage NOT IN ('declined', 'lapsed', 'cancelled')"


def upgrade():
    op.create_table(
        "payment_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("method", sa.String(10), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("bank_account", sa.String(40), nullable=False),
        sa.Column("usd", WHOLE, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("meeting", sa.String(20), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name="fk_payment_order_by_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_payment_order"),
        sa.UniqueConstraint("reference", name="uq_payment_order_reference"),
    )
    op.create_table(
        "award",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("selection_id", sa.Integer(), nullable=False),
        sa.Column("seat", sa.String(40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("meeting", sa.String(20), nullable=False),
        sa.Column("state", sa.String(3), nullable=False),
        sa.Column("category", sa.String(20), nullable=False),
        sa.Column("stage", sa.String(20), nullable=False),
        sa.Column("resumes", sa.String(20), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("proposed", WHOLE, nullable=False),
        sa.Column("charge", WHOLE, nullable=True),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("advance", WHOLE, nullable=False),
        sa.Column("approvals_needed", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("sent_back_why", sa.Text(), nullable=False),
        sa.Column("days_before", sa.Integer(), nullable=True),
        sa.Column("days_after", sa.Integer(), nullable=True),
        sa.Column("journey_reason", sa.Text(), nullable=False),
        sa.Column("visa", WHOLE, nullable=False),
        sa.Column("method", sa.String(10), nullable=False),
        sa.Column("bank_reference", sa.String(20), nullable=False),
        sa.Column("ticket", WHOLE, nullable=True),
        sa.Column("ticket_number", sa.String(40), nullable=False),
        sa.Column("ticketed_on", sa.Date(), nullable=True),
        sa.Column("claim_due", sa.Date(), nullable=True),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("cancelled_why", sa.Text(), nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_award_account_id_account"),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name="fk_award_application_id_application"),
        sa.ForeignKeyConstraint(["selection_id"], ["selection.id"], name="fk_award_selection_id_selection"),
        sa.PrimaryKeyConstraint("id", name="pk_award"),
        sa.UniqueConstraint("reference", name="uq_award_reference"),
        sa.UniqueConstraint("selection_id", "seat", name="uq_award_selection_id_seat"),
    )
    op.create_index("ix_award_application_id", "award", ["application_id"], unique=False)
    op.create_index("ix_award_meeting_stage_id", "award", ["meeting", "stage", "id"], unique=False)
    op.create_index("ix_award_seat", "award", ["seat"], unique=False)
    op.create_index("ix_award_selection_id", "award", ["selection_id"], unique=False)
    op.create_index("ix_award_stage_id", "award", ["stage", "id"], unique=False)
    op.create_index(
        "uq_award_live_account_meeting",
        "award",
        ["account_id", "meeting"],
        unique=True,
        sqlite_where=sa.text(LIVE),
        postgresql_where=sa.text(LIVE),
    )
    op.create_index(
        "uq_award_live_person_meeting",
        "award",
        ["person", "meeting"],
        unique=True,
        sqlite_where=sa.text(f"person <> '' AND {LIVE}"),
        postgresql_where=sa.text(f"person <> '' AND {LIVE}"),
    )
    op.create_index(
        "uq_award_live_seat",
        "award",
        ["seat"],
        unique=True,
        sqlite_where=sa.text(LIVE),
        postgresql_where=sa.text(LIVE),
    )
    op.create_table(
        "act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(10), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["award_id"], ["award.id"], name="fk_act_award_id_award"),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name="fk_act_by_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_act"),
        sa.UniqueConstraint("award_id", "round", "act", "by_id", name="uq_act_award_id_round_act_by_id"),
    )
    op.create_table(
        "bank_details",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(20), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("masked", sa.String(40), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["award_id"], ["award.id"], name="fk_bank_details_award_id_award"),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name="fk_bank_details_by_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_bank_details"),
        sa.UniqueConstraint("reference", name="uq_bank_details_reference"),
    )
    op.create_index("ix_bank_details_award_id", "bank_details", ["award_id"], unique=False)
    op.create_table(
        "claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("arrived_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=False),
        sa.Column("visa", WHOLE, nullable=False),
        sa.Column("trips", sa.Integer(), nullable=False),
        sa.Column("given", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
        sa.Column("returned", sa.Text(), nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["award_id"], ["award.id"], name="fk_claim_award_id_award"),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name="fk_claim_by_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_claim"),
        sa.UniqueConstraint("award_id", "number", name="uq_claim_award_id_number"),
    )
    op.create_table(
        "quote",
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("route", sa.String(200), nullable=False),
        sa.Column("source", sa.String(120), nullable=False),
        sa.Column("usd", WHOLE, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("chosen", sa.Boolean(), nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["award_id"], ["award.id"], name="fk_quote_award_id_award"),
        sa.PrimaryKeyConstraint("award_id", "number", name="pk_quote"),
    )
    op.create_table(
        "recovery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("usd", WHOLE, nullable=False),
        sa.Column("value_date", sa.Date(), nullable=False),
        sa.Column("bank_account", sa.String(40), nullable=False),
        sa.Column("bank_reference", sa.String(80), nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["award_id"], ["award.id"], name="fk_recovery_award_id_award"),
        sa.PrimaryKeyConstraint("id", name="pk_recovery"),
        sa.UniqueConstraint("bank_account", "bank_reference", name="uq_recovery_bank_account_bank_reference"),
    )
    op.create_index("ix_recovery_award_id", "recovery", ["award_id"], unique=False)
    op.create_table(
        "settlement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(10), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("adjustments", sa.Text(), nullable=False),
        sa.Column("entitled", WHOLE, nullable=False),
        sa.Column("advance", WHOLE, nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.String(24), nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["approved_by_id"], ["account.id"], name="fk_settlement_approved_by_id_account"),
        sa.ForeignKeyConstraint(["award_id"], ["award.id"], name="fk_settlement_award_id_award"),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name="fk_settlement_by_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_settlement"),
        sa.UniqueConstraint("award_id", "number", name="uq_settlement_award_id_number"),
        sa.UniqueConstraint("reference", name="uq_settlement_reference"),
    )
    op.create_index("ix_settlement_award_id", "settlement", ["award_id"], unique=False)
    op.create_table(
        "payment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("stage", sa.String(10), nullable=False),
        sa.Column("usd", WHOLE, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("amount", WHOLE, nullable=False),
        sa.Column("per_usd", sa.String(24), nullable=False),
        sa.Column("bank_id", sa.Integer(), nullable=True),
        sa.Column("why_failed", sa.String(200), nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["award_id"], ["award.id"], name="fk_payment_award_id_award"),
        sa.ForeignKeyConstraint(["bank_id"], ["bank_details.id"], name="fk_payment_bank_id_bank_details"),
        sa.ForeignKeyConstraint(["order_id"], ["payment_order.id"], name="fk_payment_order_id_payment_order"),
        sa.PrimaryKeyConstraint("id", name="pk_payment"),
        sa.UniqueConstraint("reference", name="uq_payment_reference"),
    )
    op.create_index("ix_payment_award_id", "payment", ["award_id"], unique=False)
    op.create_index("ix_payment_order_id", "payment", ["order_id"], unique=False)
    op.create_index(
        "uq_payment_live_award_kind",
        "payment",
        ["award_id", "kind"],
        unique=True,
        sqlite_where=sa.text("stage = 'paid'"),
        postgresql_where=sa.text("stage = 'paid'"),
    )
    op.drop_index("ix_set_aside_until", "set_aside")  # the award knows until when its money is held
    op.drop_column("set_aside", "until")


def downgrade():
    op.add_column("set_aside", sa.Column("until", sa.Date(), nullable=False, server_default="2018-01-01"))
    op.create_index("ix_set_aside_until", "set_aside", ["until"])
    tables = "payment settlement recovery quote claim bank_details act award payment_order"
    for table in tables.split():
        op.drop_table(table)
