"""Demand: closed forms, and the lazy relaxation against brute force."""

from __future__ import annotations

import numpy as np
import pytest

from tests.kit import Bench, bench, data, day, history, traders
from tests.model import probes

KAPPA = 0.2
PAYMENT = [{"id": "block", "kind": "payment-block", "effective": day(40), "target": {"exchanges": ["a"]}}]


def logit(attraction: np.ndarray, outside: float) -> np.ndarray:
    return attraction / (outside + attraction.sum())


def test_two_venues_one_switch_is_the_exponential():
    """Shares are s_inf + (s_0 - s_inf) e^(-kappa (t - 40)); 1e-14 is 50 roundings of numbers below 1."""
    run = history(data(segments=[traders(rails={"bank": 1.0}, circumvention=0.3)], baseline=PAYMENT))
    before = logit(np.array([0.6, 0.4]), 0.6)
    after = logit(np.array([0.6 * 0.3, 0.4]), 0.6)  # suffering 1 - 0.3 under a friction of 1
    stay = np.exp(-KAPPA * np.maximum(run.result.times - 40.0, 0.0))
    for n, exchange in enumerate("ab"):
        expected = after[n] + (before[n] - after[n]) * stay
        np.testing.assert_allclose(run.share(exchange), expected, rtol=0, atol=1e-14)
    assert run.share("a")[41] < run.share("a")[40] == pytest.approx(before[0], abs=1e-15)


def test_without_frictions_the_split_is_logit_for_ever():
    """The first day is an equilibrium of the configured brands; 1e-14 over 366 records of a run with weekly sums."""
    run = history(data(exchanges=[
        {"id": "a", "home": "home", "brand": 0.7, "fixed": True},
        {"id": "b", "home": "home", "brand": -1.3, "strategy": "otc", "fixed": True},
        {"id": "c", "home": "abroad", "brand": 0.1, "strategy": "offshore", "fixed": True},
    ]))  # fmt: skip
    expected = logit(np.exp([0.7, -1.3 - 3.0, 0.1 - 2.0]), 0.6)
    for n, venue in enumerate((("a", "domestic"), ("b", "otc"), ("c", "offshore"))):
        np.testing.assert_allclose(run.share(*venue), expected[n], rtol=0, atol=1e-14)
    np.testing.assert_allclose(run.result.frame.outside[:, 0], 1.0 - expected.sum(), rtol=0, atol=1e-14)


def test_infinitely_fast_traders_follow_the_logit_at_once():
    """At 1e6 reconsiderations a day nothing of the old shares is left after a day: e^(-1e6) is 0."""
    run = history(data(segments=[traders(switching="1e6 /d", rails={"bank": 1.0})], baseline=PAYMENT))
    np.testing.assert_allclose(run.share("a")[:41], 0.6 / 1.6, rtol=0, atol=1e-14)
    assert np.all(run.share("a")[41:] == 0.0)
    np.testing.assert_allclose(run.share("b")[41:], 0.4 / 1.0, rtol=0, atol=1e-14)


def test_a_look_between_two_dates_changes_no_later_share():
    """Relaxing in one step or in a thousand is the same law; 1e-13 for a thousand roundings."""
    source = data(segments=[traders(rails={"bank": 1.0})], baseline=PAYMENT)
    one, many = bench(source), bench(source)
    for each in (one, many):
        probes.pull(each.world, each.state, 0, 0, 3.0)
    probes.relax(one.world, one.state, 30.0)
    for now in np.linspace(0.0, 30.0, 1001):
        probes.relax(many.world, many.state, now)
    np.testing.assert_allclose(probes.shares(one.state), probes.shares(many.state), rtol=0, atol=1e-13)


class Brute:
    """Shares of one segment, every one of them relaxed at every event, from the equations of the model alone.

    `factor` is what habit is worth, M; `alike` are the dissimilarities of the modes and of order books.
    """

    def __init__(self, pull: np.ndarray, factor: np.ndarray, outside: float, kappa: float, alike: np.ndarray) -> None:
        self.pull, self.factor = pull.copy(), factor.copy()
        self.outside, self.kappa, self.alike = outside, kappa, alike
        self.mode = np.arange(len(pull)) % 3
        self.first = np.append(self.inside(), self.habit()[[0, 2]] @ self.inside()[[0, 2]])
        self.share = self.target()

    def inside(self) -> np.ndarray:
        return np.array([self.pull[m::3].sum() for m in range(3)])

    def habit(self) -> np.ndarray:
        return self.factor ** (1.0 / np.array([self.alike[3], 1.0, self.alike[3]]))

    def target(self) -> np.ndarray:
        inside = np.where(self.inside() > 0.0, self.inside(), 1.0)
        inclusive = np.where(self.inside() > 0.0, self.first[:3] * (inside / self.first[:3]) ** self.alike[:3], 0.0)
        modes = self.habit() * inclusive
        if (books := modes[0] + modes[2]) > 0.0:
            modes[[0, 2]] *= self.first[3] * (books / self.first[3]) ** self.alike[3] / books
        attraction = np.append((modes / inside)[self.mode] * self.pull, self.outside)
        return attraction / attraction.sum()

    def chosen_after(self, v: int) -> np.ndarray:
        """Where those go who leave a venue at an event: within its mode if that is a nest, else anywhere."""
        peers = np.where(self.mode == v % 3, self.pull, 0.0)
        return np.append(peers / peers.sum(), 0.0) if self.alike[v % 3] < 1.0 and peers.any() else self.target()

    def relax(self, stay: float) -> None:
        self.share = self.target() + (self.share - self.target()) * stay

    def strand(self, v: int) -> None:
        self.pull[v] = 0.0
        self.share[-1] += self.share[v]
        self.share[v] = 0.0

    def depart(self, v: int, fraction: float) -> None:
        leaving = fraction * self.share[v]
        self.share[v] -= leaving
        self.share += leaving * self.chosen_after(v)


