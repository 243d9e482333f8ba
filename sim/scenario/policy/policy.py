"""Policies: dated interventions and adaptive rules, as the user writes them."""

from collections.abc import Iterable, Mapping
from typing import Literal

from pydantic import Field, NonNegativeFloat, PositiveFloat

from sim.scenario.policy import algebra
from sim.scenario.values.base import Block, Id, Source, TargetMode
from sim.scenario.values.distributions import DaysDist
from sim.scenario.values.units import Count, Days, Fraction, PerDay, When

Measure = Literal["closure", "site-block", "account-freeze", "fine"]
Observed = Literal[
    "share:domestic", "share:otc", "share:offshore", "share:outside", "exposure", "open:domestic", "open:otc",
    "open:offshore", "blocked-sites", "licences-waiting", "lever:risk", "lever:hazard",
]  # fmt: skip


class Target(Block):
    """Whom an intervention bears on; what is not named is not narrowed."""

    modes: tuple[TargetMode, ...] | None = None
    jurisdictions: tuple[Id, ...] | None = Field(None, description="hosts of the offshore venues meant")
    exchanges: tuple[Id, ...] | None = Field(None, description="ids, or the name of a group")
    regions: tuple[Id, ...] | None = Field(None, description="only exchanges there; user frictions x its share")
    rails: tuple[Id, ...] | None = None
    channels: tuple[Id, ...] | None = None
    products: tuple[Id, ...] | None = None
    segments: tuple[Id, ...] | None = None


class Moves(Block):
    """The levers that are moved, and how far at full strength."""

    payment: Fraction | None = Field(None, description="friction on the rails named")
    access: Fraction | None = Field(None, description="friction on reaching the venue (sites, addresses)")
    media: Fraction | None = Field(None, description="friction on the channels named")
    service: Fraction | None = Field(None, description="friction on the services or products named")
    fee: NonNegativeFloat | None = Field(None, description="fee that must be charged, part of volume")
    permission: Literal["free", "licence", "forbidden"] | None = None
    claim: bool | None = Field(None, description="reach abroad: serving focal users breaks focal law")
    risk: NonNegativeFloat | None = Field(None, description="added to the user risk of the venue")
    hazard: PositiveFloat | None = Field(None, description="factor on the hazard that exchanges perceive")
    detection: NonNegativeFloat | None = Field(None, description="factor on detection rates")
    staffing: PositiveFloat | None = Field(None, description="factor on the speed of the issuing agency")
    entry_cost: NonNegativeFloat | None = Field(None, description="factor on the cost of entering the hosts named")


class Panic(Block):
    """A pulse of turnover that decays; it moves no share."""

    amplitude: NonNegativeFloat
    decay: Days


class Campaign(Block):
    """Blocking of a list of sites, then of new ones as they are found."""

    sites: Count = Field(description="sites on the list")
    over: Days = Field(description="time in which the list is worked off")
    then: PerDay = Field(0.0, description="new sites found per day afterwards")


class EnforcementOrder(Block):
    """The measure that detected venues suffer."""

    measure: Measure
    rate: PerDay = Field(0.0, description="detection rate of a targeted venue with visibility 1")
    campaign: Campaign | None = Field(None, description="with site-block only")


class _Common(Block):
    target: Target | None = None
    moves: Moves = Moves()
    attention: Fraction = Field(0.0, description="part of the traders who reconsider at once")
    panic: Panic | None = None
    enforcement: EnforcementOrder | None = None


class Kind(_Common):
    """A preset over the levers, from which interventions start."""

    description: str = ""


class Intervention(_Common):
    """A dated, announced, targeted change of levers."""

    id: Id
    kind: Id
    by: Id | None = Field(None, description="agency that issues and enforces it")
    announced: When | None = Field(None, description="when it is known; expectations (risk, hazard) move")
    effective: When | None = Field(None, description="when levers move; default: announced")
    enforced: When | None = Field(None, description="when detection starts; default: effective")
    deadline: When | None = Field(None, description="last day of what it forbids; default: effective")
    until: When | None = Field(None, description="when it is lifted")
    ramp: Days = Field(0.0, description="time to full strength")
    fade: Days = Field(0.0, description="time to vanish after until (or after full strength if until is not given)")
    coverage: Fraction = Field(1.0, description="part of the targets that it reaches")
    efficacy: Fraction = Field(1.0, description="part of the effect on those reached")
    intensity: PositiveFloat = Field(1.0, description="multiplies how hard it bites, up to what it can do at most")
    exempt: Mapping[Id, Fraction] = Field({}, description="parts of the activity left out, by reason")
    attention: Fraction | None = Field(None, description="part of the traders who reconsider at once")  # type: ignore[assignment]
    offices: tuple[Id, ...] = Field((), description="licensing offices that it opens; all must grant")
    reaction: DaysDist | None = Field(None, description="lag of the exchanges' decisions; default: their own")
    source: Source = None
    note: str | None = None


