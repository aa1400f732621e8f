"""Waiting ends: with what was looked for, or with a failure that says what did not come."""

import pytest

from tests.waiting import until


def test_the_first_true_answer_is_given() -> None:
    answers = iter(("", 0, None, "here", "later"))
    assert until("something", lambda: next(answers)) == "here"


def test_what_never_comes_is_named() -> None:
    with pytest.raises(AssertionError, match=r"in vain: the moon \(it is \[\]\)"):
        until("the moon", list[str], patience_s=0.0)
