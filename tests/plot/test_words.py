"""Words and numbers of the figures."""

from datetime import date

import numpy as np
import pytest

from sim.plot.dates import date_words, day_numbers
from sim.plot.style import amount, capital, listed, percent, readable

HARD = "\u00a0"


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.92, "92 %"),
        (0.0, "0"),
        (0.0004, "0"),
        (0.004, "0.4 %"),
        (0.0094, "0.9 %"),
        (0.0099, "1 %"),
        (1.0, "100 %"),
    ],
)
def test_percent(share: float, words: str) -> None:
    assert percent(share) == words.replace(" ", HARD)


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.0, "0"), (0.0312, "0.031"), (4.24, "4.2"), (38.4, "38"), (999.0, "999"), (12_449.0, "12,400")],
)
def test_amount(value: float, words: str) -> None:
    assert amount(value) == words


def test_dates_survive_the_way_to_day_numbers_and_back() -> None:
    day = day_numbers(np.array([date(2017, 9, 5)], dtype="datetime64[s]"))[0]
    assert date_words(day) == f"5{HARD}Sep{HARD}2017"
    assert date_words(day, year=False) == f"5{HARD}Sep"


def test_ids_become_words() -> None:
    assert readable("ico-ban") == "ICO ban"
    assert readable("payment:alipay") == "payment: alipay"
    assert readable("closure_order-2") == "closure order 2"


def test_lists_and_capitals() -> None:
    assert [listed(words) for words in (["a"], ["a", "b"], ["a", "b", "c"])] == ["a", "a and b", "a, b and c"]
    assert capital("oTC volume") == "OTC volume"
