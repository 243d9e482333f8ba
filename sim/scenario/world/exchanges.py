"""Exchanges: who they are, how venues close, and how exchanges decide, earn and learn."""

from collections.abc import Mapping

from pydantic import Field, NonNegativeFloat, PositiveFloat

from sim.scenario.values.base import FileBlock, Id, Source
from sim.scenario.values.distributions import ChoiceDist, DaysDist, FractionDist, NumberDist
from sim.scenario.values.units import Count, Day, Days, Fraction, Interval, PerDay
from sim.scenario.world.strategies import FirstStrategy, Mode, Posture, Strategy


class Exchange(FileBlock):
    """A firm that runs venues, or a group of like firms with drawn attributes."""

    id: Id | None = None
    group: Id | None = Field(None, description="instead of id: members are called group-01, group-02 ...")
    count: Count = 1
    name: str | None = None
    home: Id
    region: ChoiceDist | None = Field(None, description="region of its home")
    share: PositiveFloat | None = Field(None, description="attraction at the start; the domestic market sums to 1")
    brand: NumberDist | None = Field(None, description="instead of share: its natural logarithm")
    audience: Mapping[Id, float | None] = Field({}, description="log attraction added for a segment; null: not served")
    offers: tuple[Id, ...] = Field((), description="products that it lists; a product nobody lists is offered by all")
    strategy: FirstStrategy = Field("domestic", description="at the start; latent: not yet there")
    options: tuple[Strategy, ...] | None = Field(
        None, description="strategies that it can take; default: decisions.options"
    )
    hosts: tuple[Id, ...] | None = Field(None, description="jurisdictions it would go to; default: all but the focal")
    host: Id | None = Field(None, description="host of its offshore venue at the start")
    fixed: bool = Field(False, description="never reconsiders: an incumbent abroad, a peer-to-peer site")
    enters: Day | None = Field(None, description="opens on this day with its strategy")
    reaction: DaysDist | None = Field(None, description="lag between news and decision; default: decisions.reaction")
    lead_time_factor: NumberDist = Field(
        1.0, validate_default=True, description="multiplies lead times; above 1 is slower"
    )
    caution: NumberDist = Field(1.0, validate_default=True, description="multiplies the hazards it believes in")
    sanction_weight: NumberDist = Field(1.0, validate_default=True, description="multiplies what being shut costs it")
    capital: PositiveFloat | None = Field(None, description="launch costs above this are out of reach")
    notice_used: FractionDist = Field(1.0, validate_default=True, description="part of the notice that it uses")
    local_page: FractionDist = Field(0.0, validate_default=True, description="probability of a local-language page")
    source: Source = None


def member_ids(group: str, count: int) -> list[str]:
    """Ids of the members of a group: `small-01`, `small-02` and so on."""
    width = max(2, len(str(count)))
    return [f"{group}-{number:0{width}d}" for number in range(1, count + 1)]


class Closing(FileBlock):
    """What happens to a venue whose end is announced."""

    notice_scale: Days = Field(640.0, description="tau: attraction x (1 - exp(-notice / tau)) until the end")
    first: Fraction = Field(0.95, description="users who leave at once when a closing is announced, while that is news")
    later: Fraction = Field(0.1, description="users who leave at once at a later announcement")
    news: Fraction = Field(0.05, description="part of the market whose end is announced before it is old news")
    minimum: Days = Field(3.0, description="shortest wind-down")
    unforced: Days = Field(7.0, description="wind-down of a venue that closes without a deadline")


class Cost(FileBlock):
    """An amount of money: fixed, plus days of the exchange's reference revenue."""

    fixed: NonNegativeFloat = 0.0
    revenue_days: NonNegativeFloat = 0.0


class Running(FileBlock):
    """What a venue costs per day."""

    fixed: NonNegativeFloat = 0.0
    of_reference: NonNegativeFloat = Field(0.0, description="part of the exchange's reference revenue")


class Economics(FileBlock):
    """What venues earn and cost. Money is volume x days: 1 = one unit of daily volume."""

    take: Mapping[Mode, Fraction] = {"domestic": 0.004, "otc": 0.006, "offshore": 0.0016}
    running: Mapping[Posture, Running] = {
        "domestic": Running(fixed=0.05, of_reference=0.1),
        "defy": Running(fixed=0.05, of_reference=0.1),
        "otc": Running(fixed=0.03, of_reference=0.01),
        "offshore": Running(fixed=1.0, of_reference=0.15),
        "disguised": Running(fixed=0.1, of_reference=0.1),
    }
    launch: Mapping[Posture, Cost] = {
        "otc": Cost(fixed=1.5),
        "offshore": Cost(fixed=60.0, revenue_days=20.0),
        "disguised": Cost(fixed=4.0),
    }
    loss: Mapping[Posture, Cost] = {
        "domestic": Cost(),
        "defy": Cost(fixed=20.0, revenue_days=90.0),
        "otc": Cost(fixed=3.0),
        "offshore": Cost(),
        "disguised": Cost(fixed=20.0, revenue_days=90.0),
    }
    exit: Cost = Cost()


class Lead(FileBlock):
    """Lead times from the decision to the open venue."""

    domestic: DaysDist = Field("2 weeks", validate_default=True)
    otc: DaysDist = Field({"lognormal": {"median": "48 d", "sigma": 0.35}}, validate_default=True)
    offshore: DaysDist = Field({"lognormal": {"median": "35 d", "sigma": 0.5}}, validate_default=True)
    disguised: DaysDist = Field({"lognormal": {"median": "7 d", "sigma": 0.5}}, validate_default=True)


class Decisions(FileBlock):
    """How exchanges decide."""

    options: tuple[Strategy, ...] = (
        "domestic", "otc", "offshore", "hybrid", "disguised", "disguised+otc", "defy", "exit",
    )  # fmt: skip
    horizon: Days = Field(180.0, description="h: planning horizon")
    temperature: NonNegativeFloat = Field(0.05, description="noise, in units of h x reference revenue + constant")
    constant: PositiveFloat = Field(10.0, description="c: floor of that unit")
    fresh: Fraction = Field(0.05, description="part of the error term that is drawn anew at each occasion")
    host_temperature: PositiveFloat = Field(0.05, description="noise of the choice of host")
    review: Interval = Field(90.0, description="mean time between reviews")
    reaction: DaysDist = Field({"uniform": {"low": "1 d", "high": "11 d"}}, validate_default=True)
    loss_trigger: Fraction = Field(0.5, description="loss of own volume since the last decision that forces a new one")
    economics: Economics = Economics()
    lead: Lead = Lead()


class Beliefs(FileBlock):
    """Gamma-Poisson belief of the hazard of being shut, by posture."""

    prior: Mapping[Posture, PerDay] = Field(
        {
            "domestic": "0.00005 /d",
            "otc": "0.0003 /d",
            "offshore": "0.0001 /d",
            "disguised": "0.004 /d",
            "defy": "0.2 /d",
        },
        validate_default=True,
    )
    weight: Days = Field(2000.0, description="venue-days of exposure that the prior is worth")
    forgetting: PerDay = Field("1 /y", validate_default=True, description="rate at which what was seen is discounted")
    size_exponent: Mapping[Posture, float] = Field(
        {"domestic": 0.0, "otc": 0.5, "offshore": 0.0, "disguised": 1.0, "defy": 0.5},
        description="hazard grows with (volume / reference size) to this power",
    )