SEGMENTS = [
    traders(id=f"k{n}", switching=f"{kappa} /d", outside=outside)
    for n, (kappa, outside) in enumerate([(0.01, 0.6), (0.2, 5.0), (30.0, 0.05)])
]
EXCHANGES = [{"id": f"x{n}", "home": "home", "share": 0.1, "fixed": True} for n in range(6)]


NESTS = ({"domestic": 0.5, "books": 0.7}, {"domestic": 0.3, "otc": 0.7, "offshore": 0.9, "books": 0.2}, {"otc": 0.2})


def random_market(rng: np.random.Generator, nested: bool) -> tuple[Bench, list[Brute]]:
    """A market with random attractions over ten orders of magnitude, lazy and brute; habits weigh from the first day."""
    nests = NESTS if nested else ({}, {}, {})
    lazy = bench(
        data(
            segments=[segment | {"nests": each} for segment, each in zip(SEGMENTS, nests, strict=True)],
            exchanges=EXCHANGES,
        )
    )
    market = lazy.state.market
    market.attraction[:] = np.exp(rng.normal(-1.0, 3.0, market.attraction.shape))
    habit = np.exp(rng.normal(0.0, 0.5, market.habit_factor.shape))
    for k, m in np.ndindex(habit.shape):
        probes.factor(lazy.world, lazy.state, k, m, habit[k, m])
    probes.settle(lazy.world, lazy.state)
    segments = lazy.world.segments
    brute = [
        Brute(market.attraction[:, k], habit[k], segments.outside[k], segments.switching[k], segments.dissimilarity[k])
        for k in range(3)
    ]
    return lazy, brute


def happen(lazy: Bench, brute: list[Brute], rng: np.random.Generator) -> None:
    """One random event, to both."""
    what, v, k = rng.choice(6, p=[0.4, 0.15, 0.15, 0.15, 0.1, 0.05]), int(rng.integers(18)), int(rng.integers(3))
    if what == 0:
        value = float(np.exp(rng.normal(-1.0, 3.0)))
        probes.pull(lazy.world, lazy.state, k, v, value)
        brute[k].pull[v] = value
    elif what == 1:
        fraction = float(rng.uniform(0.0, 0.99))
        probes.jump(lazy.world, lazy.state, k, fraction)
        brute[k].relax(1.0 - fraction)
    elif what == 2:
        fraction = float(rng.choice([0.1, 0.5, 0.95, 1.0]))
        probes.depart(lazy.world, lazy.state, k, v, fraction)
        brute[k].depart(v, fraction)
    elif what == 3:
        value = float(np.exp(rng.normal(0.0, 0.5)))
        probes.factor(lazy.world, lazy.state, k, v % 3, value)
        brute[k].factor[v % 3] = value
    elif what == 4:
        probes.strand(lazy.world, lazy.state, k, v)
        brute[k].strand(v)
    else:
        probes.rebase(lazy.world, lazy.state)


@pytest.mark.parametrize(("seed", "nested"), [(0, False), (1, False), (2, True), (3, True)])
def test_lazy_relaxation_equals_brute_force(seed, nested):
    """800 random events: lever changes, jumps, waves, habit factors, strandings; every share after each, to 1e-13.

    Attractions range over ten orders of magnitude, bots reconsider 30 times a day, and up to a third of a year passes
    between events. Both sides round a few times per event at 1e-16 and forget their errors as shares relax.
    """
    rng = np.random.default_rng(seed)
    lazy, brute = random_market(rng, nested)
    now, worst = 0.0, 0.0
    for _ in range(800):
        later = now + float(rng.choice([0.0, rng.exponential(0.1), rng.exponential(30.0)], p=[0.4, 0.5, 0.1]))
        probes.relax(lazy.world, lazy.state, later)
        for each in brute:
            each.relax(float(np.exp(-each.kappa * (later - now))))
        now = later
        happen(lazy, brute, rng)
        found, expected = probes.shares(lazy.state), np.array([each.share for each in brute])
        worst = max(worst, float(np.abs(found - expected).max()))
        modes = np.stack([found[:, m:-1:3].sum(axis=1) for m in range(3)] + [found[:, -1]], axis=1)
        worst = max(worst, float(np.abs(modes - probes.mode_shares(lazy.state)).max()))
    assert worst < 1e-13


def test_everybody_may_reconsider_at_once():
    """A jump of the whole segment is the limit of jumps: the logit split, and what follows goes on from there."""
    lazy = bench(data())
    probes.pull(lazy.world, lazy.state, 0, 0, 3.0)
    probes.jump(lazy.world, lazy.state, 0, 1.0)
    np.testing.assert_allclose(probes.shares(lazy.state)[0][[0, 3, -1]], [3.0 / 4.0, 0.4 / 4.0, 0.6 / 4.0], atol=1e-14)
    probes.pull(lazy.world, lazy.state, 0, 0, 1.0)
    probes.relax(lazy.world, lazy.state, 1.0)
    probes.pull(lazy.world, lazy.state, 0, 0, 2.0)
    found = probes.shares(lazy.state)[0]
    assert found.sum() == pytest.approx(1.0, abs=1e-14)
    assert found[0] == pytest.approx(0.5 + 0.25 * np.exp(-KAPPA), abs=1e-14)
