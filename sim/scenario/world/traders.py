"""Traders: segments with their volume, habits and skills, and how attraction is formed."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, NonNegativeFloat, PositiveFloat, model_validator

from sim.scenario.values.base import FileBlock, Id, Name, NamedBlock, Source
from sim.scenario.values.calendar import Day
from sim.scenario.values.units import Fraction, PerDay, PositiveMoney
from sim.scenario.world.strategies import Mode

Nest = Literal["domestic", "otc", "offshore", "books"]
"""The venues of a mode, or the order books at home and abroad together (`books`)."""
Pairs = Literal["money", "coins"]
"""What coins are traded against: the money of some country, or other coins."""
Dissimilarity = Annotated[float, Field(ge=0.2, le=1.0)]
"""Lambda of the nested logit: 1 for venues that are as unlike as any, less for those that replace each other.

Below 0.2 a lever on one venue would act to a power above 5, or 25 in two nests.
"""


class CsvColumn(FileBlock):
    """A column of a CSV file, such as an index of interest in the trade, and what it is multiplied by."""

    file: Name = Field(description="path from the folder of the scenario file")
    column: Name = Field(description="column with the numbers, 0 or more")
    date: Name = Field("date", description="column with the date from which each holds; default: `date`")
    times: PositiveFloat = Field(1.0, description="volume, or price, per unit of the column")


class VolumePath(FileBlock):
    """A volume that changes over time for reasons outside the model."""

    points: Mapping[Day, NonNegativeFloat] = Field({}, description="date: volume; this or `csv`")
    csv: CsvColumn | None = Field(None, description="where the points stand instead; read with the file that says so")
    interpolation: Literal["step", "linear"] = Field("step", description="default: each value holds until the next")

    @model_validator(mode="after")
    def _has_points(self) -> "VolumePath":
        if self.csv is not None:
            raise ValueError("a CSV file is read where a scenario file names it, and nowhere else")
        if not self.points:
            raise ValueError("needs `points`, or `csv`")
        return self


class PricePath(VolumePath):
    """A price that changes over time for reasons outside the model."""

    points: Mapping[Day, PositiveFloat] = Field({}, description="date: price; this or `csv`")


class Habit(FileBlock):
    """Adoption that is remembered: dh/dt = adopt (s - h)+ - forget (h - s)+, weight mu."""

    weight: NonNegativeFloat = Field(description="mu: how much what was adopted adds to the attraction of a mode")
    adopt: PerDay = Field(description="rate at which a habit forms")
    forget: PerDay = Field(description="rate at which it fades")


class Skill(FileBlock):
    """How well traders get round a friction: 0 suffers in full, 1 not at all."""

    payment: Fraction = Field(0.0, description="part of a payment friction that it gets round")
    access: Fraction = Field(0.0, description="part of a friction on access that it gets round")
    media: Fraction = Field(0.0, description="part of a friction on channels that it gets round")


class Segment(NamedBlock):
    """A cohort of traders that chooses among venues."""

    home: Id = Field(description="jurisdiction in which they live")
    volume: NonNegativeFloat | VolumePath = Field(description="volume per day if all of the segment traded")
    real_part: Fraction = Field(1.0, description="part of its volume that is real (liquidity ignores wash trades)")
    switching: PerDay = Field(description="rate at which a trader reconsiders")
    first_day: Mapping[Mode, PositiveMoney | Mapping[Id, PositiveMoney]] = Field(
        {},
        description=(
            "volume per day on the first day by mode, or by mode and exchange or group; brands, tastes and the outside"
            " option are then solved for"
        ),
    )
    outside: PositiveFloat | None = Field(
        None, description="attraction of not trading; the domestic market starts near 1; with `first_day`, what it says"
    )
    taste: Mapping[Mode, float] = Field(
        {}, description="log attraction of each mode; a mode named neither here nor under `first_day` is not used"
    )
    liquidity: NonNegativeFloat = Field(0.0, lt=1.0, description="weight of log liquidity")
    fee: NonNegativeFloat = Field(0.0, description="weight of the fee (per unit of fee as a fraction of volume)")
    gain: Fraction = Field(0.0, description="what it gains per unit of volume, of which a tax on gains takes its part")
    risk: NonNegativeFloat = Field(0.0, description="weight of perceived user risk")
    habit: Habit | None = None
    rails: Mapping[Id, Fraction] = Field({}, description="rails it pays through, and the part of each")
    channels: Mapping[Id, Fraction] = Field({}, description="channels by which it finds venues, and the part of each")
    needs: Mapping[Id, Fraction] = Field({}, description="services and products it needs, and how much")
    circumvention: Fraction | Skill = Field(0.0, description="skill at getting round frictions")
    nests: Mapping[Nest, Dissimilarity] = Field({}, description="nests in which it differs from `demand.nests`")
    attention: Fraction = Field(1.0, description="part of it that hears of an intervention's salient event")
    panic: NonNegativeFloat = Field(0.0, description="how much of a panic pulse shows in its turnover")
    derived: NonNegativeFloat = Field(0.0, description="volume added per unit of focal offshore volume")
    disguise: float | None = Field(
        None,
        description="log attraction of a shell, against an honest offshore venue; default: as `demand.disguise` says",
    )
    pairs: Pairs = Field(
        "money",
        description=(
            "what it trades coins against: `money`, or `coins`, which no book at home holds. Regulators and exchanges"
            " treat it as any segment; the focal volume, measures, indicators and `derived` leave trade in coin pairs"
            " out; default: money"
        ),
    )
    source: Source = None

    @property
    def tastes(self) -> dict[Mode, float]:
        """Taste of each mode that it uses; 0 where its first day names the mode and nothing is said of taste."""
        return {**dict.fromkeys(self.first_day, 0.0), **self.taste}


class Demand(FileBlock):
    """How attraction is formed, beside what belongs to a segment."""

    nests: Mapping[Nest, Dissimilarity] = Field(
        {},
        description=(
            "how unlike each other the venues of a mode are, or order books at home and abroad together (`books`):"
            " lambda of a nested logit; default: 1, a venue that is lost is replaced by all others in proportion"
        ),
    )
    liquidity_floor: PositiveFloat = Field(
        0.02, description="epsilon: liquidity of an empty book, relative to mature; default: a fiftieth (prior)"
    )
    prospect: Fraction = Field(
        1.0, description="least liquidity, relative to mature, that an exchange plans with; default: a mature book"
    )
    onramp: NonNegativeFloat = Field(
        0.0, description="b: own OTC desk multiplies focal offshore attraction by 1 + b; default: it adds nothing"
    )
    residue: Fraction = Field(
        0.05, description="part of focal users who get round a venue that turns them away; default: a twentieth (prior)"
    )
    awareness_growth: PerDay = Field(
        0.0,
        description="g: foreign users get to know a venue abroad while it is open, dA/dt = g (1 - A); default: never",
    )
    awareness_fade: PerDay = Field(
        0.0, description="rate at which they forget it again while it is closed; default: never"
    )
    payment_reach: Mapping[Mode, Fraction] = Field(
        {"domestic": 1.0, "otc": 1.0, "offshore": 1.0},
        description="part of a payment friction felt in each mode; default: all of it",
    )
    payment_skill: Mapping[Mode, Fraction] = Field(
        {"domestic": 1.0, "otc": 1.0, "offshore": 1.0},
        description=(
            "part of the skill at getting round payment frictions that is of use in each mode; default: all of it. An"
            " order book at home that lost its bank account leaves its users less to get round than a peer does"
        ),
    )
    disguise: Mapping[Literal["focal", "foreign"], float] = Field(
        {"focal": 0.0, "foreign": 0.0},
        description="log attraction of a shell, against an honest offshore venue; default: the same",
    )
    local_page: float = Field(0.0, description="log attraction of a local-language page to focal users, offshore")
