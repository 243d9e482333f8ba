"""The small model as objects: each exchange keeps its venues, each venue its attraction and its shares.

Plain Python, as the libraries' own examples are written; `market` and `firm` are the same with NumPy's arrays.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from tests.benchmarks.rivals import firm
from tests.benchmarks.rivals.firm import Plan, Tally
from tests.benchmarks.rivals.parameters import DOMESTIC, LEGS, STRATEGIES, Floats, Parameters, Step

MODES = range(3)
_CHOICES = [[mode for mode in MODES if row[mode]] for row in LEGS]  # modes in which a strategy runs a venue


@dataclass
class Venue:
    """A venue of an exchange in one mode; lists are by segment."""

    mode: int
    base: list[float]
    open: bool
    notice: float = 1.0
    liquidity: float = 0.0
    volume: float = 0.0
    mature: float = 0.0
    pull: list[float] = field(default_factory=list)
    share: list[float] = field(default_factory=list)


class Market:
    """Traders, books, and the law that bears on both."""

    def __init__(self, p: Parameters, rng: np.random.Generator) -> None:
        self.p, self.now = p, 0.0
        self.weight, self.switching, self.outside = p.volume.tolist(), p.switching.tolist(), p.outside.tolist()
        self.segments = range(len(self.weight))
        self.hazard, self.risk = p.hazard.tolist(), [0.0] * 3
        self.reach = [[1.0] * 3 for _ in self.segments]
        self.allowed = [True] * 3
        taste = p.taste.tolist()
        self.exchanges = [
            [Venue(m, [math.exp(brand + row[m]) for row in taste], m == DOMESTIC) for m in MODES]
            for brand in rng.normal(*p.brand, size=p.exchanges).tolist()
        ]
        self.venues = [venue for venues in self.exchanges for venue in venues]
        self._feel()
        self.refresh()
        for venue in self.venues:
            venue.share = [pull / total for pull, total in zip(venue.pull, self.total, strict=True)]
            venue.volume = venue.mature = self._volume(venue)
        self.kept = [sum(venue.volume for venue in venues) for venues in self.exchanges]  # after the last decision

    def refresh(self) -> None:
        """Attractions of all venues."""
        for venue in self.venues:
            venue.pull = self._pull(venue)
        self.total = [out + sum(venue.pull[k] for venue in self.venues) for k, out in enumerate(self.outside)]

    def _pull(self, venue: Venue) -> list[float]:
        if not venue.open:
            return [0.0 for _ in self.segments]
        quality = venue.notice * math.exp(self.p.liquidity * venue.liquidity)
        return [base * quality * felt[venue.mode] for base, felt in zip(venue.base, self.felt, strict=True)]

    def refresh_venue(self, venue: Venue) -> None:
        """Attraction of one venue."""
        pull = self._pull(venue)
        self.total = [total + new - old for total, new, old in zip(self.total, pull, venue.pull, strict=True)]
        venue.pull = pull

    def relax(self, now: float) -> None:
        """Let all shares relax until now; to be called before anything changes."""
        if now > self.now:
            self._turn_over([math.exp(-rate * (now - self.now)) for rate in self.switching])
            self.now = now

    def _turn_over(self, stay: list[float]) -> None:
        """All but a part of the traders choose anew."""
        gain = [(1.0 - part) / total for part, total in zip(stay, self.total, strict=True)]
        for venue in self.venues:
            if venue.open:
                venue.share = [
                    share * part + pull * more
                    for share, part, pull, more in zip(venue.share, stay, venue.pull, gain, strict=True)
                ]

    def _volume(self, venue: Venue) -> float:
        return sum(weight * share for weight, share in zip(self.weight, venue.share, strict=True))

    def volume_of(self, exchange: int, now: float) -> float:
        """Volume of one exchange now; touches no other."""
        stay = [math.exp(-rate * (now - self.now)) for rate in self.switching]
        return sum(
            self.weight[k] * (venue.share[k] * stay[k] + venue.pull[k] * (1.0 - stay[k]) / self.total[k])
            for venue in self.exchanges[exchange]
            if venue.open
            for k in self.segments
        )

    def depart(self, leaver: Venue) -> None:
        """A departure wave: part of a venue's users choose anew at once."""
        leaving = [self.p.wave * share for share in leaver.share]
        gain = [part / total for part, total in zip(leaving, self.total, strict=True)]
        for venue in self.venues:
            if venue.open:
                venue.share = [
                    share + pull * more for share, pull, more in zip(venue.share, venue.pull, gain, strict=True)
                ]
        leaver.share = [share - part for share, part in zip(leaver.share, leaving, strict=True)]

    def close(self, venue: Venue, now: float) -> None:
        """A venue closes; who is still there stops trading."""
        self.relax(now)
        venue.open, venue.notice, venue.volume = False, 1.0, 0.0
        venue.share = [0.0 for _ in self.segments]
        self.refresh_venue(venue)

    def take(self, step: Step, now: float) -> None:
        """A step of an intervention: expectations and frictions move, then traders take note."""
        self.relax(now)
        for m in MODES:
            self.hazard[m] *= step.hazard[m]
            self.risk[m] += step.risk if step.modes[m] else 0.0
            self.allowed[m] &= not (step.announces_end and step.modes[m])
            for k in self.segments:
                self.reach[k][m] *= step.reach[k, m]
        self._feel()
        self.refresh()
        if step.attention > 0.0:
            self._turn_over([1.0 - step.attention for _ in self.segments])

    def _feel(self) -> None:
        """What expectations and frictions amount to: factors on attraction, chance of ruin and days to live."""
        weights = self.p.risk.tolist()
        self.felt = [
            [self.reach[k][m] * math.exp(-weights[k] * self.risk[m]) for m in MODES] for k in self.segments
        ]  # fmt: skip
        self.ruin = [-math.expm1(-hazard * self.p.horizon) for hazard in self.hazard]
        self.life = [ruin / hazard for ruin, hazard in zip(self.ruin, self.hazard, strict=True)]

    def read(self, now: float) -> list[int]:
        """The weekly reading of the books; returns the exchanges that lost too much since they last decided."""
        self.relax(now)
        floor = self.p.floor
        for venue in self.venues:
            if venue.open:
                venue.volume = self._volume(venue)
                venue.liquidity = math.log((venue.volume + floor * venue.mature) / ((1.0 + floor) * venue.mature))
        self.refresh()
        left = 1.0 - self.p.loss_trigger
        return [
            number
            for number, kept in enumerate(self.kept)
            if sum(venue.volume for venue in self.exchanges[number]) < left * kept
        ]

    def by_mode(self, now: float) -> Floats:
        """(4,): shares of the traders at home by mode, and outside."""
        self.relax(now)
        shares = [sum(venues[m].share[0] for venues in self.exchanges) for m in MODES]
        return np.array([*shares, 1.0 - sum(shares)])


