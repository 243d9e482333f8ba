"""A population of individual traders, each with its own Poisson clock, against the cohort."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from tests.kit import bench, data, traders
from tests.model import probes

KAPPA, OUTSIDE = 0.2, 0.6
MODES = ("domestic", "otc", "offshore")
START = np.array([0.6, 0.0, 0.2, 0.4, 0.05, 0.1])
"""Attractions of the six venues of two exchanges."""
EVENTS = (
    (6.0, "lever", 0, 0.15),  # a friction on the largest venue
    (9.0, "jump", -1, 0.4),  # salient news: 40 % look around at once
    (9.0, "lever", 1, 0.5),  # a desk opens
    (13.0, "wave", 3, 0.9),  # an exchange announces its end
    (15.0, "strand", 3, 0.0),  # and closes
    (20.0, "end", -1, 0.0),
)
DATES = (6.0, 9.0, 13.0, 15.0, 20.0)
NO_NESTS = {"domestic": 1.0, "otc": 1.0, "offshore": 1.0, "books": 1.0}
NESTS = {"domestic": 0.5, "otc": 0.4, "offshore": 0.8, "books": 0.7}


def cohort(nests: dict[str, float] = NO_NESTS) -> np.ndarray:
    """(dates, venues + 1) shares by the model's kernels, after the events of each date."""
    lazy = bench(data(segments=[traders(nests=nests)]))
    lazy.state.market.attraction[:, 0] = START
    probes.settle(lazy.world, lazy.state)
    seen = {}
    for now, what, v, value in EVENTS:
        probes.relax(lazy.world, lazy.state, now)
        if what == "lever":
            probes.pull(lazy.world, lazy.state, 0, v, value)
        elif what == "jump":
            probes.jump(lazy.world, lazy.state, 0, value)
        elif what == "wave":
            probes.depart(lazy.world, lazy.state, 0, v, value)
        elif what == "strand":
            probes.strand(lazy.world, lazy.state, 0, v)
        seen[now] = probes.shares(lazy.state)[0]
    return np.array([seen[now] for now in DATES])


class Crowd:
    """N traders: where each one is, and when it will think again."""

    def __init__(self, size: int, rng: np.random.Generator, nests: dict[str, float] = NO_NESTS) -> None:
        self.rng, self.attraction, self.nests = rng, np.append(START, OUTSIDE), nests
        self.at_first = self.inclusive(lambda attraction, *_: attraction)
        self.place = self.choose(size)
        self.next = rng.exponential(1.0 / KAPPA, size)

    def inclusive(self, value: Callable[[float, float, str], float]) -> dict[str, float]:
        """Inclusive value of each nest, by `value` of what is in it, of what was at first, and of its name."""
        first = dict.fromkeys(self.nests, 0.0) if not hasattr(self, "at_first") else self.at_first
        found = {name: value(self.attraction[m:6:3].sum(), first[name], name) for m, name in enumerate(MODES)}
        return found | {"books": value(found["domestic"] + found["offshore"], first["books"], "books")}

    def choose(self, count: int) -> np.ndarray:
        """Choices as a nested logit has them: order books, a peer or nothing; home or abroad; then a venue."""
        present = self.inclusive(lambda inside, first, nest: first * (inside / first) ** self.nests[nest])
        branch = self.pick(count, [present["books"], present["otc"], OUTSIDE])
        mode = np.array([-1, 1, 3])[branch]
        books = np.flatnonzero(mode < 0)
        mode[books] = 2 * self.pick(len(books), [present["domestic"], present["offshore"]])
        place = np.full(count, len(START))
        for m in range(3):
            place[mode == m] = self.choose_within(m, int((mode == m).sum()))
        return place

    def choose_within(self, mode: int, count: int) -> np.ndarray:
        """Logit choices among the venues of a mode."""
        return mode + 3 * self.pick(count, self.attraction[mode:6:3])

    def pick(self, count: int, weights: Sequence[float] | np.ndarray) -> np.ndarray:
        """Independent draws in proportion to weights."""
        edges = np.cumsum(weights) / np.sum(weights)
        return np.minimum(np.searchsorted(edges, self.rng.random(count), side="right"), len(edges) - 1)

    def live(self, until: float) -> None:
        """Everybody whose clock rings before `until` chooses and winds it up again."""
        while len(due := np.flatnonzero(self.next <= until)):
            self.place[due] = self.choose(len(due))
            self.next[due] += self.rng.exponential(1.0 / KAPPA, len(due))

    def move(self, who: np.ndarray, fraction: float) -> None:
        """A fraction of some traders, picked one by one, chooses at once."""
        picked = who[self.rng.random(len(who)) < fraction]
        self.place[picked] = self.choose(len(picked))

    def happen(self, what: str, v: int, value: float) -> None:
        if what == "lever":
            self.attraction[v] = value
        elif what == "jump":
            self.move(np.arange(len(self.place)), value)
        elif what == "wave" and self.nests[MODES[v % 3]] < 1.0:
            users = np.flatnonzero(self.place == v)
            picked = users[self.rng.random(len(users)) < value]
            self.place[picked] = self.choose_within(v % 3, len(picked))
        elif what == "wave":
            self.move(np.flatnonzero(self.place == v), value)
        elif what == "strand":
            self.attraction[v] = 0.0
            self.place[self.place == v] = len(START)


def crowd(size: int, rng: np.random.Generator, nests: dict[str, float] = NO_NESTS) -> np.ndarray:
    """(dates, venues + 1) shares of N traders."""
    people, seen = Crowd(size, rng, nests), {}
    for now, what, v, value in EVENTS:
        people.live(now)
        people.happen(what, v, value)
        seen[now] = np.bincount(people.place, minlength=len(START) + 1) / size
    return np.array([seen[now] for now in DATES])


def test_individual_traders_converge_to_the_cohort_as_one_over_the_root_of_n():
    """20 crowds each of 100, 1,000, 10,000 and 100,000 traders.

    N shares of independent traders are multinomial around the cohort, so the mean square of (crowd - cohort) /
    sqrt(s (1 - s) / N) is 1. A mean over 20 crowds of five dates of which each is about four degrees of freedom has a
    standard error of about 0.1 (dates overlap), so 0.6 to 1.5 is four or more of them; the slope of log error on
    log N over three decades has one of 0.02.
    """
    expected, rng = cohort(), np.random.default_rng(7)
    sizes = (100, 1_000, 10_000, 100_000)
    spread = expected * (1.0 - expected)
    errors = []
    for size in sizes:
        found = np.array([crowd(size, rng) for _ in range(20)])
        square = (found - expected) ** 2
        errors.append(float(square.mean()))
        ratio = square[:, spread > 1e-4].mean(axis=0) / (spread[spread > 1e-4] / size)
        assert 0.6 < ratio.mean() < 1.5
    slope = np.polyfit(np.log(sizes), 0.5 * np.log(errors), 1)[0]
    assert abs(slope + 0.5) < 0.06


@pytest.mark.parametrize("nests", [NO_NESTS, NESTS])
def test_the_average_crowd_is_the_cohort(nests):
    """One crowd of a million: every share within 5 standard errors, at most 0.0025."""
    expected, size = cohort(nests), 1_000_000
    found = crowd(size, np.random.default_rng(8), nests)
    error = np.sqrt(expected * (1.0 - expected) / size)
    assert np.all(np.abs(found - expected) <= 5.0 * error + 1e-12)
