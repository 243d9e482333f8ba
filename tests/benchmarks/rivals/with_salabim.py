"""The small model in salabim: components that hold, one per exchange and per thing it has begun."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np
import salabim as sim

from tests.benchmarks.rivals.firm import Firm, Tally, outcome_of
from tests.benchmarks.rivals.market import Market
from tests.benchmarks.rivals.outcome import Outcome
from tests.benchmarks.rivals.parameters import DAYS, RECORDS, Parameters, Step
from tests.benchmarks.rivals.parts import ARRAYS, OBJECTS, Parts

Process = Generator[Any, None, None]


class Exchange(sim.Component):
    """An exchange that reviews its strategy now and then."""

    def setup(self, firm: Firm) -> None:
        self.firm = firm

    def process(self) -> Process:
        while not self.firm.exited:
            yield self.hold(self.firm.rng.exponential(self.firm.p.review))
            self.think(review=True)

    def think(self, review: bool = False) -> None:
        plan = self.firm.think(self.env.now(), review)
        for mode, days in plan.launches:
            Launch(exchange=self, slot=mode, days=days)
        for mode, days in plan.closings:
            WindDown(exchange=self, slot=mode, days=days)


class Thought(sim.Component):
    """A reaction that takes its time."""

    def setup(self, exchange: Exchange, days: float) -> None:
        self.exchange, self.days = exchange, days

    def process(self) -> Process:
        yield self.hold(self.days)
        self.exchange.think()


class Launch(sim.Component):
    """A venue under construction."""

    def setup(self, exchange: Exchange, slot: int, days: float) -> None:
        self.exchange, self.slot, self.days = exchange, slot, days

    def process(self) -> Process:
        yield self.hold(self.days)
        if self.exchange.firm.open_venue(self.slot, self.env.now()):
            self.exchange.think()


class WindDown(sim.Component):
    """A venue whose end has been announced."""

    def setup(self, exchange: Exchange, slot: int, days: float) -> None:
        self.exchange, self.slot, self.days = exchange, slot, days

    def process(self) -> Process:
        yield self.hold(self.days)
        if self.exchange.firm.closing[self.slot] == self.env.now():  # else it was called off
            self.exchange.firm.close_venue(self.slot, self.env.now())


class Regulator(sim.Component):
    """Whoever issues the measures."""

    def setup(self, market: Market, exchanges: list[Exchange], rng: np.random.Generator) -> None:
        self.market, self.exchanges, self.rng = market, exchanges, rng

    def process(self) -> Process:
        p = self.market.p
        for step in p.steps:
            yield self.hold(till=step.day)
            self.market.take(step, self.env.now())
            if step.ends:
                self.shut(step)
            if step.reacts:
                for exchange in self.exchanges:
                    if exchange.firm.concerned(step):
                        Thought(exchange=exchange, days=self.rng.exponential(p.reaction))

    def shut(self, step: Step) -> None:
        for exchange in self.exchanges:
            for mode in exchange.firm.overdue(step):
                exchange.firm.close_venue(mode, self.env.now())
                Thought(exchange=exchange, days=self.market.p.recovery)


class Weeks(sim.Component):
    """The weekly reading of the books."""

    def setup(self, market: Market, exchanges: list[Exchange]) -> None:
        self.market, self.exchanges = market, exchanges

    def process(self) -> Process:
        while True:
            yield self.hold(7)
            for loser in self.market.read(self.env.now()):
                if self.exchanges[loser].firm.free:
                    self.exchanges[loser].think()


class Recorder(sim.Component):
    """Whoever writes down the shares."""

    def setup(self, market: Market, tally: Tally) -> None:
        self.market, self.tally = market, tally

    def process(self) -> Process:
        for day in RECORDS:
            yield self.hold(till=day)
            self.tally.shares.append(self.market.by_mode(self.env.now()))


def run(p: Parameters, seed: int, replication: int, parts: Parts = OBJECTS) -> Outcome:
    """One run."""
    env = sim.Environment(trace=False, yieldless=False)
    rng = np.random.default_rng([seed, replication])
    market, tally = parts.market(p, rng), Tally()
    firms = [parts.firm(n, p, market, tally, rng) for n in range(p.exchanges)]
    exchanges = [Exchange(firm=firm) for firm in firms]
    Regulator(market=market, exchanges=exchanges, rng=rng)
    Weeks(market=market, exchanges=exchanges)
    Recorder(market=market, tally=tally)
    env.run(till=DAYS + 0.01)  # what falls on the last day still happens
    return outcome_of(firms, tally)


def run_arrays(p: Parameters, seed: int, replication: int) -> Outcome:
    """One run, shares in arrays."""
    return run(p, seed, replication, ARRAYS)
