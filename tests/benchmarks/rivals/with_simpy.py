"""The small model in SimPy: a process per exchange and per thing it has begun, a regulator, and a market."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
import simpy

from tests.benchmarks.rivals.firm import Firm, Tally, outcome_of
from tests.benchmarks.rivals.outcome import Outcome
from tests.benchmarks.rivals.parameters import DAYS, RECORDS, Parameters, Step
from tests.benchmarks.rivals.parts import ARRAYS, OBJECTS, Parts

Process = Generator[simpy.Event, None, None]


class Exchange:
    """An exchange that reviews its strategy now and then."""

    def __init__(self, env: simpy.Environment, firm: Firm) -> None:
        self.env, self.firm = env, firm
        env.process(self.reviews())

    def reviews(self) -> Process:
        while not self.firm.exited:
            yield self.env.timeout(self.firm.rng.exponential(self.firm.p.review))
            self.think(review=True)

    def think(self, review: bool = False) -> None:
        plan = self.firm.think(self.env.now, review)
        for mode, days in plan.launches:
            self.env.process(self.launch(mode, days))
        for mode, days in plan.closings:
            self.env.process(self.wind_down(mode, days))

    def think_later(self, days: float) -> Process:
        yield self.env.timeout(days)
        self.think()

    def launch(self, mode: int, days: float) -> Process:
        yield self.env.timeout(days)
        if self.firm.open_venue(mode, self.env.now):
            self.think()

    def wind_down(self, mode: int, days: float) -> Process:
        yield self.env.timeout(days)
        if self.firm.closing[mode] == self.env.now:  # else it was called off
            self.firm.close_venue(mode, self.env.now)


class Country:
    """One run: the market, the exchanges, and those who watch and rule them."""

    def __init__(self, p: Parameters, rng: np.random.Generator, parts: Parts) -> None:
        self.env, self.p, self.rng = simpy.Environment(), p, rng
        self.market, self.tally = parts.market(p, rng), Tally()
        self.exchanges = [
            Exchange(self.env, parts.firm(n, p, self.market, self.tally, rng)) for n in range(p.exchanges)
        ]  # fmt: skip
        self.env.process(self.regulator())
        self.env.process(self.weeks())
        self.env.process(self.recorder())

    def regulator(self) -> Process:
        for step in self.p.steps:
            yield self.env.timeout(step.day - self.env.now)
            self.market.take(step, self.env.now)
            if step.ends:
                self.shut(step)
            if step.reacts:
                for exchange in self.exchanges:
                    if exchange.firm.concerned(step):
                        self.env.process(exchange.think_later(self.rng.exponential(self.p.reaction)))

    def shut(self, step: Step) -> None:
        for exchange in self.exchanges:
            for mode in exchange.firm.overdue(step):
                exchange.firm.close_venue(mode, self.env.now)
                self.env.process(exchange.think_later(self.p.recovery))

    def weeks(self) -> Process:
        while True:
            yield self.env.timeout(7)
            for loser in self.market.read(self.env.now):
                if self.exchanges[loser].firm.free:
                    self.exchanges[loser].think()

    def recorder(self) -> Process:
        for day in RECORDS:
            yield self.env.timeout(day - self.env.now)
            self.tally.shares.append(self.market.by_mode(self.env.now))


def run(p: Parameters, seed: int, replication: int, parts: Parts = OBJECTS) -> Outcome:
    """One run."""
    country = Country(p, np.random.default_rng([seed, replication]), parts)
    country.env.run(until=DAYS + 0.01)  # what falls on the last day still happens
    return outcome_of([exchange.firm for exchange in country.exchanges], country.tally)


def run_arrays(p: Parameters, seed: int, replication: int) -> Outcome:
    """One run, shares in arrays."""
    return run(p, seed, replication, ARRAYS)
