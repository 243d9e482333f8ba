"""Habit, liquidity, volumes, pulses, beliefs: each against its formula."""

from __future__ import annotations

import math

import numpy as np
import pytest

import sim
from sim.model.traders.utility import liquidity_term
from sim.world import codes as c
from tests.kit import bench, data, day, history, scenario, traders

HABIT = {"weight": 1.3, "adopt": "0.3 /d", "forget": "0.004 /d"}


def test_habit_follows_its_equation():
    """dh/dt = 0.3 (s - h)+ - 0.004 (h - s)+, stepped daily with the shares that were recorded; 1e-12 over a year.

    The daily step is exact for shares that stand still within the day, which is what the market's clock assumes; the
    record at midnight comes after the step and holds the very shares that it saw.
    """
    segments = [traders(rails={"bank": 1.0}, habit=HABIT)]
    block = {"id": "block", "kind": "payment-block", "announced": day(30), "until": day(120), "coverage": 0.8}
    run = history(data(segments=segments, baseline=[block]))
    share, habit = run.result.frame.share[:, 0].sum(axis=1), run.result.frame.habit[:, 0]
    expected = share[0].copy()
    for t in range(1, len(habit)):
        gap = share[t] - expected
        rate = np.where(gap > 0.0, 0.3, 0.004)
        expected = expected + gap * -np.expm1(-rate)
        np.testing.assert_allclose(habit[t], expected, rtol=0, atol=1e-12)
    assert habit[119, 0] < habit[30, 0] - 0.05


def test_habit_bends_attraction():
    """In equilibrium s = e^(u + mu (s - s_0)) / D: habit has caught up with the shares when nothing moves any more."""
    segments = [traders(switching="5 /d", rails={"bank": 1.0}, habit={**HABIT, "adopt": "5 /d", "forget": "5 /d"})]
    block = {"id": "block", "kind": "payment-block", "announced": day(30), "coverage": 0.5}
    run = history(data(segments=segments, baseline=[block]))
    start, end = run.result.frame.share[0, 0].sum(axis=0), run.result.frame.share[-1, 0].sum(axis=0)
    pull = 0.5 * math.exp(1.3 * (end[0] - start[0]))
    assert end[0] == pytest.approx(pull / (pull + 0.6), abs=1e-12)
    assert end[0] < 0.5 / 1.1 - 0.02


@pytest.mark.parametrize("volume", [0.0, 1.0, 50.0, 100.0, 300.0])
def test_the_liquidity_term(volume):
    """ln((L + eps L_ref) / ((1 + eps) L_ref)): 0 for a mature book, ln(eps / (1 + eps)) for an empty one."""
    one = bench(data(demand={"liquidity_floor": 0.02}))
    assert liquidity_term(one.world, volume, 100.0) == pytest.approx(math.log((volume + 2.0) / 102.0), abs=1e-15)
    assert liquidity_term(one.world, volume, 0.0) == 0.0


def test_a_new_book_starts_cold_and_grows_with_its_volume():
    """An entrant's attraction is multiplied by (L + eps L_ref)^gamma / ((1 + eps) L_ref)^gamma, read weekly."""
    run = history(data(
        segments=[traders(liquidity=0.3, switching="0.5 /d")],
        exchanges=[
            {"id": "old", "home": "home", "share": 1.0, "fixed": True},
            {"id": "new", "home": "home", "share": 1.0, "enters": day(14), "fixed": True},
        ],
    ))  # fmt: skip
    mature, floor = 1000.0 / 2.6, 0.02

    def target(volume: float) -> float:
        """Share in equilibrium when both books were last read at these volumes."""
        new = ((volume + floor * mature) / ((1.0 + floor) * mature)) ** 0.3
        first = 1000.0 / 1.6
        old = ((1000.0 * run.share("old")[read] + floor * first) / ((1.0 + floor) * first)) ** 0.3
        return new / (new + old + 0.6)

    stay = math.exp(-0.5)
    share, volume, read = 0.0, 0.0, 14
    for t in range(15, 120):
        share = target(volume) + (share - target(volume)) * stay
        assert run.share("new")[t] == pytest.approx(share, abs=1e-12)
        if t % 7 == 0:
            volume, read = 1000.0 * share, t
    assert share > 0.3


def test_only_real_volume_makes_liquidity():
    """Bots that do not count leave without anybody minding."""
    bots = traders(id="bots", volume=100_000, real_part=0.0, switching="30 /d", fee=1000.0)
    fee = {"id": "fee", "kind": "fee-rule", "announced": day(50)}
    run = history(data(segments=[traders(liquidity=0.5), bots], baseline=[fee]))
    assert run.share("a", segment=1)[60] < 0.4 * run.share("a", segment=1)[49]
    np.testing.assert_allclose(run.share("a"), run.share("a")[0], rtol=0, atol=1e-13)


def test_volume_paths():
    """Given points hold until the next, or are joined by lines; before the first its value, after the last too."""
    points = {"2020-01-11": 100.0, "2020-01-21": 300.0}
    for interpolation, expected in (("step", [100, 100, 100, 300, 300]), ("linear", [100, 100, 200, 300, 300])):
        path = {"points": points, "interpolation": interpolation}
        run = history(data(segments=[traders(volume=path)], end=day(60)))
        assert [run.result.frame.segment_volume[t, 0] for t in (0, 10, 15, 20, 50)] == expected


