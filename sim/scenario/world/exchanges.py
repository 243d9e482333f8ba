"""Exchanges: who they are, how venues close, and how exchanges decide, earn and learn."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, NonNegativeFloat, PositiveFloat

from sim.scenario.values.base import EACH_ONCE, FileBlock, Id, Ids, Name, Source
from sim.scenario.values.calendar import Day
from sim.scenario.values.distributions import ChoiceDist, DaysDist, FractionDist, NumberDist
from sim.scenario.values.units import Count, Days, Fraction, Interval, Money, PerDay, PositiveMoney
from sim.scenario.world.strategies import FirstStrategy, Mode, Permit, Posture, Strategy


class Exchange(FileBlock):
    """A firm that runs venues, or a group of like firms with drawn attributes."""

    id: Id | None = Field(None, description="short name, unique in its block")
    group: Id | None = Field(None, description="instead of id: members are called group-01, group-02 ...")
    count: Count = Field(1, description="how many members a group has")
    name: Name | None = Field(None, description="what figures and tables call it; default: its id")
    home: Id = Field(description="jurisdiction in which it is at home")
    region: ChoiceDist | None = Field(None, description="region of its home")
    share: PositiveFloat | None = Field(None, description="attraction at the start; the domestic market sums to 1")
    brand: NumberDist | None = Field(None, description="instead of share: its natural logarithm")
    audience: Mapping[Id, float | None] = Field({}, description="log attraction added for a segment; null: not served")
    awareness: Fraction = Field(
        1.0,
        description="part of foreign users who know it before it opens abroad (demand.awareness_growth); default: all",
    )
    offers: Ids = Field((), description="products that it lists; a product nobody lists is offered by all")
    strategy: FirstStrategy = Field("domestic", description="at the start (default: domestic); latent: not yet there")
    options: Annotated[tuple[Strategy, ...], *EACH_ONCE] | None = Field(
        None, description="strategies that it can take; default: decisions.options"
    )
    hosts: Ids | None = Field(None, description="jurisdictions it would go to; default: all but the focal")
    host: Id | None = Field(None, description="host of its offshore venue at the start")
    fixed: bool = Field(False, description="never reconsiders: an incumbent abroad, a peer-to-peer site")
    enters: Day | None = Field(None, description="opens on this day with its strategy")
    reaction: DaysDist | None = Field(None, description="lag between news and decision; default: decisions.reaction")
    lead_time_factor: NumberDist = Field(
        1.0, validate_default=True, description="multiplies lead times; above 1 is slower"
    )
    caution: NumberDist = Field(1.0, validate_default=True, description="multiplies the hazards it believes in")
    sanction_weight: NumberDist = Field(1.0, validate_default=True, description="multiplies what being shut costs it")
    licensed: Annotated[tuple[Permit, ...], *EACH_ONCE] = Field(
        (), description="modes whose licence it holds at the start; `serving`: that to serve focal users from abroad"
    )
    compliance: FractionDist = Field(
        1.0,
        validate_default=True,
        description=(
            "probability that abroad it turns focal users away where their law says so, which nobody enforces there; if"
            " not, its sites can be blocked; default: it obeys"
        ),
    )
    exposure: Fraction | None = Field(
        None,
        description=(
            "how far focal regulators reach its people, banks and owners while it runs something at home; default: all"
            " the way if that is its home, else not at all"
        ),
    )
    capital: PositiveMoney | None = Field(None, description="launch costs above this are out of reach")
    notice_used: FractionDist = Field(1.0, validate_default=True, description="part of the notice that it uses")
    local_page: FractionDist = Field(0.0, validate_default=True, description="probability of a local-language page")
    source: Source = None

    @property
    def called(self) -> str:
        """What other parts of a file call it: its id, or that of the group."""
        return str(self.id or self.group)

    @property
    def ids(self) -> list[str]:
        """Ids of the exchanges that it stands for: its own, or those of the members of a group."""
        return [self.called] if self.group is None else member_ids(self.group, self.count)


def member_ids(group: str, count: int) -> list[str]:
    """Ids of the members of a group: `small-01`, `small-02` and so on."""
    width = max(2, len(str(count)))
    return [f"{group}-{number:0{width}d}" for number in range(1, count + 1)]


class Applicants(FileBlock):
    """How applicants for a licence answer to what is done in their sight; unless told, they do not."""

    giving_up: PerDay = Field(
        0.0, description="rate at which applicants withdraw, waiting or examined, without any acts; default: never"
    )
    per_act: PositiveFloat = Field(1.0, description="factor on that rate for each act that applicants see")
    act_fading: PerDay = Field(0.0, description="rate at which acts are forgotten; default: never")


class Closing(FileBlock):
    """What happens to a venue whose end is announced; unless told, its users stay to the end."""

    notice_scale: Days = Field(
        0.0,
        description="tau: attraction x (1 - exp(-notice / tau)) until the end; default: a notice drives nobody away",
    )
    first: Fraction = Field(
        0.0, description="users who leave at once when a closing is announced, while that is news; default: none"
    )
    later: Fraction = Field(0.0, description="users who leave at once at a later announcement; default: none")
    news: Fraction = Field(
        0.0, description="part of the market whose end is announced before it is old news; default: the first end alone"
    )
    notice: DaysDist | None = Field(
        None, description="how long before licences are due an end is announced; default: as soon as it is decided"
    )
    minimum: Days = Field(0.0, description="shortest wind-down; default: none")
    unforced: Days = Field(
        0.0, description="wind-down of a venue that closes without a deadline; default: it closes at once"
    )


class Cost(FileBlock):
    """An amount of money: fixed, plus days of the exchange's reference revenue."""

    fixed: Money = 0.0
    revenue_days: NonNegativeFloat = Field(0.0, description="days of the exchange's revenue on the first day")


