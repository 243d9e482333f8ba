"""The world: what the regulator does not choose."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, NonNegativeFloat, PositiveFloat

from sim.scenario.values.base import Block, Id, Mode, Posture, Source, Strategy
from sim.scenario.values.distributions import ChoiceDist, DaysDist, FractionDist, NumberDist
from sim.scenario.values.units import Count, Day, Days, Fraction, PerDay


class Jurisdiction(Block):
    """A place with its own law: the focal one, or a host for offshore venues."""

    id: Id
    name: str | None = None
    regions: Mapping[Id, Fraction] = Field({}, description="share of the country's traders, by region")
    entry_cost: NonNegativeFloat = Field(0.0, description="money to set up an offshore venue here (volume x days)")
    tax: Fraction = Field(0.0, description="part of an offshore venue's revenue that stays here")
    hazard: PerDay = Field(0.0001, description="rate at which this host shuts a foreign venue, as first believed")
    delay: Days = Field(0.0, description="added to the lead time of a venue opened here")
    pull: float = Field(0.0, description="what makes the place attractive beside money, in units of the choice scale")
    unwelcome: Mapping[Id, Fraction] = Field({}, description="products that venues here cannot offer, and how far")
    office: Id | None = Field(None, description="licensing office that an offshore venue must pass here")
    source: Source = None


class Agency(Block):
    """A regulator with finite capacity that works off cases in a queue."""

    id: Id
    name: str | None = None
    jurisdiction: Id | None = Field(None, description="default: the focal jurisdiction")
    capacity: Count = Field(1, description="cases worked on at once")
    service: DaysDist = Field(description="days of work per case")
    source: Source = None


class Deemed(Block):
    """Permission to go on while an application waits."""

    apply_by: Day | None = Field(None, description="last day of application that earns it; default: any day")
    probability: Fraction = Field(1.0, description="part of the applicants that is given it")


class Office(Block):
    """A regulator's queue for permission."""

    id: Id
    name: str | None = None
    jurisdiction: Id | None = Field(None, description="default: the focal jurisdiction")
    officers: Count = Field(1, description="applications examined at once")
    service: DaysDist = Field(description="days of examination per application")
    approval: Fraction = Field(0.8, description="probability that an examined application is granted")
    batch: Days | None = Field(None, description="decisions are published only every so many days")
    deemed: Deemed | None = None
    patience: DaysDist | None = Field(None, description="days after which an applicant in the queue withdraws")
    source: Source = None


class VolumePath(Block):
    """A volume that changes over time for reasons outside the model."""

    points: Mapping[Day, NonNegativeFloat] = Field(min_length=1, description="date: volume")
    interpolation: Literal["step", "linear"] = "step"


class Habit(Block):
    """Adoption that is remembered: dh/dt = adopt (s - h)+ - forget (h - s)+, weight mu."""

    weight: NonNegativeFloat = 1.3
    adopt: PerDay = 0.3
    forget: PerDay = 0.004


class Skill(Block):
    """How well traders get round a friction: 0 suffers in full, 1 not at all."""

    payment: Fraction = 0.0
    access: Fraction = 0.0
    media: Fraction = 0.0


class Segment(Block):
    """A cohort of traders that chooses among venues."""

    id: Id
    name: str | None = None
    home: Id
    volume: NonNegativeFloat | VolumePath = Field(description="volume per day if all of the segment traded")
    counts: Fraction = Field(1.0, description="part of its volume that is real (liquidity ignores wash trades)")
    switching: PerDay = Field(description="rate at which a trader reconsiders")
    outside: PositiveFloat = Field(description="attraction of not trading; the domestic market starts near 1")
    taste: Mapping[Mode, float] = Field(description="log attraction of each mode; a mode not named is not used")
    liquidity: NonNegativeFloat = Field(0.3, lt=1.0, description="weight of log liquidity")
    fee: NonNegativeFloat = Field(0.0, description="weight of the fee (per unit of fee as a fraction of volume)")
    risk: NonNegativeFloat = Field(0.0, description="weight of perceived user risk")
    habit: Habit | None = None
    rails: Mapping[Id, Fraction] = Field({}, description="rails it pays through, and the part of each")
    channels: Mapping[Id, Fraction] = Field({}, description="channels by which it finds venues, and the part of each")
    needs: Mapping[Id, Fraction] = Field({}, description="services and products it needs, and how much")
    circumvention: Fraction | Skill = Field(0.0, description="skill at getting round frictions")
    attention: Fraction = Field(1.0, description="part of it that hears of an intervention's salient event")
    panic: NonNegativeFloat = Field(0.0, description="how much of a panic pulse shows in its turnover")
    derived: NonNegativeFloat = Field(0.0, description="volume added per unit of focal offshore volume")
    source: Source = None


class Exchange(Block):
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
    strategy: Strategy | Literal["latent"] = Field("domestic", description="at the start; latent: not yet there")
    options: tuple[Strategy, ...] | None = Field(
        None, description="strategies that it can take; default: decisions.options"
    )
    hosts: tuple[Id, ...] | None = Field(None, description="jurisdictions it would go to; default: all but its home")
    host: Id | None = Field(None, description="host of its offshore venue at the start")
    fixed: bool = Field(False, description="never reconsiders: an incumbent abroad, a peer-to-peer site")
    enters: Day | None = Field(None, description="opens on this day with its strategy")
    reaction: DaysDist | None = Field(None, description="lag between news and decision; default: decisions.reaction")
    agility: NumberDist = Field(1.0, validate_default=True, description="multiplies lead times; below 1 is faster")
    caution: NumberDist = Field(1.0, validate_default=True, description="multiplies the hazards it believes in")
    compliance: NumberDist = Field(1.0, validate_default=True, description="multiplies what being shut costs it")
    capital: PositiveFloat | None = Field(None, description="launch costs above this are out of reach")
    wind_down: FractionDist = Field(1.0, validate_default=True, description="part of the notice that it uses")
    local_page: FractionDist = Field(0.0, validate_default=True, description="probability of a local-language page")
    source: Source = None


