"""Jurisdictions, the agencies and offices of their regulators, and how violators are found."""

from collections.abc import Mapping
from typing import Self

from pydantic import Field, NonNegativeFloat, PositiveFloat, field_validator, model_validator

from sim.scenario.values.base import FileBlock, Id, Ids, NamedBlock, Source
from sim.scenario.values.calendar import Day, LastDay
from sim.scenario.values.distributions import DaysDist
from sim.scenario.values.units import Count, Days, Fraction, Money, PartOfVolume, PerDay, PositiveMoney
from sim.scenario.world.exchanges import Cost


class Jurisdiction(NamedBlock):
    """A place with its own law: the focal one, or a host for offshore venues."""

    regions: Mapping[Id, Fraction] = Field({}, description="share of the country's traders, by region")
    entry_cost: Money = Field(0.0, description="money to set up an offshore venue here (volume x days)")
    tax: Fraction = Field(0.0, description="part of an offshore venue's revenue that stays here")
    hazard: PerDay = Field(0.0, description="rate at which this host shuts a foreign venue, as first believed")
    delay: Days = Field(0.0, description="added to the lead time of a venue opened here")
    appeal: float = Field(0.0, description="what makes the place attractive beside money, in units of the choice scale")
    unwelcome: Mapping[Id, Fraction] = Field({}, description="products that venues here cannot offer, and how far")
    office: Id | None = Field(None, description="licensing office that an offshore venue must pass here")
    source: Source = None


class Agency(NamedBlock):
    """A regulator with finite capacity that works off cases in a queue."""

    jurisdiction: Id | None = Field(None, description="default: the focal jurisdiction")
    capacity: Count = Field(1, ge=1, description="cases worked on at once")
    service: DaysDist = Field(description="days of work per case")
    source: Source = None


class Deemed(FileBlock):
    """Permission to go on while an application waits."""

    apply_by: LastDay | None = Field(None, description="last day of application that earns it; default: any day")
    probability: Fraction = Field(1.0, description="part of the applicants that is given it")


class Pause(FileBlock):
    """Days on which an office examines nothing."""

    start: Day = Field(description="first day, or moment, of it")
    until: LastDay = Field(description="last day, or moment, of it")

    @model_validator(mode="after")
    def _order(self) -> Self:
        if self.until <= self.start:
            raise ValueError("until must be after start")
        return self


class Office(NamedBlock):
    """A regulator's queue for permission."""

    jurisdiction: Id | None = Field(None, description="default: the focal jurisdiction")
    agency: Id | None = Field(
        None, description="agency that it belongs to, whose `staffing` is the speed of its officers too; default: none"
    )
    officers: Count = Field(1, ge=1, description="applications examined at once")
    service: DaysDist = Field(description="days of examination per application")
    approval: Fraction = Field(1.0, description="probability that an examined application is granted")
    products: Ids | None = Field(
        None,
        description=(
            "products that its licence is for: who lacks it goes on without them once it is due; default: the venue,"
            " which closes"
        ),
    )
    holders: Ids = Field(
        (), description="exchanges or groups that hold its licence for `products` at the start; default: nobody"
    )
    eligible: Ids | None = Field(
        None, description="exchanges or groups that may apply; to others its licence is not to be had; default: all"
    )
    refuses: Ids = Field(
        (), description="exchanges or groups whose application it refuses once examined, which they do not know"
    )
    batch: Days | None = Field(None, description="decisions are published only every so many days, officers go on")
    pauses: tuple[Pause, ...] = Field((), description="when examinations rest: each ends later by the part in it")
    decides_on: tuple[Day, ...] = Field(
        (), description="dates on which decisions are published, officers go on; after the last one as batch has it"
    )
    deemed: Deemed | None = None
    patience: DaysDist | None = Field(None, description="days after which an applicant in the queue withdraws")
    source: Source = None

    @field_validator("products")
    @classmethod
    def _any(cls, products: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if products == ():
            raise ValueError("licenses nothing; name products, or leave this out for a licence of the venue")
        return products


class Sites(FileBlock):
    """Blocked sites and their return under new domains."""

    background: Count = Field(0, description="offshore sites that are not modelled as exchanges")
    return_lag: DaysDist | None = Field(
        None, description="time until a blocked site is back under a new domain; default: it stays blocked"
    )
    residual: Fraction = Field(0.0, description="friction that stays under the new domain")


class Enforcement(FileBlock):
    """What makes a venue visible, and what follows when it is found."""

    reference_size: PositiveMoney = Field(
        PartOfVolume(100.0),
        description="volume at which visibility is 1, where size matters; default: the focal volume",
    )
    size_exponent: NonNegativeFloat = Field(
        0.0, description="visibility grows with size to this power; default: all venues are as visible"
    )
    local_page: PositiveFloat = Field(1.0, description="visibility factor of a local-language page")
    freeze: Days = Field(30.0, description="how long frozen accounts stay frozen; default: a month")
    freeze_friction: Fraction = Field(
        1.0, description="payment friction of a venue whose accounts are frozen; default: nothing passes"
    )
    recovery: Days = Field(0.0, description="lag from being hit to the next decision; default: it decides at once")
    fine: Cost = Field(Cost(), description="what a fined exchange pays")
    sites: Sites = Sites()
