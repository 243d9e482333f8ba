"""Interventions that changed nothing in a history."""

from __future__ import annotations

from typing import Any

import pytest

import sim
from tests.kit import data, scenario

ORDER = {"id": "order", "kind": "closure-order", "announced": "2020-03-01", "deadline": "2020-03-31"}
TOO_LATE = {"id": "too-late", "kind": "fee-rule", "announced": "2020-05-01", "target": {"modes": ["domestic"]}}


def idle(*interventions: Any, until: str | None = None) -> tuple[str, ...]:
    segment = {"id": "traders", "home": "home", "volume": 1000, "switching": "0.2 /d", "outside": 0.6, "fee": 1.0,
               "taste": {"domestic": 0}}  # fmt: skip
    checked = scenario(data(end="2020-07-01", segments=[segment], baseline=list(interventions)))
    return sim.run(checked, seed=1, until=until).idle_interventions()


def test_what_changes_no_share_and_no_exchange_is_named():
    """The fee is for venues that the order has closed."""
    assert idle(ORDER, TOO_LATE) == ("too-late",)
    assert idle(TOO_LATE) == ()


def test_a_history_that_ends_early_is_changed_by_what_came_before():
    assert idle(ORDER, TOO_LATE, until="2020-02-15") == ("order", "too-late")


@pytest.mark.filterwarnings("ignore::sim.ScenarioWarning")  # that the one does the same as the other
def test_each_of_two_that_do_the_same_could_be_left_out():
    assert idle(ORDER, {**ORDER, "id": "again"}) == ("order", "again")
