"""Selections: closings, allotments, runs with their places, the money they set aside, overrides."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "closing",
        sa.Column("meeting", sa.String(20), nullable=False),
        sa.Column("value", sa.String(80), nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("meeting", name="pk_closing"),
    )
    op.create_table(
        "allotment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting", sa.String(20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("usd", WHOLE, nullable=False),
        sa.Column("basis", sa.String(40), nullable=False),
        sa.Column("document", sa.String(120), nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_allotment"),
        sa.UniqueConstraint("meeting", "number", name="uq_allotment_meeting_number"),
    )
    op.create_table(
        "selection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("meeting", sa.String(20), nullable=False),
        sa.Column("run", sa.Integer(), nullable=True),
        sa.Column("stage", sa.String(20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("annex", sa.Text(), nullable=False),
        sa.Column("made_at", sa.String(24), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("kept_at", sa.String(24), nullable=True),
        sa.Column("kept_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("seq", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["kept_by_id"], ["account.id"], name="fk_selection_kept_by_id_account"),
        sa.ForeignKeyConstraint(["made_by_id"], ["account.id"], name="fk_selection_made_by_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_selection"),
        sa.UniqueConstraint("meeting", "run", name="uq_selection_meeting_run"),
        sa.UniqueConstraint("reference", name="uq_selection_reference"),
    )
    op.create_index("ix_selection_meeting_stage_id", "selection", ["meeting", "stage", "id"])
    op.create_table(
        "place",
        sa.Column("selection_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("public", sa.String(40), nullable=False),
        sa.Column("state", sa.String(3), nullable=False),
        sa.Column("region", sa.String(40), nullable=False),
        sa.Column("category", sa.String(20), nullable=False),
        sa.Column("gender", sa.String(1), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(12), nullable=False),
        sa.Column("charge", WHOLE, nullable=False),
        sa.Column("left_over", WHOLE, nullable=False),
        sa.Column("missing", WHOLE, nullable=False),
        sa.Column("ahead_by", sa.String(30), nullable=True),
        sa.Column("compared", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["selection_id"], ["selection.id"], name="fk_place_selection_id_selection"),
        sa.PrimaryKeyConstraint("selection_id", "position", name="pk_place"),
    )
    op.create_index("ix_place_public", "place", ["public"])
    op.create_index("ix_place_selection_outcome_position", "place", ["selection_id", "outcome", "position"])
    op.create_index("ix_place_selection_state_position", "place", ["selection_id", "state", "position"])
    op.create_table(
        "set_aside",
        sa.Column("selection_id", sa.Integer(), nullable=False),
        sa.Column("public", sa.String(40), nullable=False),
        sa.Column("earmark", sa.String(40), nullable=False),
        sa.Column("usd", WHOLE, nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["selection_id"], ["selection.id"], name="fk_set_aside_selection_id_selection"),
        sa.PrimaryKeyConstraint("selection_id", "public", "earmark", name="pk_set_aside"),
    )
    op.create_index("ix_set_aside_until", "set_aside", ["until"])
    op.create_table(
        "override",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("selection_id", sa.Integer(), nullable=False),
        sa.Column("public", sa.String(40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("to_position", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["selection_id"], ["selection.id"], name="fk_override_selection_id_selection"),
        sa.PrimaryKeyConstraint("id", name="pk_override"),
    )
    op.create_index("ix_override_selection_id", "override", ["selection_id"])


def downgrade():
    op.drop_table("override")
    op.drop_table("set_aside")
    op.drop_table("place")
    op.drop_table("selection")
    op.drop_table("allotment")
    op.drop_table("closing")
