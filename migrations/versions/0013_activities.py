"""Preparatory activities that are paid from a surplus."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    pass


def downgrade():
    for table in ("activity_payment", "activity_act", "activity"):
        op.drop_table(table)
