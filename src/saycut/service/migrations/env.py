"""What Alembic runs: on the connection it was given, inside of its transaction."""

from alembic import context

from saycut.service.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, transaction_per_migration=False)
context.run_migrations()