class Closing(Block):
    """What happens to a venue whose end is announced."""

    notice_scale: Days = Field(640.0, description="tau: attraction x (1 - exp(-notice / tau)) until the end")
    first: Fraction = Field(0.95, description="users who leave at once when a closing is announced, while that is news")
    later: Fraction = Field(0.1, description="users who leave at once at a later announcement")
    news: Fraction = Field(0.05, description="part of the market whose end is announced before it is old news")
    minimum: Days = Field(3.0, description="shortest wind-down")
    unforced: Days = Field(7.0, description="wind-down of a venue that closes without a deadline")


class Demand(Block):
    """How attraction is formed, beside what belongs to a segment."""

    liquidity_floor: PositiveFloat = Field(0.02, description="epsilon: liquidity of an empty book, relative to mature")
    prospect: Fraction = Field(0.3, description="least liquidity, relative to mature, that an exchange plans with")
    onramp: NonNegativeFloat = Field(1.5, description="b: own OTC desk multiplies focal offshore attraction by 1 + b")
    payment_reach: Mapping[Mode, Fraction] = Field(
        {"domestic": 1.0, "otc": 1.0, "offshore": 0.5},
        description="part of a payment friction felt in each mode",
    )
    disguise: Mapping[Literal["focal", "foreign"], float] = Field(
        {"focal": 1.79, "foreign": -1.9},
        description="log attraction of a shell, against an honest offshore venue",
    )
    local_page: float = Field(0.0, description="log attraction of a local-language page to focal users, offshore")


class Cost(Block):
    """An amount of money: fixed, plus days of the exchange's reference revenue."""

    fixed: NonNegativeFloat = 0.0
    revenue_days: NonNegativeFloat = 0.0


class Running(Block):
    """What a venue costs per day."""

    fixed: NonNegativeFloat = 0.0
    of_reference: NonNegativeFloat = Field(0.0, description="part of the exchange's reference revenue")


class Economics(Block):
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


class Lead(Block):
    """Lead times from the decision to the open venue."""

    domestic: DaysDist = Field("2 weeks", validate_default=True)
    otc: DaysDist = Field({"lognormal": {"median": "48 d", "sigma": 0.35}}, validate_default=True)
    offshore: DaysDist = Field({"lognormal": {"median": "35 d", "sigma": 0.5}}, validate_default=True)
    disguised: DaysDist = Field({"lognormal": {"median": "7 d", "sigma": 0.5}}, validate_default=True)


class Decisions(Block):
    """How exchanges decide."""

    options: tuple[Strategy, ...] = (
        "domestic", "otc", "offshore", "hybrid", "disguised", "disguised+otc", "defy", "exit",
    )  # fmt: skip
    horizon: Days = Field(180.0, description="h: planning horizon")
    temperature: NonNegativeFloat = Field(0.05, description="noise, in units of h x reference revenue + constant")
    constant: PositiveFloat = Field(10.0, description="c: floor of that unit")
    fresh: Fraction = Field(0.05, description="part of the error term that is drawn anew at each occasion")
    host_temperature: PositiveFloat = Field(0.05, description="noise of the choice of host")
    review: Days = Field(90.0, description="mean time between reviews")
    reaction: DaysDist = Field({"uniform": {"low": "1 d", "high": "11 d"}}, validate_default=True)
    loss_trigger: Fraction = Field(0.5, description="loss of own volume since the last decision that forces a new one")
    economics: Economics = Economics()
    lead: Lead = Lead()


class Beliefs(Block):
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
    size: Mapping[Posture, float] = Field(
        {"domestic": 0.0, "otc": 0.5, "offshore": 0.0, "disguised": 1.0, "defy": 0.5},
        description="hazard grows with (volume / reference size) to this power",
    )


class Sites(Block):
    """Blocked sites and their return under new domains."""

    background: Count = Field(0, description="offshore sites that are not modelled as exchanges")
    return_lag: DaysDist = Field({"lognormal": {"median": "10 d", "sigma": 0.5}}, validate_default=True)
    residual: Fraction = Field(0.5, description="friction that stays under the new domain")


class Enforcement(Block):
    """What makes a venue visible, and what measures do."""

    reference_size: PositiveFloat = Field(2000.0, description="volume at which visibility is 1")
    size: NonNegativeFloat = Field(1.0, description="visibility grows with size to this power")
    local_page: PositiveFloat = Field(2.0, description="visibility factor of a local-language page")
    freeze: Days = Field(30.0, description="how long frozen accounts stay frozen")
    freeze_friction: Fraction = Field(0.8, description="payment friction of a venue whose accounts are frozen")
    recovery: Days = Field(3.0, description="lag from being hit to the next decision")
    fine: Cost = Cost(fixed=5.0)
    sites: Sites = Sites()


class Record(Block):
    """What is written down, and how often."""

    every: Days = Field(1.0, gt=0)