def test_part_of_otc_demand_derives_from_offshore_trading():
    """A segment without volume of its own trades 0.2 per unit of counted focal offshore volume, read weekly."""
    run = history(data(
        segments=[traders(real_part=0.5), traders(id="buyers", volume=0, derived=0.2, taste={"otc": 0})],
        exchanges=[{"id": "x", "home": "abroad", "strategy": "offshore", "brand": 1, "fixed": True}],
    ))  # fmt: skip
    offshore = 1000.0 * run.share("x", "offshore")[20]
    assert run.result.frame.segment_volume[20, 1] == pytest.approx(0.2 * 0.5 * offshore, rel=1e-12)


def test_the_first_day_is_an_equilibrium_with_derived_demand_too():
    """Without policies nothing moves: derived demand is there from the start, and books are mature with it."""
    buyers = traders(id="buyers", volume=100, derived=0.5, taste={"otc": 0, "domestic": -1}, liquidity=0.5, habit=HABIT)
    source = data(
        segments=[traders(liquidity=0.5, habit=HABIT), buyers],
        exchanges=[
            {"id": "x", "home": "abroad", "strategy": "offshore", "brand": 1, "fixed": True},
            {"id": "p", "home": "home", "strategy": "otc", "brand": -1, "fixed": True},
            {"id": "d", "home": "home", "share": 1.0, "fixed": True},
        ],
    )
    run = history(source)
    first = run.result.frame.share[0]
    assert run.result.frame.segment_volume[0, 1] == pytest.approx(100 + 0.5 * 1000 * first[0, 0, 2], rel=1e-12)
    np.testing.assert_allclose(run.result.frame.share, np.broadcast_to(first, run.result.frame.share.shape), atol=1e-12)
    measures = sim.run(scenario(source)).measures
    assert measures["suppression"] == pytest.approx(0.0, abs=1e-12)
    assert math.isnan(measures["leakage"])


def test_a_panic_pulse_decays_and_moves_no_share():
    """Turnover x (1 + panic amplitude e^(-t / decay)) from the announcement on, in the segments meant."""
    shock = {"id": "shock", "kind": "relief", "announced": day(20), "effective": day(25),
             "panic": {"amplitude": 2.0, "decay": "4 d"}, "target": {"segments": ["traders"]}}  # fmt: skip
    run = history(data(segments=[traders(panic=0.5), traders(id="calm", panic=1.0)], baseline=[shock]))
    days = run.result.times
    pulse = np.where(days >= 20.0, np.exp(-(days - 20.0) / 4.0), 0.0)
    np.testing.assert_allclose(run.result.frame.segment_volume[:, 0], 1000.0 * (1.0 + pulse), rtol=1e-13)
    assert np.all(run.result.frame.segment_volume[:, 1] == 1000.0)
    np.testing.assert_allclose(run.share("a"), run.share("a")[0], rtol=0, atol=1e-14)


def test_belief_is_gamma_poisson():
    """(prior w + N) / (w + E): E grows by the open focal venues in a posture, both fade; read weekly, 1e-12."""
    beliefs = {"prior": {"domestic": "0.001 /d"}, "weight": "500 d", "forgetting": "0.01 /d"}
    run = history(data(beliefs=beliefs))
    exposure = 0.0
    for t in range(1, 100):
        if t % 7 == 0:
            exposure = exposure * math.exp(-0.07) + 2 * -math.expm1(-0.07) / 0.01
        hazard = run.result.frame.hazard[t, c.DOMESTIC]
        assert hazard == pytest.approx(0.001 * 500.0 / (500.0 + exposure), rel=1e-12)


def test_belief_without_forgetting():
    beliefs = {"prior": {"domestic": "0.001 /d"}, "weight": "500 d", "forgetting": "0 /d"}
    run = history(data(beliefs=beliefs))
    assert run.result.frame.hazard[70, c.DOMESTIC] == pytest.approx(0.5 / (500.0 + 2 * 70.0), rel=1e-12)


def test_attention_reaches_the_part_that_hears():
    """An announcement with attention 0.5 moves 0.5 x 0.6 of a segment to the logit at once, after the levers."""
    news = {"id": "news", "kind": "fraud-shock", "announced": day(20), "attention": 0.5, "target": {"exchanges": ["a"]}}
    run = history(data(segments=[traders(switching="0 /d", risk=1.0, attention=0.6)], baseline=[news]))
    before, pull = 0.6 / 1.6, 0.6 * math.exp(-1.0)
    after = pull / (pull + 0.4 + 0.6)
    assert run.share("a")[19] == pytest.approx(before, abs=1e-15)
    assert run.share("a")[20] == pytest.approx(before + 0.3 * (after - before), abs=1e-14)


def test_attention_at_both_dates_if_the_effect_is_announced_before():
    news = {"id": "news", "kind": "fee-rule", "announced": day(20), "effective": day(30), "attention": 0.5}
    run = history(data(segments=[traders(switching="0 /d", fee=100.0)], baseline=[news]))
    before, pull = 1.0 / 1.6, math.exp(-0.2)
    after = pull / (pull + 0.6)
    both = run.share("a") + run.share("b")
    assert both[[19, 29, 30]] == pytest.approx([before, before, before + 0.5 * (after - before)], abs=1e-14)


def test_a_whole_segment_may_reconsider_and_go_on():
    """Attention 1 puts everybody on the logit; later changes work as before."""
    shocks = [
        {"id": f"s{n}", "kind": "fraud-shock", "announced": day(when), "attention": 1.0, "target": {"exchanges": ["a"]}}
        for n, when in enumerate((20, 40, 60))
    ]
    run = history(data(segments=[traders(risk=1.0)], baseline=shocks))
    total = run.result.frame.share.sum(axis=(2, 3)) + run.result.frame.outside
    np.testing.assert_allclose(total, 1.0, rtol=0, atol=1e-12)
    pull = 0.6 * math.exp(-3.0)
    assert run.share("a")[61] == pytest.approx(pull / (pull + 1.0), abs=1e-12)