class Running(FileBlock):
    """What a venue costs per day."""

    fixed: Money = 0.0
    of_reference: NonNegativeFloat = Field(0.0, description="part of the exchange's reference revenue")


class Economics(FileBlock):
    """What venues earn and cost; a cost that is not stated is none. Money is volume x days: 1 is a unit of volume."""

    take: Mapping[Mode, Fraction] = Field(
        {"domestic": 0.002, "otc": 0.002, "offshore": 0.002},
        description="revenue per unit of volume; default: the same in every mode, 0.2 % being a usual fee (prior)",
    )
    running: Mapping[Posture, Running] = Field({}, description="cost per day of a venue")
    launch: Mapping[Posture, Cost] = Field({}, description="cost of opening a venue")
    loss: Mapping[Posture, Cost] = Field({}, description="what is lost when a venue is shut, beside its earnings")
    exit: Cost = Field(Cost(), description="cost of closing a venue")


class Lead(FileBlock):
    """Lead times from the decision to the open venue; one that is not stated is none."""

    domestic: DaysDist = Field("0 d", validate_default=True, description="time to open a book at home")
    otc: DaysDist = Field("0 d", validate_default=True, description="time to open a desk for peer-to-peer trade")
    offshore: DaysDist = Field("0 d", validate_default=True, description="time to open a book abroad")
    disguised: DaysDist = Field("0 d", validate_default=True, description="time to set up a shell abroad")


class Decisions(FileBlock):
    """How exchanges decide."""

    options: Annotated[tuple[Strategy, ...], *EACH_ONCE] = Field(
        ("domestic", "otc", "offshore", "hybrid", "disguised", "disguised+otc", "defy", "exit"),
        description="strategies open to exchanges; default: to stay at home, and each way out",
    )
    horizon: Days = Field(365.0, description="h: planning horizon; default: a year")
    temperature: NonNegativeFloat = Field(
        0.05, description="noise, in units of h x reference revenue + constant; default: a twentieth (prior)"
    )
    constant: Money = Field(0.0, description="c: floor of that unit; default: none, all is relative to own revenue")
    fresh: Fraction = Field(
        0.05, description="part of the error term that is drawn anew at each occasion; default: a twentieth (prior)"
    )
    host_temperature: PositiveFloat = Field(0.05, description="noise of the choice of host; default: as temperature")
    review: Interval = Field(90.0, description="mean time between reviews; default: a quarter")
    reaction: DaysDist = Field(
        {"uniform": {"low": "0 d", "high": "7 d"}},
        validate_default=True,
        description="lag between news and decision; default: within a week, so that not all decide in one instant",
    )
    loss_trigger: Fraction = Field(
        0.5, description="loss of own volume since the last decision that forces a new one; default: half"
    )
    reopen: Fraction | None = Field(
        None,
        description=(
            "who has left goes on to decide, and to open again a venue that has just closed costs this part of the"
            " launch, more with time (demand.awareness_fade); default: leaving is for ever"
        ),
    )
    economics: Economics = Economics()
    lead: Lead = Lead()


class Beliefs(FileBlock):
    """Gamma-Poisson belief of the hazard of being shut, by posture."""

    prior: Mapping[Posture, PerDay] = Field(
        {"domestic": "0 /d", "otc": "0 /d", "offshore": "0 /d", "disguised": "1 /y", "defy": "1 /month"},
        validate_default=True,
        description=(
            "hazard believed in before anything is seen (offshore: that of the host); default: none but for breakers of"
            " the law, a year in hiding and a month in the open (prior)"
        ),
    )
    weight: Days = Field(365.0, description="venue-days of exposure that the prior is worth; default: a year (prior)")
    forgetting: PerDay = Field(
        0.0, description="rate at which what was seen is discounted; default: nothing is forgotten"
    )
    exposure_fade: PerDay = Field(
        0.0, description="rate at which exposure fades once an exchange runs nothing at home; default: it stays"
    )
    size_exponent: Mapping[Posture, float] = Field(
        {}, description="hazard grows with (volume / reference size) to this power; default: size does not matter"
    )
