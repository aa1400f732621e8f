"""Migrations: every version of the tables, applied by Alembic at start.

A new version is one more file in `versions/`; what an older Saycut wrote is kept or carried over.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

_LOCK = 7_219_052  # any number, the same for every process


def upgrade(engine: sa.Engine) -> None:
    """Bring the tables behind `engine` to the newest version; one process at a time does it."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    # On SQLite the first statement takes the write lock, and the others wait for it.
    with engine.execution_options(saycut_writes=True).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
