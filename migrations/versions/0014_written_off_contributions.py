"""Contributions that are written off, and deposits that are attached to their agreement later."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.add_column("pledge", sa.Column("written_off", WHOLE, nullable=False, server_default="0"))
    op.add_column("deposit", sa.Column("attached_seq", WHOLE, nullable=True))


def downgrade():
    op.drop_column("deposit", "attached_seq")
    op.drop_column("pledge", "written_off")
