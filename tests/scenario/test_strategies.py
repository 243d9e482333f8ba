"""The table of strategies, and what is made of it."""

from typing import get_args

from sim.scenario.world.strategies import STRATEGY_VENUES, FirstStrategy, Mode, Posture
from sim.world import codes as c


def test_the_table_has_each_strategy_that_a_file_may_name() -> None:
    named = [word for part in get_args(FirstStrategy) for word in get_args(part) or (part,)]
    assert tuple(STRATEGY_VENUES) == tuple(named)


def test_modes_and_postures_have_the_numbers_of_the_arrays() -> None:
    assert get_args(Mode) == c.MODES
    assert get_args(Posture) == c.POSTURES


def test_no_strategy_changes_its_number() -> None:
    """Draws are addressed by it: another order would give other histories for the same seed."""
    assert c.STRATEGIES[:11] == (
        "domestic", "otc", "offshore", "hybrid", "disguised", "disguised+otc", "defy", "exit",
        "domestic+otc", "domestic+offshore", "domestic+otc+offshore",
    )  # fmt: skip
    assert (c.S_DEFY, c.S_EXIT) == (6, 7)
    assert c.STRATEGIES[c.OPTIONS :] == ("latent",)


def test_postures_by_strategy_and_mode() -> None:
    none, domestic, otc, offshore, disguised, defy = -1, c.DOMESTIC, c.OTC, c.OFFSHORE, c.DISGUISED, c.DEFY
    expected = (
        (domestic, none, none), (none, otc, none), (none, none, offshore), (none, otc, offshore),
        (none, none, disguised), (none, otc, disguised), (defy, none, none), (none, none, none),
        (domestic, otc, none), (domestic, none, offshore), (domestic, otc, offshore),
    )  # fmt: skip
    assert c.STRATEGY_POSTURES[:11] == expected
    assert c.STRATEGY_POSTURES[c.S_LATENT] == (none, none, none)
