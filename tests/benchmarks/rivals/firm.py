"""What an exchange of the small model knows and how it decides, with NumPy's arrays.

Each library brings its own agents and calendar; `Firm` is the economics that all of them would write alike.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from tests.benchmarks.rivals.market import Market
from tests.benchmarks.rivals.outcome import Outcome
from tests.benchmarks.rivals.parameters import EXIT, LEGS, STRATEGIES, Floats, Parameters, Step


@dataclass
class Tally:
    """What has happened in a run so far."""

    decisions: int = 0
    launches: int = 0
    closures: int = 0
    shares: list[Floats] = field(default_factory=list)


@dataclass
class Plan:
    """What an exchange sets going: modes and the days that they take."""

    launches: list[tuple[int, float]] = field(default_factory=list)
    closings: list[tuple[int, float]] = field(default_factory=list)


class Firm:
    """One exchange."""

    def __init__(self, number: int, p: Parameters, market: Market, tally: Tally, rng: np.random.Generator) -> None:
        self.begin(number, p, tally, rng)
        self.market = market
        revenue = p.take * market.kept[number]
        self.scale = p.temperature * (p.horizon * revenue + p.constant)
        self.running, self.launch_cost, self.loss = (row[0] + row[1] * revenue for row in (p.running, p.launch, p.loss))
        self.lasting = rng.gumbel(size=len(STRATEGIES)) + math.log1p(-p.fresh)

    def begin(self, number: int, p: Parameters, tally: Tally, rng: np.random.Generator) -> None:
        """What it knows whatever its market is made of."""
        self.number, self.p, self.tally, self.rng = number, p, tally, rng
        self.strategy = 0
        self.closing = [math.inf] * 3
        self.building = [False] * 3
        self.launching, self.pending = 0, False

    @property
    def exited(self) -> bool:
        """Whether it has given up; it never comes back."""
        return self.strategy == EXIT

    @property
    def free(self) -> bool:
        """Whether it can decide."""
        return not self.exited and self.launching == 0

    def concerned(self, step: Step) -> bool:
        """Whether a measure bears on a venue that it runs or builds."""
        there = self.market.open[self.number] | self.building
        return not self.exited and bool((there & step.modes).any())

    def overdue(self, step: Step) -> list[int]:
        """Modes that end at this deadline."""
        return np.flatnonzero(self.market.open[self.number] & step.modes).tolist()

    def think(self, now: float, review: bool = False) -> Plan:
        """Decide and act, or, in the middle of a launch, announce what must end and put the rest off."""
        plan = Plan()
        if self.free:
            self.tally.decisions += 1
            self._adopt(self._choose(), now, plan)
            self.market.kept[self.number] = self.market.volume_of(self.number, now)
        elif self.launching and not review:
            self.pending = True
            for mode in self.forbidden():
                self._wind_down(mode, now, plan)
        return plan

    def forbidden(self) -> list[int]:
        """Modes that are known to be forbidden."""
        return np.flatnonzero(self.market.allowed == 0.0).tolist()

    def _pulls(self) -> Floats:
        """(K, 3): attraction of its venues as it plans them."""
        market, f = self.market, self.number
        least = math.log((self.p.prospect + self.p.floor) / (1.0 + self.p.floor))
        planned = np.where(market.open[f], np.maximum(market.liquidity[f], least), 0.0)
        return market.base[f] * np.exp(self.p.liquidity * planned) * market.felt * market.allowed

    def _volumes(self, legs: Floats) -> Floats:
        """(S, 3): volume by mode if only its own venues changed, for S combinations of venues (S, 3)."""
        market, p = self.market, self.p
        pulls = legs[:, None, :] * self._pulls()
        rest = np.maximum(market.total - market.attraction[self.number].sum(axis=1), p.outside)
        shares = pulls / (rest + pulls.sum(axis=2))[:, :, None]
        return np.einsum("skm,k->sm", shares, p.volume)

    def _choose(self) -> int:
        market, p = self.market, self.p
        launch = np.where(market.open[self.number], 0.0, self.launch_cost)
        cost = market.life * self.running + market.ruin * self.loss + launch
        value = self._volumes(LEGS) @ (market.life * p.earned) - LEGS @ cost
        error = np.maximum(self.lasting, self.rng.gumbel(size=len(STRATEGIES)) + math.log(p.fresh))
        score = value / self.scale + error
        score[LEGS @ (1.0 - market.allowed) > 0.0] = -np.inf
        return int(np.argmax(score))

    def _adopt(self, strategy: int, now: float, plan: Plan) -> None:
        self.strategy = strategy
        for mode in range(3):
            if LEGS[strategy, mode]:
                self._want(mode, now, plan)
            else:
                self._wind_down(mode, now, plan)

    def _wind_down(self, mode: int, now: float, plan: Plan) -> None:
        """Announce the end of a venue: before the deadline if it is forbidden, after the usual notice if not."""
        market, f, p = self.market, self.number, self.p
        if not market.open[f, mode] or self.closing[mode] < math.inf:
            return
        forced = not market.allowed[mode]
        days = p.wind_down * max(0.0, p.deadline - now) if forced else p.unforced
        market.relax(now)
        self.closing[mode] = now + days
        market.notice[f, mode] = -math.expm1(-days / p.notice_scale)
        market.refresh_firm(f)
        if forced:
            market.depart(f, mode)
        plan.closings.append((mode, days))

    def _want(self, mode: int, now: float, plan: Plan) -> None:
        """Keep a venue, call off its closing, or start to build it."""
        if self._call_off(mode, now):
            return
        mu, sigma, delay = self.p.lead[:, mode]
        self.building[mode] = True
        self.launching += 1
        plan.launches.append((mode, self.rng.lognormal(mu, sigma) + delay))

    def _call_off(self, mode: int, now: float) -> bool:
        """Whether a venue is open; if its closing was announced, it is called off."""
        market, f = self.market, self.number
        if market.open[f, mode] and self.closing[mode] < math.inf:
            market.relax(now)
            self.closing[mode] = math.inf
            market.notice[f, mode] = 1.0
            market.refresh_firm(f)
        return bool(market.open[f, mode])

    def open_venue(self, mode: int, now: float) -> bool:
        """A venue that was built opens; True if the exchange has a thought to take up."""
        self._open(mode, now)
        self.tally.launches += 1
        self.building[mode] = False
        self.launching -= 1
        due = self.pending and self.launching == 0
        self.pending = self.pending and not due
        return due

    def _open(self, mode: int, now: float) -> None:
        """A venue opens with an empty book."""
        market, f, floor = self.market, self.number, self.p.floor
        market.relax(now)
        if market.mature[f, mode] <= 0.0:
            legs = market.open[f].astype(float)
            legs[mode] = 1.0
            market.mature[f, mode] = self._volumes(legs[None])[0, mode]
        market.liquidity[f, mode] = math.log(floor / (1.0 + floor))
        market.open[f, mode] = True
        market.refresh_firm(f)

    def close_venue(self, mode: int, now: float) -> None:
        """The last day of a venue."""
        self._close(mode, now)
        self.closing[mode] = math.inf
        self.tally.closures += 1

    def _close(self, mode: int, now: float) -> None:
        self.market.close(self.number, mode, now)


def outcome_of(firms: list[Firm], tally: Tally) -> Outcome:
    """What a run of a rival comes to."""
    last = [firm.strategy for firm in firms]
    counts = tuple(last.count(s) for s in range(len(STRATEGIES)))
    return Outcome(np.array(tally.shares), counts, tally.decisions, tally.launches, tally.closures)
