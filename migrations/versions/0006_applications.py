"""Applications: one person and one meeting each, with their documents and what officers made of them."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "application",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("public", sa.String(40), nullable=False),
        sa.Column("external_reference", sa.String(80), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("meeting", sa.String(20), nullable=False),
        sa.Column("state", sa.String(3), nullable=False),
        sa.Column("stage", sa.String(20), nullable=False),
        sa.Column("given_names", sa.String(140), nullable=False),
        sa.Column("family_name", sa.String(140), nullable=False),
        sa.Column("folded", sa.String(300), nullable=False),
        sa.Column("gender", sa.String(1), nullable=False),
        sa.Column("date_of_birth", sa.Date(), nullable=True),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("position", sa.String(140), nullable=False),
        sa.Column("organisation", sa.String(200), nullable=False),
        sa.Column("note_verbale", sa.String(120), nullable=False),
        sa.Column("note_verbale_date", sa.Date(), nullable=True),
        sa.Column("note_to_follow", sa.Boolean(), nullable=False),
        sa.Column("government_order", sa.Integer(), nullable=True),
        sa.Column("home_city", sa.String(120), nullable=False),
        sa.Column("fare", sa.String(20), nullable=False),
        sa.Column("fare_currency", sa.String(3), nullable=False),
        sa.Column("paid_elsewhere", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("begun_at", sa.String(24), nullable=False),
        sa.Column("submitted_at", sa.String(24), nullable=True),
        sa.Column("completed_at", sa.String(24), nullable=True),
        sa.Column("asked_at", sa.String(24), nullable=True),
        sa.Column("completion_typed", sa.Boolean(), nullable=False),
        sa.Column("completion_confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("seq", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_application_account_id_account"),
        sa.ForeignKeyConstraint(
            ["completion_confirmed_by_id"], ["account.id"], name="fk_application_completion_confirmed_by_id_account"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_application"),
        sa.UniqueConstraint("public", name="uq_application_public"),
        sa.UniqueConstraint("reference", name="uq_application_reference"),
    )
    op.create_index("ix_application_account_id", "application", ["account_id"])
    op.create_index("ix_application_folded", "application", ["folded"])
    op.create_index("ix_application_meeting_stage_id", "application", ["meeting", "stage", "id"])
    op.create_index("ix_application_stage_id", "application", ["stage", "id"])
    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("media_type", sa.String(40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("stored", sa.String(80), nullable=False),
        sa.Column("seal", sa.String(64), nullable=False),
        sa.Column("added_at", sa.String(24), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name="fk_document_application_id_application"),
        sa.PrimaryKeyConstraint("id", name="pk_document"),
        sa.UniqueConstraint("reference", name="uq_document_reference"),
    )
    op.create_index("ix_document_application_id", "document", ["application_id"])
    op.create_table(
        "screening",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(40), nullable=False),
        sa.Column("codes", sa.String(300), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name="fk_screening_application_id_application"),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name="fk_screening_by_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_screening"),
    )
    op.create_index("ix_screening_application_id", "screening", ["application_id"])


def downgrade():
    op.drop_table("screening")
    op.drop_table("document")
    op.drop_table("application")
