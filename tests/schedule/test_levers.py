"""The table of levers and the fields that users write."""

from __future__ import annotations

from typing import get_args

from sim.scenario.policy.interventions import Moves
from sim.schedule.levers import LEVERS, PERMISSIONS


def test_what_can_be_written_is_what_is_in_the_table():
    assert [name.replace("_", "-") for name in Moves.model_fields] == [lever.name for lever in LEVERS]
    literal, _ = get_args(Moves.model_fields["permission"].annotation)
    assert get_args(literal) == PERMISSIONS