class Firm(firm.Firm):
    """One exchange."""

    def __init__(self, number: int, p: Parameters, market: Market, tally: Tally, rng: np.random.Generator) -> None:
        self.begin(number, p, tally, rng)
        self.market, self.venues = market, market.exchanges[number]
        self.take = p.earned.tolist()
        revenue = p.take * market.kept[number]
        self.scale = p.temperature * (p.horizon * revenue + p.constant)
        self.running, self.launch_cost, self.loss = (
            [fixed + part * revenue for fixed, part in zip(*rows.tolist(), strict=True)]
            for rows in (p.running, p.launch, p.loss)
        )
        self.lasting = [self._gumbel() + math.log1p(-p.fresh) for _ in STRATEGIES]

    def _gumbel(self) -> float:
        return -math.log(-math.log(self.rng.random()))

    def concerned(self, step: Step) -> bool:
        """Whether a measure bears on a venue that it runs or builds."""
        return not self.exited and any(step.modes[m] and (self.venues[m].open or self.building[m]) for m in MODES)

    def overdue(self, step: Step) -> list[int]:
        """Modes that end at this deadline."""
        return [venue.mode for venue in self.venues if venue.open and step.modes[venue.mode]]

    def forbidden(self) -> list[int]:
        """Modes that are known to be forbidden."""
        return [mode for mode in MODES if not self.market.allowed[mode]]

    def _pulls(self) -> list[list[float]]:
        """Attraction of its venues, by mode and segment, as it plans them."""
        market, p = self.market, self.p
        least = math.log((p.prospect + p.floor) / (1.0 + p.floor))
        pulls = []
        for venue in self.venues:
            planned = max(venue.liquidity, least) if venue.open else 0.0
            quality = math.exp(p.liquidity * planned) if market.allowed[venue.mode] else 0.0
            pulls.append(
                [base * quality * felt[venue.mode] for base, felt in zip(venue.base, market.felt, strict=True)]
            )
        return pulls

    def _rest(self) -> list[float]:
        """What attracts the segments besides its own venues."""
        own = [sum(venue.pull[k] for venue in self.venues) for k in self.market.segments]
        return [max(t - o, out) for t, o, out in zip(self.market.total, own, self.market.outside, strict=True)]

    def _expected(self, modes: list[int], pulls: list[list[float]], rest: list[float]) -> list[float]:
        """Volume in each of these modes if only its own venues changed."""
        weight = self.market.weight
        each = [weight[k] / (rest[k] + sum(pulls[m][k] for m in modes)) for k in self.market.segments]
        return [sum(part * pull for part, pull in zip(each, pulls[m], strict=True)) for m in modes]

    def _choose(self) -> int:
        market, p = self.market, self.p
        pulls, rest = self._pulls(), self._rest()
        cost = [
            market.life[m] * self.running[m]
            + market.ruin[m] * self.loss[m]
            + (0.0 if self.venues[m].open else self.launch_cost[m])
            for m in MODES
        ]
        scores = []
        for modes, lasting in zip(_CHOICES, self.lasting, strict=True):
            error = max(lasting, self._gumbel() + math.log(p.fresh))
            if not all(market.allowed[m] for m in modes):
                scores.append(-math.inf)
                continue
            volumes = self._expected(modes, pulls, rest)
            value = sum(
                market.life[m] * self.take[m] * volume - cost[m] for m, volume in zip(modes, volumes, strict=True)
            )
            scores.append(value / self.scale + error)
        return scores.index(max(scores))

    def _wind_down(self, mode: int, now: float, plan: Plan) -> None:
        """Announce the end of a venue: before the deadline if it is forbidden, after the usual notice if not."""
        venue, p = self.venues[mode], self.p
        if not venue.open or self.closing[mode] < math.inf:
            return
        forced = not self.market.allowed[mode]
        days = p.wind_down * max(0.0, p.deadline - now) if forced else p.unforced
        self.market.relax(now)
        self.closing[mode] = now + days
        venue.notice = -math.expm1(-days / p.notice_scale)
        self.market.refresh_venue(venue)
        if forced:
            self.market.depart(venue)
        plan.closings.append((mode, days))

    def _call_off(self, mode: int, now: float) -> bool:
        """Whether a venue is open; if its closing was announced, it is called off."""
        venue = self.venues[mode]
        if venue.open and self.closing[mode] < math.inf:
            self.market.relax(now)
            self.closing[mode], venue.notice = math.inf, 1.0
            self.market.refresh_venue(venue)
        return venue.open

    def _open(self, mode: int, now: float) -> None:
        """A venue opens with an empty book."""
        venue, floor = self.venues[mode], self.p.floor
        self.market.relax(now)
        if venue.mature <= 0.0:
            modes = [each.mode for each in self.venues if each.open or each is venue]
            venue.mature = self._expected(modes, self._pulls(), self._rest())[modes.index(mode)]
        venue.liquidity, venue.open = math.log(floor / (1.0 + floor)), True
        self.market.refresh_venue(venue)

    def _close(self, mode: int, now: float) -> None:
        self.market.close(self.venues[mode], now)
