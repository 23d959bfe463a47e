"""Personal data: who was shown what is sealed and why, who was erased and why, whose data a mail holds, and which two
applications were judged to be of two persons."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "unmasking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name="fk_unmasking_application_id_application"),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name="fk_unmasking_by_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_unmasking"),
        sa.UniqueConstraint("seq", name="uq_unmasking_seq"),
    )
    op.create_index("ix_unmasking_application_id", "unmasking", ["application_id"], unique=False)
    op.create_table(
        "erasure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("rule", sa.String(40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_erasure"),
        sa.UniqueConstraint("person", name="uq_erasure_person"),
        sa.UniqueConstraint("seq", name="uq_erasure_seq"),
    )
    op.create_table(
        "double_ruling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("strength", sa.String(10), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name="fk_double_ruling_application_id_application"
        ),
        sa.ForeignKeyConstraint(["other_id"], ["application.id"], name="fk_double_ruling_other_id_application"),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name="fk_double_ruling_by_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_double_ruling"),
        sa.UniqueConstraint("seq", name="uq_double_ruling_seq"),
    )
    op.create_index("ix_double_ruling_application_id", "double_ruling", ["application_id"], unique=False)
    op.create_index("ix_double_ruling_other_id", "double_ruling", ["other_id"], unique=False)
    op.add_column("mail", sa.Column("person", sa.String(20), nullable=False, server_default=sa.text("''")))
    op.execute(
        "UPDATE mail SET person = coalesce((SELECT reference FROM account WHERE account.email = mail.recipient), '')"
    )
    op.create_index("ix_mail_person", "mail", ["person"], unique=False)
    op.create_index("ix_application_meeting_completed_at", "application", ["meeting", "completed_at"], unique=False)


def downgrade():
    op.drop_index("ix_application_meeting_completed_at", "application")
    op.drop_index("ix_mail_person", "mail")
    op.drop_column("mail", "person")
    op.drop_table("double_ruling")
    op.drop_table("erasure")
    op.drop_table("unmasking")
