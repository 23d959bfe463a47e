"""What an application tells besides: passport, telephone, days, who else pays; a mission's word; officers' notes.

And a mail that is sent again names the one that did not arrive.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXTS = {
    "passport_name": 140,
    "telephone": 40,
    "passport_masked": 20,
    "passport_mark": 64,
    "others_pay": 300,
    "bank_masked": 20,
    "lookup": 64,
}


def upgrade():
    for name, length in TEXTS.items():
        op.add_column("application", sa.Column(name, sa.String(length), nullable=False, server_default=sa.text("''")))
    for name in ("passport_sealed", "bank_sealed"):
        op.add_column("application", sa.Column(name, sa.LargeBinary(), nullable=True))
    for name in ("arrives_on", "leaves_on"):
        op.add_column("application", sa.Column(name, sa.Date(), nullable=True))
    op.add_column("application", sa.Column("declared", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("application", sa.Column("endorsed", sa.Boolean(), nullable=True))
    op.add_column("document", sa.Column("by_mission", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("application") as application:
        application.add_column(sa.Column("mission_id", sa.Integer(), nullable=True))
        application.create_foreign_key("fk_application_mission_id_account", "account", ["mission_id"], ["id"])
    op.create_index("ix_application_passport_mark", "application", ["passport_mark"], unique=False)
    op.create_index("ix_application_state_id", "application", ["state", "id"], unique=False)
    for name in ("date_of_birth", "email", "telephone"):
        op.create_index(f"ix_application_{name}", "application", [name], unique=False)
    op.create_table(
        "application_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name="fk_application_note_application_id_application"
        ),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name="fk_application_note_by_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_application_note"),
        sa.UniqueConstraint("seq", name="uq_application_note_seq"),
    )
    op.create_index("ix_application_note_application_id", "application_note", ["application_id"], unique=False)
    op.add_column("mail", sa.Column("again_of", sa.Integer(), nullable=True))
    op.create_index("ix_mail_again_of", "mail", ["again_of"], unique=True)


def downgrade():
    op.drop_index("ix_mail_again_of", "mail")
    op.drop_column("mail", "again_of")
    op.drop_table("application_note")
    op.drop_column("document", "by_mission")
    for name in ("telephone", "email", "date_of_birth"):
        op.drop_index(f"ix_application_{name}", "application")
    op.drop_index("ix_application_state_id", "application")
    op.drop_index("ix_application_passport_mark", "application")
    with op.batch_alter_table("application") as application:
        application.drop_constraint("fk_application_mission_id_account", type_="foreignkey")
        application.drop_column("mission_id")
    for name in ("endorsed", "declared", "leaves_on", "arrives_on", "bank_sealed", "passport_sealed", *reversed(TEXTS)):
        op.drop_column("application", name)
