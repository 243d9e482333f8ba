"""Events of the same instant, and what is drawn for detections."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.model.events import DECISION, EVENT_KINDS, rank
from sim.model.regulators.detection import detection_occasion
from sim.world.codes import ACTIONS, C_LICENCE, C_LOSS, CAUSES
from tests.kit import built, data

OFFICES = [{"id": name, "service": "10 d"} for name in ("board", "bank", "court")]
WORLD = built(data(offices=OFFICES, baseline=[{"id": "order", "kind": "relief"}]))[0]
MOST = {
    "first": 2,
    "office": len(OFFICES),
    "action": len(ACTIONS),
    "cause": len(CAUSES),
    "index": len(WORLD.interventions.key),
}
"""Numbers of what an event carries end before these; there is no end to venues and exchanges."""


@st.composite
def events(draw: st.DrawFn) -> tuple[int, int, int, int]:
    kind = draw(st.integers(0, len(EVENT_KINDS) - 1))
    numbers = [draw(st.integers(0, MOST.get(what, 50) - 1)) for what in EVENT_KINDS[kind].carries]
    return (kind, *numbers, *[0] * (3 - len(numbers)))


@given(st.lists(events(), min_size=2, max_size=8))
def test_ties_are_ordered_by_kind_and_then_by_what_the_table_says(some):
    def said(event: tuple[int, int, int, int]) -> tuple[int, ...]:
        kind, *numbers = event
        carried = dict(zip(EVENT_KINDS[kind].carries, numbers, strict=False))
        return (kind, *(carried[what] for what in EVENT_KINDS[kind].subject))

    assert sorted(some, key=lambda event: rank(WORLD, *event)) == sorted(some, key=said)


def test_a_decision_without_an_index_comes_first():
    assert rank(WORLD, DECISION, 3, 1, -1) < rank(WORLD, DECISION, 3, 1, 0) < rank(WORLD, DECISION, 3, 2, -1)


def test_no_two_detections_share_a_draw():
    """Also if there were more actions than now; those of today are where they always were."""
    addresses = [detection_occasion(*case) for case in itertools.product(range(30), range(9), range(3))]
    assert len(np.unique(addresses)) == len(addresses)
    assert detection_occasion(7, 3, 2) == 16 * 7 + 4 * 3 + 2


def test_decisions_on_losses_are_ordered_by_exchange_whatever_the_day():
    """Their index is a day, which runs far beyond the number of interventions."""
    ranks = [rank(WORLD, DECISION, f, C_LOSS, day) for f in range(3) for day in (7, 700, 70_000)]
    assert ranks == sorted(ranks)
    assert rank(WORLD, DECISION, 1, C_LOSS, 70_000) < rank(WORLD, DECISION, 1, C_LICENCE, -1)
    assert rank(WORLD, DECISION, 10**6, C_LOSS, 70_000) < rank(WORLD, DECISION + 1, 0, 0, 0)
