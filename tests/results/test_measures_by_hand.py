"""Each measure against values worked out by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.model.outcomes import timing_measures, volume_measures
from sim.model.outcomes.queue_times import queue_times
from sim.model.outcomes.tally import compare_like_venues
from sim.results import run_measures as data
from sim.world.codes import E_APPLICATION, E_GRANTED, OFFSHORE, OTC

DAY = np.arange(120.0)
BEFORE, AFTER = DAY < 30, DAY >= 90


class Paths:
    """The measures on whole paths: what `run_measures` reads off them and the model's measures, together."""

    reference_window, final_window, focal_volume = data.reference_window, data.final_window, data.focal_volume

    @staticmethod
    def modes(volume, before, after):
        return data.window_means(volume.sum(axis=1), before, after)

    @staticmethod
    def suppression(volume, before, after):
        return volume_measures.suppression(Paths.modes(volume, before, after))

    @staticmethod
    def leakage(volume, before, after):
        return volume_measures.leakage(Paths.modes(volume, before, after))

    @staticmethod
    def displacement(volume, before, after):
        modes = Paths.modes(volume, before, after)
        to = [volume_measures.displacement(modes, OTC), volume_measures.displacement(modes, OFFSHORE)]
        return np.array(
            [
                *to,
                (volume_measures.traded(modes, 0) - volume_measures.traded(modes, 1)) / volume_measures.lost(modes, 0),
            ]
        )

    @staticmethod
    def displacement_by_host(volume, host, hosts, before, after):
        before_and_after = data.volume_by_host(volume, host, hosts, before, after)
        return (before_and_after[1] - before_and_after[0]) / volume_measures.lost(Paths.modes(volume, before, after), 0)

    @staticmethod
    def half_life(day, path, before, announced, effective):
        return timing_measures.half_life(
            day, path, np.full(len(day), np.nan), path[before].mean(), announced, effective
        )

    @staticmethod
    def time_to_effect(day, path, before, after, announced, effective, part=0.9):
        reference, level = path[before].mean(), path[after].mean()
        return timing_measures.time_to_effect(
            day, path, np.full(len(day), np.nan), reference, level, announced, effective, part
        )

    @staticmethod
    def rebound(day, path, before, announced, within=365.0):
        return timing_measures.rebound(day, path, path[before].mean(), announced, within)

    @staticmethod
    def concentration(volume, after):
        return volume_measures.concentration(volume[after].sum(axis=2).mean(axis=0))

    @staticmethod
    def part_on(volume, venues, after):
        traded = volume[after].sum() / after.sum()
        return data.volume_on(volume, venues, after) / traded if traded else np.nan

    @staticmethod
    def queue_times(start, start_key, end, end_key):
        codes, waits = np.zeros((len(start) + len(end), 6), np.int64), np.zeros(2)
        codes[:, 0] = [E_APPLICATION] * len(start) + [E_GRANTED] * len(end)
        codes[:, 1] = [*start_key, *end_key]
        queue_times(codes, np.concatenate([start, end]), waits)
        return waits


@pytest.fixture(autouse=True)
def _no_warning():
    with np.errstate(divide="raise", invalid="raise", over="raise"):
        yield


def venues(first, last, switch=50):
    """Volume of (exchange, mode) that is `first` up to day `switch` and `last` from then on, (T, F, M)."""
    return np.where((switch > DAY)[:, None, None], np.array(first, float), np.array(last, float))


def masks(records):
    return np.arange(records) < 2, np.arange(records) >= records - 2


MOVED = venues([[60, 0, 0], [40, 0, 0]], [[0, 30, 0], [20, 0, 10]])


@pytest.mark.parametrize(
    ("announced", "length", "records"),
    [(10.0, 30.0, 10), (9.5, 30.0, 10), (50.0, 30.0, 30), (50.0, 45.0, 45), (0.0, 30.0, 1), (-5.0, 30.0, 1),
     (np.nan, 30.0, 1)],
)  # fmt: skip
def test_reference_window_ends_with_the_announcement(announced, length, records):
    window = Paths.reference_window(DAY, announced, length)
    assert window[:records].all()
    assert window.sum() == records


