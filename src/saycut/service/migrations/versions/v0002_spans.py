"""Long renders in spans.

Revision ID: 0002
"""

from alembic import op

from saycut.service.tables import spans

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """A table of its own; where the first version made all tables it is there already."""
    spans.create(op.get_bind(), checkfirst=True)
