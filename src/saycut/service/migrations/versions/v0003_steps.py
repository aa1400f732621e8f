"""What turns measured, with the states they led to.

Revision ID: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """A column; where the first version made all tables it is there already."""
    there = {column["name"] for column in sa.inspect(op.get_bind()).get_columns("states")}
    if "steps" not in there:
        op.add_column("states", sa.Column("steps", sa.Text))
