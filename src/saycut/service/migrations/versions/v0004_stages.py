"""What a render is doing just now.

Revision ID: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """A column; where the first version made all tables it is there already."""
    there = {column["name"] for column in sa.inspect(op.get_bind()).get_columns("renders")}
    if "stage" not in there:
        op.add_column("renders", sa.Column("stage", sa.String(64)))
