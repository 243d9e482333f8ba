"""The small model in AgentPy: agents that are stepped once a day."""

from __future__ import annotations

import agentpy as ap
import numpy as np

from tests.benchmarks.rivals.daily import Diary
from tests.benchmarks.rivals.firm import Tally, outcome_of
from tests.benchmarks.rivals.outcome import Outcome
from tests.benchmarks.rivals.parameters import DAYS, RECORDS, Parameters, Step
from tests.benchmarks.rivals.parts import ARRAYS, OBJECTS, Parts


class Exchange(ap.Agent):
    """An exchange."""

    def setup(self, firms: ap.AttrIter) -> None:
        self.firm = firms
        self.diary = Diary(self.firm)

    def live(self) -> None:
        self.diary.live(self.model.t)


class Country(ap.Model):
    """The market, the exchanges, and the measures."""

    def setup(self) -> None:
        small, rng = self.p.small, self.nprandom
        self.market, self.tally = self.p.parts.market(small, rng), Tally()
        firms = [self.p.parts.firm(n, small, self.market, self.tally, rng) for n in range(small.exchanges)]
        self.exchanges = ap.AgentList(self, small.exchanges, Exchange, firms=ap.AttrIter(firms))
        self.tally.shares.append(self.market.by_mode(0))

    def step(self) -> None:
        self.market.relax(self.t)
        for step in self.p.small.steps:
            if step.day == self.t:
                self.regulate(step)
        if self.t % 7 == 0:
            for loser in self.market.read(self.t):
                if self.exchanges[loser].firm.free:
                    self.exchanges[loser].diary.think(self.t)
        self.exchanges.live()
        if self.t in RECORDS:
            self.tally.shares.append(self.market.by_mode(self.t))

    def regulate(self, step: Step) -> None:
        self.market.take(step, self.t)
        for exchange in self.exchanges:
            if step.ends:
                for mode in exchange.firm.overdue(step):
                    exchange.firm.close_venue(mode, self.t)
                    exchange.diary.think_after(self.t, self.p.small.recovery)
            if step.reacts and exchange.firm.concerned(step):
                exchange.diary.think_after(self.t, self.nprandom.exponential(self.p.small.reaction))


def run(p: Parameters, seed: int, replication: int, parts: Parts = OBJECTS) -> Outcome:
    """One run."""
    country = Country({"small": p, "parts": parts, "steps": DAYS})
    country.run(seed=int(np.random.SeedSequence([seed, replication]).generate_state(1)[0]), display=False)
    return outcome_of([exchange.firm for exchange in country.exchanges], country.tally)


def run_arrays(p: Parameters, seed: int, replication: int) -> Outcome:
    """One run, shares in arrays."""
    return run(p, seed, replication, ARRAYS)
