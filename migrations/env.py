"""Runs the migrations, then makes the database's guards anew: a migration that rebuilds a table would drop them."""

from alembic import context
from flask import current_app

from trustfund import models
from trustfund.models import guards

target = current_app.extensions["migrate"].db
assert models

with target.engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=target.metadata,
        render_as_batch=True,
        transactional_ddl=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
        if connection.dialect.has_table(connection, "event"):
            guards.install(connection)
    connection.commit()
