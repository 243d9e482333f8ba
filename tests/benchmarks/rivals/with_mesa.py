"""The small model in Mesa: agents that are stepped once a day."""

from __future__ import annotations

import mesa
import numpy as np

from tests.benchmarks.rivals.daily import Diary
from tests.benchmarks.rivals.firm import Tally, outcome_of
from tests.benchmarks.rivals.outcome import Outcome
from tests.benchmarks.rivals.parameters import DAYS, RECORDS, Parameters, Step
from tests.benchmarks.rivals.parts import ARRAYS, OBJECTS, Parts


class Exchange(mesa.Agent):
    """An exchange."""

    def __init__(self, model: Country, number: int) -> None:
        super().__init__(model)
        self.firm = model.parts.firm(number, model.p, model.market, model.tally, model.rng)
        self.diary = Diary(self.firm)

    def step(self) -> None:
        self.diary.live(self.model.steps)


class Country(mesa.Model):
    """The market, the exchanges, and the measures."""

    def __init__(self, p: Parameters, rng: np.random.Generator, parts: Parts) -> None:
        super().__init__(rng=rng)
        self.p, self.parts, self.market, self.tally = p, parts, parts.market(p, self.rng), Tally()
        self.exchanges = [Exchange(self, number) for number in range(p.exchanges)]
        self.tally.shares.append(self.market.by_mode(0))

    def step(self) -> None:
        today = self.steps
        self.market.relax(today)
        for step in self.p.steps:
            if step.day == today:
                self.regulate(step)
        if today % 7 == 0:
            for loser in self.market.read(today):
                if self.exchanges[loser].firm.free:
                    self.exchanges[loser].diary.think(today)
        self.agents.shuffle_do("step")
        if today in RECORDS:
            self.tally.shares.append(self.market.by_mode(today))

    def regulate(self, step: Step) -> None:
        self.market.take(step, self.steps)
        for exchange in self.exchanges:
            if step.ends:
                for mode in exchange.firm.overdue(step):
                    exchange.firm.close_venue(mode, self.steps)
                    exchange.diary.think_after(self.steps, self.p.recovery)
            if step.reacts and exchange.firm.concerned(step):
                exchange.diary.think_after(self.steps, self.rng.exponential(self.p.reaction))


def run(p: Parameters, seed: int, replication: int, parts: Parts = OBJECTS) -> Outcome:
    """One run."""
    country = Country(p, np.random.default_rng([seed, replication]), parts)
    for _ in range(DAYS):
        country.step()
    return outcome_of([exchange.firm for exchange in country.exchanges], country.tally)


def run_arrays(p: Parameters, seed: int, replication: int) -> Outcome:
    """One run, shares in arrays."""
    return run(p, seed, replication, ARRAYS)
