"""Credits: whatever happens in whatever order, nothing is spent twice and nothing is lost."""

import threading

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saycut.service import accounts, ledger
from saycut.service.database import Database
from saycut.service.errors import OutOfCredits
from saycut.service.tables import accounts as account_rows
from saycut.service.tables import holds
from saycut.service.tables import ledger as rows


def user(database: Database) -> str:
    with database.writing() as connection:
        return accounts.new_user(connection, "anonymous")


def check_invariants(database: Database, user_id: str) -> ledger.Balance:
    """available + frozen + captured = granted; frozen = what is held; every hold settled at most once."""
    with database.reading() as connection:
        has = ledger.balance(connection, user_id)
        entries = connection.execute(sa.select(rows).where(rows.c.user_id == user_id)).all()
        held = connection.execute(sa.select(holds).where(holds.c.user_id == user_id)).all()
    total = {kind: sum(e.amount for e in entries if e.kind == kind) for kind in ("grant", "capture")}
    assert has.available + has.frozen + total["capture"] == total["grant"]
    assert has.frozen == sum(h.amount for h in held if h.state == "held")
    for one in held:
        kinds = sorted(e.kind for e in entries if e.reference == one.id)
        assert (
            kinds
            == {
                "held": ["hold"],
                "captured": ["capture", "hold"],
                "released": ["hold", "release"],
            }[one.state]
        )
    return has


def test_a_turn_is_held_then_spent(database: Database) -> None:
    who = user(database)
    with database.writing() as connection:
        ledger.hold(connection, who, "turn-1", 5, "mute")
    assert check_invariants(database, who) == ledger.Balance(95, 5)
    with database.writing() as connection:
        assert ledger.capture(connection, "turn-1")
        assert not ledger.capture(connection, "turn-1")
        assert not ledger.release(connection, "turn-1")
    assert check_invariants(database, who) == ledger.Balance(95, 0)


def test_what_failed_is_given_back(database: Database) -> None:
    who = user(database)
    with database.writing() as connection:
        ledger.hold(connection, who, "turn-1", 5, "mute")
        assert ledger.release(connection, "turn-1")
        assert not ledger.capture(connection, "turn-1")
    assert check_invariants(database, who) == ledger.Balance(100, 0)


def test_too_few_credits_change_nothing(database: Database) -> None:
    who = user(database)
    with pytest.raises(OutOfCredits, match="101"), database.writing() as connection:
        ledger.hold(connection, who, "turn-1", 101, "mute")
    assert check_invariants(database, who) == ledger.Balance(100, 0)


def test_a_transaction_that_fails_leaves_no_hold(database: Database) -> None:
    who = user(database)
    with pytest.raises(RuntimeError), database.writing() as connection:
        ledger.hold(connection, who, "turn-1", 5, "mute")
        raise RuntimeError
    assert check_invariants(database, who) == ledger.Balance(100, 0)


def test_a_grant_is_given_once(database: Database) -> None:
    who = user(database)
    for _ in range(2):
        with database.writing() as connection:
            ledger.grant(connection, who, 50, "voucher-1", "thanks")
    assert check_invariants(database, who) == ledger.Balance(150, 0)


ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(("hold", "capture", "release", "grant")), st.integers(0, 6), st.integers(1, 60)
    ),
    max_size=40,
)


@given(ACTIONS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_of_anything_keeps_the_books_right(
    database: Database, actions: list[tuple[str, int, int]]
) -> None:
    who = user(database)
    for kind, number, amount in actions:
        name = f"{who}-{number}"
        try:
            with database.writing() as connection:
                if kind == "hold":
                    ledger.hold(connection, who, name, amount, "")
                elif kind == "grant":
                    ledger.grant(connection, who, amount, f"g{name}", "")
                else:
                    getattr(ledger, kind)(connection, name)
        except OutOfCredits:
            pass
        check_invariants(database, who)


def test_many_at_once_spend_what_there_is_and_no_more(database: Database) -> None:
    who = user(database)
    refused: list[str] = []

    def work(worker: int) -> None:
        for number in range(10):
            name = f"turn-{(5 * worker + number) % 30}"  # collides with the others on purpose
            try:
                with database.writing() as connection:
                    ledger.hold(connection, who, name, 11, "")
                with database.writing() as connection:
                    ledger.capture(connection, name)
            except OutOfCredits:
                refused.append(name)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    has = check_invariants(database, who)
    assert has.frozen == 0
    assert has.available == 100 - 9 * 11
    assert refused


def test_an_account_below_zero_cannot_be_written(database: Database) -> None:
    who = user(database)
    with pytest.raises(sa.exc.IntegrityError), database.writing() as connection:
        connection.execute(account_rows.update().values(available=-1))
    assert check_invariants(database, who) == ledger.Balance(100, 0)


def test_writers_take_turns(database: Database) -> None:
    """What looks first and inserts then meets nobody who looked at the same time."""
    who = user(database)
    barrier = threading.Barrier(8)
    granted: list[bool] = []

    def work() -> None:
        barrier.wait()
        with database.writing() as connection:
            granted.append(ledger.grant(connection, who, 7, "the same", ""))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(granted) == [False] * 7 + [True]
    assert check_invariants(database, who) == ledger.Balance(107, 0)