def test_final_window_is_the_last_days_without_the_reference():
    assert np.array_equal(np.flatnonzero(Paths.final_window(DAY, BEFORE)), np.arange(90, 120))
    assert Paths.final_window(DAY, BEFORE, 7.0).sum() == 7
    short = np.arange(20.0)
    assert np.array_equal(np.flatnonzero(Paths.final_window(short, short < 12)), np.arange(12, 20))
    assert np.array_equal(np.flatnonzero(Paths.final_window(short, short >= 0)), [19])


def test_focal_volume_weighs_shares_by_demand():
    share = np.zeros((2, 3, 1, 3))
    share[0, :, 0, 0], share[1, :, 0, 1] = [0.5, 0.25, 1.0], [0.25, 0.5, 1.0]
    volume = Paths.focal_volume(share, np.array([10.0, 20.0, 0.0]))
    assert np.array_equal(volume[:, 0], [[10.0, 0.0, 0.0], [0.0, 12.5, 0.0]])


def test_focal_volume_without_a_segment_that_counts_is_zero():
    assert not Paths.focal_volume(np.ones((2, 3, 1, 3)), np.zeros(3)).any()


def test_suppression_is_what_stopped():
    assert Paths.suppression(MOVED, BEFORE, AFTER) == pytest.approx(0.4)
    assert Paths.suppression(venues([[50, 0, 0]], [[50, 25, 0]]), BEFORE, AFTER) == pytest.approx(-0.5)
    assert np.isnan(Paths.suppression(venues([[0, 0, 0]], [[0, 5, 0]]), BEFORE, AFTER))


def test_leakage_is_gain_over_loss():
    assert Paths.leakage(MOVED, BEFORE, AFTER) == pytest.approx(0.5)
    assert Paths.leakage(venues([[100, 20, 0]], [[50, 10, 0]]), BEFORE, AFTER) == pytest.approx(-0.2)


@pytest.mark.parametrize("last", [[100, 10, 0], [120, 0, 0], [99.95, 0.05, 0]])
def test_leakage_is_undefined_when_nothing_was_lost(last):
    volume = venues([[100, 0, 0]], [last])
    assert np.isnan(Paths.leakage(volume, BEFORE, AFTER))
    assert np.isnan(Paths.displacement(volume, BEFORE, AFTER)).all()
    assert np.isnan(Paths.displacement_by_host(volume, np.zeros((120, 1), int), 2, BEFORE, AFTER)).all()


def test_displacement_says_where_it_went():
    assert Paths.displacement(MOVED, BEFORE, AFTER) == pytest.approx([0.375, 0.125, 0.5])


volumes = arrays(np.float64, (6, 3, 3), elements=st.integers(0, 1000).map(float))


@settings(deadline=None)
@given(volumes)
def test_displacement_sums_to_one_and_agrees_with_leakage(volume):
    before, after = masks(6)
    parts = Paths.displacement(volume, before, after)
    if np.isfinite(parts).all():
        assert parts.sum() == pytest.approx(1.0, abs=1e-6)
        assert parts[:2].sum() == pytest.approx(Paths.leakage(volume, before, after), rel=1e-9, abs=1e-6)


@settings(deadline=None)
@given(volumes, st.permutations(range(3)))
def test_names_of_exchanges_do_not_matter(volume, order):
    before, after = masks(6)
    for measure in (Paths.suppression, Paths.leakage):
        assert measure(volume, before, after) == pytest.approx(measure(volume[:, order], before, after), nan_ok=True)
    hhi = Paths.concentration(volume, after)
    assert hhi == pytest.approx(Paths.concentration(volume[:, order], after), nan_ok=True)
    assert np.isnan(hhi) or 1 / 3 - 1e-9 <= hhi <= 1 + 1e-9


