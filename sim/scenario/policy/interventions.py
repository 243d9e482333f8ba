"""Interventions and adaptive rules, as a policy in a file has them, and the words that may stand in them."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

import yaml
from pydantic import Field, NonNegativeFloat, PositiveFloat, TypeAdapter

from sim.scenario.values.base import EACH_ONCE, FileBlock, Id, Ids, Source
from sim.scenario.values.calendar import End, When
from sim.scenario.values.distributions import DaysDist
from sim.scenario.values.units import Count, Days, Fraction, Interval, PerDay
from sim.scenario.world.strategies import TargetMode

Action = Literal["closure", "site-block", "account-freeze", "fine"]
Indicator = Literal[
    "share:domestic", "share:otc", "share:offshore", "share:outside", "exposure", "open:domestic", "open:otc",
    "open:offshore", "blocked-sites", "licences-waiting", "lever:risk", "lever:hazard",
]  # fmt: skip


class Target(FileBlock):
    """Whom an intervention bears on; what is not named is not narrowed."""

    modes: Annotated[tuple[TargetMode, ...], *EACH_ONCE] | None = Field(None, description="venues of these modes")
    jurisdictions: Ids | None = Field(None, description="hosts of the offshore venues meant")
    exchanges: Ids | None = Field(None, description="ids, or the name of a group")
    regions: Ids | None = Field(None, description="only exchanges there; user frictions x its share")
    rails: Ids | None = Field(None, description="payment rails that are cut")
    channels: Ids | None = Field(None, description="channels that are shut")
    products: Ids | None = Field(None, description="services and products that end")
    segments: Ids | None = Field(None, description="traders that feel it")


class Moves(FileBlock):
    """The levers that are moved, and how far at full strength."""

    payment: Fraction | None = Field(None, description="friction on the rails named")
    access: Fraction | None = Field(None, description="friction on reaching the venue (sites, addresses)")
    media: Fraction | None = Field(None, description="friction on the channels named")
    service: Fraction | None = Field(None, description="friction on the services or products named")
    fee: Fraction | None = Field(None, description="fee or tax that is added to trades, part of volume")
    permission: Literal["free", "licence", "forbidden"] | None = Field(None, description="what the law asks of a venue")
    claim: bool | None = Field(None, description="reach abroad: serving focal users breaks focal law")
    risk: NonNegativeFloat | None = Field(None, le=1000, description="added to the user risk of the venue")
    hazard: PositiveFloat | None = Field(None, le=1000, description="factor on the hazard that exchanges perceive")
    detection: NonNegativeFloat | None = Field(None, le=1000, description="factor on detection rates")
    staffing: PositiveFloat | None = Field(
        None, le=1000, description="factor on the speed of the issuing agency and its offices"
    )
    entry_cost: NonNegativeFloat | None = Field(
        None, le=1000, description="factor on the cost of entry to the hosts named"
    )
    gains_tax: Fraction | None = Field(None, description="tax on gains, part of what traders gain at the venue")
    liability: Fraction | None = Field(
        None, description="how far people at home answer for serving focal users from abroad, 1: as for a shell"
    )
    suspension: bool | None = Field(
        None, description="licences rest: nothing is traded at the venue, abroad nothing of focal users"
    )
    refusal: bool | None = Field(None, description="applications under way are refused, and licences are taken back")


class Panic(FileBlock):
    """A pulse of turnover that decays; it moves no share."""

    amplitude: NonNegativeFloat = Field(description="turnover added at the start, per unit of turnover")
    decay: Days = Field(description="time in which it falls to 1/e")


class Campaign(FileBlock):
    """Blocking of a list of sites, then of new ones as they are found."""

    sites: Count = Field(description="sites on the list")
    over: Days = Field(description="time in which the list is worked off")
    then: PerDay = Field(0.0, description="new sites found per day afterwards")


class EnforcementMandate(FileBlock):
    """What happens to targeted venues that are detected, and how often they are."""

    action: Action = Field(description="what happens to a venue that is detected")
    rate: PerDay = Field(0.0, description="detection rate of a targeted venue with visibility 1")
    campaign: Campaign | None = Field(None, description="with site-block only")


class Ending(FileBlock):
    """What the users of a venue do whose end an intervention forces; what is not told is as under `closing`."""

    at_once: Fraction | None = Field(
        None, description="part that leaves when the end is announced, news or not; default: as under `closing`"
    )
    at_end: Fraction = Field(
        0.0, description="part of those still there who had waited for their money and choose anew then; default: none"
    )
    notice_scale: Days | None = Field(
        None, description="tau: attraction x (1 - exp(-notice / tau)) until the end; default: as under `closing`"
    )


class _Common(FileBlock):
    target: Target | None = None
    moves: Moves = Moves()
    attention: Fraction = Field(0.0, description="part of the traders who reconsider at once")
    leave: Fraction = Field(
        0.0, description="part of the users of the venues it binds who choose anew when it takes effect"
    )
    panic: Panic | None = None
    enforcement: EnforcementMandate | None = None
    law: Literal["focal", "host"] | None = Field(
        None,
        description=(
            "whose law it is: what the focal country asks of venues abroad bears on serving its users, what the host"
            " asks on the venue; default: that of the country of the agency `by`, else focal"
        ),
    )


class Kind(_Common):
    """A preset over the levers, from which interventions start."""

    description: str = Field("", description="what it is, in a sentence")


@cache
def builtin_kinds() -> Mapping[str, Kind]:
    """Kinds that every scenario may use, by name: those in `kinds.yaml`, in the format of a scenario's own."""
    text = files(__package__).joinpath("kinds.yaml").read_text(encoding="utf-8")
    return TypeAdapter(dict[str, Kind]).validate_python(yaml.safe_load(text))


