"""Rates: a window that slides, by key."""

import pytest

from saycut.service.errors import TooMany
from saycut.service.rates import Rates


def test_so_many_and_no_more_until_the_window_has_passed() -> None:
    rates = Rates(3, 10)
    for now_s in (0, 1, 2):
        rates.count("a", now_s)
    with pytest.raises(TooMany) as refused:
        rates.count("a", 3)
    assert refused.value.facts["retry_after_s"] == 8
    rates.count("b", 3)
    rates.count("a", 10)
    with pytest.raises(TooMany):
        rates.count("a", 10.5)
    rates.count("a", 11)
