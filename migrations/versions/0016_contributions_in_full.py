"""Instalments, conditions, parts of a deposit, who may be named, letters of pledges, and files of banks that wait."""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.add_column("donor", sa.Column("language", sa.String(2), nullable=False, server_default="en"))
    op.add_column("donor", sa.Column("unnamed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("donor", sa.Column("accepted_seq", WHOLE, nullable=True))
    op.execute("UPDATE donor SET accepted_seq = seq")
    op.add_column("donor", sa.Column("folded", sa.String(300), nullable=False, server_default=sa.text("''")))
    donor = sa.table("donor", sa.column("id"), sa.column("name"), sa.column("folded"))
    for id_, name in op.get_bind().execute(sa.select(donor.c.id, donor.c.name)).all():
        op.execute(donor.update().where(donor.c.id == id_).values(folded=_folded(name)))
    op.add_column("pledge", sa.Column("condition", sa.String(300), nullable=False, server_default=sa.text("''")))
    op.add_column("pledge", sa.Column("condition_met_on", sa.Date(), nullable=True))
    op.add_column("pledge", sa.Column("promised", WHOLE, nullable=False, server_default="0"))
    op.add_column("pledge", sa.Column("refunded", WHOLE, nullable=False, server_default="0"))
    with op.batch_alter_table("deposit") as deposit:
        deposit.add_column(sa.Column("part", sa.Integer(), nullable=False, server_default="1"))
        deposit.add_column(sa.Column("parts", sa.Integer(), nullable=False, server_default="1"))
        deposit.drop_constraint("uq_deposit_bank_account_bank_reference", type_="unique")
        deposit.create_unique_constraint(
            "uq_deposit_bank_account_bank_reference_part", ["bank_account", "bank_reference", "part"]
        )
    op.create_table(
        "instalment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pledge_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("amount", WHOLE, nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["pledge_id"], ["pledge.id"], name="fk_instalment_pledge_id_pledge"),
        sa.PrimaryKeyConstraint("id", name="pk_instalment"),
        sa.UniqueConstraint("pledge_id", "number", name="uq_instalment_pledge_id_number"),
    )
    op.create_index("ix_instalment_due_on", "instalment", ["due_on"], unique=False)
    op.create_table(
        "agreement_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("pledge_id", sa.Integer(), nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["pledge_id"], ["pledge.id"], name="fk_agreement_draft_pledge_id_pledge"),
        sa.PrimaryKeyConstraint("id", name="pk_agreement_draft"),
        sa.UniqueConstraint("number", name="uq_agreement_draft_number"),
        sa.UniqueConstraint("seq", name="uq_agreement_draft_seq"),
    )
    op.create_index("ix_agreement_draft_pledge_id", "agreement_draft", ["pledge_id"], unique=False)
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("instalment_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("recipients", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["instalment_id"], ["instalment.id"], name="fk_notice_instalment_id_instalment"),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
        sa.UniqueConstraint("instalment_id", "seq", name="uq_notice_instalment_id_seq"),
    )
    op.create_table(
        "letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("pledge_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("media_type", sa.String(40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("stored", sa.String(80), nullable=False),
        sa.Column("seal", sa.String(64), nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["pledge_id"], ["pledge.id"], name="fk_letter_pledge_id_pledge"),
        sa.PrimaryKeyConstraint("id", name="pk_letter"),
        sa.UniqueConstraint("reference", name="uq_letter_reference"),
    )
    op.create_index("ix_letter_pledge_id", "letter", ["pledge_id"], unique=False)
    op.create_table(
        "statement_upload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("stored", sa.String(80), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("bank_account", sa.String(40), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_statement_upload_account_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_statement_upload"),
        sa.UniqueConstraint("reference", name="uq_statement_upload_reference"),
    )
    op.create_table(
        "column_mapping",
        sa.Column("headings", sa.String(64), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_column_mapping_account_id_account"),
        sa.PrimaryKeyConstraint("headings", name="pk_column_mapping"),
    )
    with op.batch_alter_table("line_match") as match:  # what was undone may be matched again
        match.drop_constraint("uq_line_match_line_id_entry", type_="unique")
        match.create_unique_constraint("uq_line_match_line_id_entry_seq", ["line_id", "entry", "seq"])
    op.create_table(
        "match_undone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["match_id"], ["line_match.id"], name="fk_match_undone_match_id_line_match"),
        sa.PrimaryKeyConstraint("id", name="pk_match_undone"),
        sa.UniqueConstraint("match_id", name="uq_match_undone_match_id"),
    )


def _folded(name):
    """A name without case, accents and order, as the fund looks for it."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    kept = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join(sorted(kept.split()))[:300]


def downgrade():
    for table in ("match_undone", "column_mapping", "statement_upload", "letter", "notice"):
        op.drop_table(table)
    for table in ("agreement_draft", "instalment"):
        op.drop_table(table)
    with op.batch_alter_table("line_match") as match:
        match.drop_constraint("uq_line_match_line_id_entry_seq", type_="unique")
        match.create_unique_constraint("uq_line_match_line_id_entry", ["line_id", "entry"])
    with op.batch_alter_table("deposit") as deposit:
        deposit.drop_constraint("uq_deposit_bank_account_bank_reference_part", type_="unique")
        deposit.create_unique_constraint("uq_deposit_bank_account_bank_reference", ["bank_account", "bank_reference"])
        deposit.drop_column("parts")
        deposit.drop_column("part")
    for column in ("refunded", "promised", "condition_met_on", "condition"):
        op.drop_column("pledge", column)
    for column in ("folded", "accepted_seq", "unnamed", "language"):
        op.drop_column("donor", column)