class Condition(Block):
    """When a rule fires: an observed measure beyond a threshold for a hold time."""

    measure: Observed
    above: float | None = None
    below: float | None = None
    hold: Days = Field(0.0, description="how long it must hold")


class Rule(Block):
    """An adaptive rule: condition, reporting lag, cool-down, escalation ladder."""

    id: Id
    by: Id | None = Field(None, description="agency that observes and acts")
    when: Condition
    every: Days = Field(7.0, gt=0, description="monitoring interval")
    lag: Days = Field(0.0, description="age of the figures when they are seen")
    cooldown: Days = Field(0.0, description="shortest time between two steps")
    starts: When | None = Field(None, description="no observation before")
    steps: tuple[tuple[Intervention, ...], ...] = Field(
        min_length=1,
        description="one list of interventions per step, dates as offsets (+14 d) from the firing",
    )
    source: Source = None


class Policy(Block):
    """A set of interventions plus adaptive rules. The order in which they are listed does not matter.

    Its methods return new policies and raise ValueError for ids that are not there. An id means an intervention, a
    rule, or an intervention on the ladder of a rule:

        early = china.policies["baseline"].delay("payment-block-august", days=-300).without("rumour")
        sim.run(china.with_policies({"early payments": early}), policy="early payments")
    """

    description: str = ""
    interventions: tuple[Intervention, ...] = ()
    rules: tuple[Rule, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the interventions, then of the rules."""
        return (*(item.id for item in self.interventions), *(rule.id for rule in self.rules))

    def then(self, other: "Policy") -> "Policy":
        """Both policies together, each at its own dates; `a.then(b.delay(days=90))` puts b later.

        Raises ValueError if an id is in both.
        """
        return algebra.then(self, other)

    def without(self, *ids: str) -> "Policy":
        """The policy less some interventions and rules.

        A step of a ladder that loses all its interventions stays as a step that does nothing, so that the others come
        when they did. A rule whose ladder is empty goes.
        """
        return algebra.without(self, ids)

    def only(self, *ids: str) -> "Policy":
        """The policy less everything but these. An intervention on a ladder keeps its rule, without the rest of it."""
        return algebra.only(self, ids)

    def delay(self, ids: str | Iterable[str] | None = None, *, days: float) -> "Policy":
        """All dates of an intervention, or of several, later by so many days (earlier if negative).

        Without ids everything moves that has a date. A deadline that is a plain date goes on meaning the end of that
        day. Of a rule it is `starts` that moves; an intervention on a ladder moves against the firing of its rule.
        Days are rounded to whole seconds. Raises ValueError for what has no date, and for a step of a ladder that
        would come before the firing.
        """
        return algebra.delay(self, ids, days)

    def swap(self, a: str, b: str) -> "Policy":
        """Each of two interventions begins when the other one did.

        An intervention begins when it is announced, or takes effect if it is not announced. Its other dates keep
        their distance from that.
        """
        return algebra.swap(self, a, b)

    def permute(self, order: Iterable[str]) -> "Policy":
        """The interventions named begin in this order, on the dates on which they begin now.

        The first takes the earliest of these dates, the last the latest; all others stay. What begins, and what its
        other dates do, is as in `swap`, which is the case of two in reverse order.
        """
        return algebra.permute(self, order)

    def replace(self, id_: str, new: Intervention | Rule | Mapping[str, object]) -> "Policy":
        """One intervention or rule exchanged for another, or with some values changed, written as in a file.

        `policy.replace("payments", {"coverage": "50 %", "target": {"rails": ["bank"]}})` keeps all else.
        """
        return algebra.replaced(self, id_, new)

    def strengthen(self, ids: str | Iterable[str], factor: float) -> "Policy":
        """Interventions that bite `factor` times as hard, or less hard below 1 (`intensity`); of a rule, its ladder.

        Frictions grow up to 1, less what is exempt: first more are reached, then what is moved is moved further. Fee
        and risk are multiplied. Factors (hazard, detection, staffing, entry cost) are raised to that power, so that
        twice as hard is the same as the measure twice. Rates of detection and lists of sites are multiplied. What is
        permitted, claims, attention and panic stay.
        """
        return algebra.strengthen(self, ids, factor)


class Uncertainty(Block):
    """A range for a value that nobody knows; the file's own value is the nominal one."""

    between: tuple[float | str, float | str]
    source: Source = None
