"""Runs the migrations, then makes the database's guards anew: a migration that rebuilds a table would drop them.

On the way down to an older schema there are tables that today's guards miss; the older program makes its own.
"""

from alembic import context
from flask import current_app
from sqlalchemy import inspect

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
        if {guard.table for guard in guards.GUARDS} <= {*inspect(connection).get_table_names()}:
            guards.install(connection)
    connection.commit()
