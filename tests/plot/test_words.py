"""Words and numbers of the figures."""

from datetime import date

import numpy as np
import pytest

from sim.plot.plotted_dates import date_words, day_numbers
from sim.plot.plotted_quantity import decimals_for, finer_decimals, interval_words, number, quantity_of
from sim.plot.style import MINUS, amount, capital, listed, percent, readable

HARD = "\u00a0"


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.92, "92 %"), (0.0, "0"), (0.0004, "0"), (0.004, "0.4 %"), (0.0094, "0.9 %"), (0.0099, "1 %"), (1.0, "100 %")],
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


@pytest.mark.parametrize(
    ("spreads", "figures", "expected"),
    [([0.23], 1, 1), ([0.23], 2, 2), ([2.3], 1, 0), ([230.0], 1, 0), ([np.nan, 0.0], 1, 0), ([1e-9], 1, 4)],
)
def test_decimals_follow_the_spread(spreads: list[float], figures: int, expected: int) -> None:
    assert decimals_for(spreads, figures) == expected


def test_numbers_have_true_signs_and_no_negative_zero() -> None:
    assert number(-2.64, 1, sign=True) == f"{MINUS}2.6"
    assert number(2.64, 1, sign=True) == "+2.6"
    assert number(-0.04, 1, sign=True) == "0.0"
    assert number(12345.6, 0) == "12,346"
    assert interval_words(-2.8, -2.4, 1) == f"{MINUS}2.8 to {MINUS}2.4"
    assert [finer_decimals(0, half) for half in (3.0, 0.3, 0.003)] == [0, 1, 2]


def test_fractions_are_told_in_per_cent_and_points_and_days_in_days() -> None:
    assert [quantity_of("leakage").unit, quantity_of("leakage").change] == ["%", "points"]
    assert [quantity_of("half_life").name, quantity_of("half_life").change] == ["half life", "days"]
    assert quantity_of("concentration").axis_label == "concentration"
    with pytest.raises(KeyError):
        quantity_of("leakages")
