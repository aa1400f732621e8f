"""The first tables.

Revision ID: 0001
"""

from alembic import op

from saycut.service.tables import metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make all tables. Later versions alter them; until the first release they are altered here."""
    metadata.create_all(op.get_bind())
