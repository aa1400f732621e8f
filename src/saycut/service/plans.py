"""What each plan may do, and what each operation costs: data, changed here and nowhere else."""

import msgspec

FIRST_CREDITS = 100
TOKEN_DAYS = 7
TURN_PRICE = 5

# What a token may do: look; change sessions and speak; bring files; ask for renders.
SCOPES = ("read", "write", "upload", "render")
EVERYTHING = "*"

# Credits for one turn that changes the project; an operation that is not named costs nothing more.
OPERATION_PRICES: dict[str, int] = {}


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """Limits of one kind of user. None means no limit."""

    metered: bool = True
    exports: bool = True
    scopes: str = " ".join(SCOPES)
    upload_bytes: int | None = 500 << 20
    stored_bytes: int | None = 5 << 30
    running_renders: int = 1
    waiting_renders: int = 20


PLANS: dict[str, Plan] = {
    "anonymous": Plan(),
    "registered": Plan(stored_bytes=20 << 30, running_renders=2, waiting_renders=50),
    "operator": Plan(
        metered=False, upload_bytes=None, stored_bytes=None, running_renders=4, waiting_renders=1000
    ),
}


def price(operations: list[str]) -> int:
    """What a turn with these operations costs; asking, looking and undoing are free."""
    changing = [name for name in operations if name not in ("undo", "redo", "export", "protect")]
    return TURN_PRICE + sum(OPERATION_PRICES.get(name, 0) for name in changing) if changing else 0
