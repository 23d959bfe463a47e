"""People: accounts, designations, sign-ins, links."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("name", sa.String(140), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("password", sa.String(200), nullable=False),
        sa.Column("donor_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(3), nullable=True),
        sa.Column("suspended_at", sa.String(24), nullable=True),
        sa.Column("ended_at", sa.String(24), nullable=True),
        sa.Column("seq", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["donor_id"], ["donor.id"], name="fk_account_donor_id_donor"),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("email", name="uq_account_email"),
        sa.UniqueConstraint("reference", name="uq_account_reference"),
    )
    op.create_table(
        "designation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("function", sa.String(20), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=True),
        sa.Column("document", sa.String(120), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("seq", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_designation_account_id_account"),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["account.id"], name="fk_designation_confirmed_by_id_account"),
        sa.ForeignKeyConstraint(["made_by_id"], ["account.id"], name="fk_designation_made_by_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_designation"),
        sa.UniqueConstraint("reference", name="uq_designation_reference"),
    )
    op.create_index("ix_designation_account_id", "designation", ["account_id"])
    op.create_table(
        "sign_in",
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.String(24), nullable=False),
        sa.Column("seen_at", sa.String(24), nullable=False),
        sa.Column("confirmed_at", sa.String(24), nullable=False),
        sa.Column("ended_at", sa.String(24), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_sign_in_account_id_account"),
        sa.PrimaryKeyConstraint("token", name="pk_sign_in"),
    )
    op.create_index("ix_sign_in_account_id", "sign_in", ["account_id"])
    op.create_table(
        "sign_in_failure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("counted", sa.String(80), nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_failure"),
    )
    op.create_index("ix_sign_in_failure_counted_at", "sign_in_failure", ["counted", "at"])
    op.create_table(
        "password_link",
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.String(24), nullable=False),
        sa.Column("used_at", sa.String(24), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_password_link_account_id_account"),
        sa.PrimaryKeyConstraint("token", name="pk_password_link"),
    )
    op.create_index("ix_password_link_account_id", "password_link", ["account_id"])


def downgrade():
    op.drop_table("password_link")
    op.drop_table("sign_in_failure")
    op.drop_table("sign_in")
    op.drop_table("designation")
    op.drop_table("account")