def test_leakage_from_a_mode_is_what_the_others_gained():
    """Nothing is lost at home, 2 peer to peer, of which 1 goes abroad; NaN for what lost nothing."""
    modes = np.array([[5.0, 3.0, 1.0], [5.0, 1.0, 2.0]])
    assert volume_measures.leakage_from(modes, OTC) == 0.5
    assert np.isnan(volume_measures.leakage_from(modes, OFFSHORE))
    assert np.isnan(volume_measures.leakage(modes))
    modes = np.array([[5.0, 3.0, 1.0], [2.0, 4.0, 2.5]])
    assert volume_measures.leakage_from(modes, 0) == volume_measures.leakage(modes) == pytest.approx(2.5 / 3.0)


def test_diversion_is_what_a_rival_gained_of_what_its_like_lost():
    """At home a group of two gains 1 and loses 2, exchange 1 loses 4, exchange 2 gains 3 there and loses 1 abroad."""
    before = np.array([[2.0, 0.0, 0.0], [2.0, 0.0, 0.0], [4.0, 0.0, 0.0], [1.0, 0.0, 9.0]])
    after = np.array([[3.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0], [4.0, 0.0, 8.0]])
    venues, gained, lost = np.array([before.ravel(), after.ravel()]), np.full(4, 9.0), np.full(4, 9.0)
    compare_like_venues(np.array([0, 0, 1, 2]), venues, gained, lost)
    assert gained.tolist() == [-1.0, -4.0, 2.0, 0.0]
    assert lost.tolist() == [4.0, 2.0, 6.0, 0.0]


def test_displacement_by_host_follows_a_venue_that_moves():
    volume = venues([[100, 0, 0], [0, 0, 10], [0, 0, 6]], [[50, 0, 20], [0, 0, 10], [0, 0, 6]])
    host = np.where((DAY < 60)[:, None], [[-1, 1, 2]], [[1, 2, 2]])
    assert Paths.displacement_by_host(volume, host, 4, BEFORE, AFTER) == pytest.approx([0.0, 0.2, 0.2, 0.0])


def test_half_life_of_an_exponential():
    path = 100 * np.exp(-0.2 * np.maximum(DAY - 40, 0))
    error = 0.2 / 8  # of a straight line between two days, rate / 8
    assert Paths.half_life(DAY, path, BEFORE, 35.0, 40.0) == pytest.approx(np.log(2) / 0.2, abs=error)


def test_half_life_of_a_step_lies_between_the_records():
    path = np.where(DAY < 45, 100.0, 25.0)
    assert Paths.half_life(DAY, path, BEFORE, 35.0, 40.0) == pytest.approx(4 + 2 / 3)


def test_half_life_is_negative_when_the_announcement_did_it():
    path = np.interp(DAY, [35, 39], [100.0, 20.0])
    assert Paths.half_life(DAY, path, BEFORE, 35.0, 60.0) == pytest.approx(37.5 - 60)


@pytest.mark.parametrize("level", [51.0, 100.0, 130.0])
def test_half_life_is_undefined_when_it_never_halves(level):
    path = np.where(DAY < 45, 100.0, level)
    assert np.isnan(Paths.half_life(DAY, path, BEFORE, 35.0, 40.0))


def test_half_life_is_reached_exactly_at_half_whatever_the_rounding():
    path = np.where(DAY < 45, 0.1, 0.05)
    assert Paths.half_life(DAY, path, BEFORE, 35.0, 40.0) == pytest.approx(5.0)


def test_half_life_is_undefined_without_volume_or_effect():
    assert np.isnan(Paths.half_life(DAY, np.zeros(120), BEFORE, 35.0, 40.0))
    assert np.isnan(Paths.half_life(DAY, np.where(DAY < 45, 1.0, 0.0), BEFORE, np.nan, np.nan))


def test_a_dip_before_the_announcement_is_not_its_effect():
    path = np.where(DAY == 20, 0.0, np.where(DAY < 50, 100.0, 0.0))
    before = (DAY < 20) | (DAY == 21)
    assert Paths.half_life(DAY, path, before, 35.0, 40.0) == pytest.approx(9.5)


