"""The history as a tree: where each state came from, the turn that led there, and the line in use.

Revision ID: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_NEW = {
    "states": (sa.Column("after", sa.Integer), sa.Column("turn_id", sa.String(64))),
    "sessions": (sa.Column("tip", sa.Integer, nullable=False, server_default="0"),),
    "turns": (sa.Column("on_place", sa.Integer),),
}


def upgrade() -> None:
    """Columns; where the first version made all tables they are there already. What was a line stays one."""
    there = {table: _columns(table) for table in _NEW}
    for table, columns in _NEW.items():
        for column in columns:
            if column.name not in there[table]:
                op.add_column(table, column)
    if "after" in there["states"]:
        return
    op.execute("UPDATE states SET after = place - 1 WHERE place > 0")
    op.execute(
        "UPDATE sessions SET tip = "
        "COALESCE((SELECT MAX(states.place) FROM states WHERE states.session_id = sessions.id), 0)"
    )


def _columns(table: str) -> set[str]:
    return {column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)}