class Intervention(_Common):
    """A dated, announced, targeted change of levers."""

    id: Id
    name: str | None = Field(None, description="what figures call it; default: its id")
    kind: Id = Field(description="preset over the levers from which it starts (`regpressure list kinds`)")
    by: Id | None = Field(None, description="agency that issues and enforces it")
    announced: When | None = Field(None, description="when it is known; expectations (risk, hazard) move")
    effective: When | None = Field(None, description="when levers move; default: announced")
    enforced: When | None = Field(None, description="when detection starts; default: the deadline, else effective")
    deadline: End | None = Field(None, description="last day, or moment, of what it forbids; default: effective")
    until: End | None = Field(None, description="last day, or moment, on which it holds; default: for good")
    ramp: Days = Field(0.0, description="time to full strength")
    fade: Days = Field(0.0, description="time to vanish after until (or after full strength if until is not given)")
    coverage: Fraction = Field(
        1.0, description="part of the targets that it reaches; 1 or 0 if it forbids or asks for a licence"
    )
    efficacy: Fraction = Field(1.0, description="part of the effect on those reached; as coverage")
    intensity: PositiveFloat = Field(1.0, le=100, description="multiplies how hard it bites, up to all that it can do")
    exempt: Mapping[Id, Fraction] = Field({}, description="parts of the activity left out, by reason; as coverage")
    attention: Fraction | None = Field(None, description="part of the traders who reconsider at once")  # type: ignore[assignment]
    leave: Fraction | None = Field(  # type: ignore[assignment]
        None, description="part of the users of the venues it binds who choose anew when it takes effect"
    )
    anticipation: Fraction = Field(
        0.0, description="part of its frictions, fees and taxes that traders act on once it is announced; default: none"
    )
    ending: Ending = Field(Ending(), description="what the users of the venues do that it ends")
    visible_act: NonNegativeFloat = Field(
        0.0, description="as how many acts in the sight of applicants whom it binds its announcement counts"
    )
    offices: Ids = Field((), description="licensing offices that it opens; all must grant")
    reaction: DaysDist | None = Field(None, description="lag of the exchanges' decisions; default: their own")
    source: Source = None
    note: str | None = Field(None, description="a remark for readers of the file")


class Condition(FileBlock):
    """When a rule fires: an indicator beyond a threshold for a hold time."""

    indicator: Indicator = Field(description="what is observed")
    above: float | None = Field(None, description="fires above this value")
    below: float | None = Field(None, description="fires below this value")
    hold: Days = Field(0.0, description="how long it must hold")


class Rule(FileBlock):
    """An adaptive rule: condition, reporting lag, cool-down, escalation ladder."""

    id: Id
    by: Id | None = Field(None, description="agency that observes and acts")
    when: Condition
    every: Interval = Field(7.0, description="monitoring interval; default: a week")
    lag: Days = Field(0.0, description="age of the figures when they are seen")
    cooldown: Days = Field(0.0, description="shortest time between two steps")
    starts: When | None = Field(None, description="no observation before")
    steps: tuple[tuple[Intervention, ...], ...] = Field(
        min_length=1, description="one list of interventions per step, dates as offsets (+14 d) from the firing"
    )
    source: Source = None


class Uncertainty(FileBlock):
    """A range for a value that nobody knows; the file's own value is the nominal one."""

    between: tuple[float | str, float | str] = Field(description="lowest and highest value")
    prior: tuple[float | str, float | str] | None = Field(
        None, description="the same before the record is looked at, for `calibrate`; default: `between`"
    )
    source: Source = None