@pytest.mark.parametrize("halves", [0.5 - 1e-16, 0.5, 0.5 + 1e-12])
def test_half_that_is_reached_by_a_jump_is_reached_then_however_it_rounds(halves):
    """Two like venues, of which one closes at noon of day 50."""
    path, losses = np.where(DAY < 51, 1.0, halves), np.where(DAY == 51, 50.5, np.nan)
    assert timing_measures.half_life(DAY, path, losses, 1.0, 35.0, 40.0) == 10.5


@pytest.mark.parametrize("levels", [(100.0, 20.0), (20.0, 100.0)])
def test_time_to_effect_of_a_ramp_in_either_direction(levels):
    path = np.interp(DAY, [40, 60], levels)
    assert Paths.time_to_effect(DAY, path, BEFORE, AFTER, 35.0, 40.0) == pytest.approx(18.0)
    assert Paths.time_to_effect(DAY, path, BEFORE, AFTER, 35.0, 40.0, part=0.5) == pytest.approx(10.0)


def test_time_to_effect_of_an_exponential():
    path = 30 + 70 * np.exp(-0.3 * np.maximum(DAY - 40, 0))
    assert Paths.time_to_effect(DAY, path, BEFORE, AFTER, 35.0, 40.0) == pytest.approx(np.log(10) / 0.3, abs=0.05)


def test_time_to_effect_is_undefined_without_effect():
    assert np.isnan(Paths.time_to_effect(DAY, np.full(120, 7.0), BEFORE, AFTER, 35.0, 40.0))
    assert np.isnan(Paths.time_to_effect(DAY, np.zeros(120), BEFORE, AFTER, 35.0, 40.0))


def test_rebound_counts_what_returns_within_a_year():
    day = np.arange(800.0)
    path = np.interp(day, [30, 50, 415, 500], [100.0, 20.0, 60.0, 95.0])
    assert Paths.rebound(day, path, day < 30, 30.0) == pytest.approx(0.5)
    assert Paths.rebound(day, path, day < 30, 30.0, within=1000.0) == pytest.approx(75 / 80)


def test_rebound_is_zero_at_the_bottom_and_undefined_without_loss():
    assert Paths.rebound(DAY, np.maximum(100 - DAY, 0), DAY < 1, 1.0) == 0.0
    assert np.isnan(Paths.rebound(DAY, np.full(120, 5.0), BEFORE, 30.0))
    assert np.isnan(Paths.rebound(DAY, np.maximum(100 - DAY, 0), BEFORE, np.nan))


def test_concentration_counts_an_exchange_once():
    assert Paths.concentration(venues([[0] * 3] * 3, [[1, 2, 3], [6, 0, 0], [0, 0, 0]]), AFTER) == pytest.approx(0.5)
    assert Paths.concentration(venues([[0] * 3] * 2, [[0, 0, 9], [0, 0, 0]]), AFTER) == pytest.approx(1.0)
    assert np.isnan(Paths.concentration(np.zeros((120, 2, 3)), AFTER))


def test_part_on_venues():
    on = np.zeros((120, 2, 3), dtype=bool)
    on[:, 0, 1] = True
    assert Paths.part_on(MOVED, on, AFTER) == pytest.approx(0.5)
    assert np.isnan(Paths.part_on(np.zeros((120, 2, 3)), on, AFTER))


def test_queue_times_pair_ends_with_starts_of_the_same_applicant():
    start, who = np.array([1.0, 2.0, 3.0, 8.0, 9.0]), np.array([0, 1, 2, 0, 0])
    end, whose = np.array([4.0, 7.0, 10.0, 20.0]), np.array([1, 0, 0, 5])
    assert Paths.queue_times(start, who, end, whose).tolist() == [3.0, 2.0 + 2.0 + 6.0]


def test_queue_times_of_nobody():
    nobody = np.array([], dtype=int)
    assert Paths.queue_times(np.array([]), nobody, np.array([]), nobody).tolist() == [0.0, 0.0]
