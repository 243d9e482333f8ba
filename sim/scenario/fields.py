"""What a scenario holds, and the text that it was made from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self, TypeVar

from pydantic import Field, PositiveFloat, PrivateAttr, model_validator

from sim.scenario.document.tree import Node, Position, from_plain
from sim.scenario.errors import Path
from sim.scenario.policy.interventions import Intervention, Kind, Moves, Target, Uncertainty, builtin_kinds
from sim.scenario.policy.policy import Policy
from sim.scenario.trade_labels import Labels
from sim.scenario.values.base import FileBlock, Id, Name, PolicyName
from sim.scenario.values.calendar import Day
from sim.scenario.values.units import Interval
from sim.scenario.world.exchanges import Applicants, Beliefs, Closing, Decisions, Exchange
from sim.scenario.world.regulators import Agency, Enforcement, Jurisdiction, Office
from sim.scenario.world.traders import Demand, PricePath, Segment


class Record(FileBlock):
    """What is written down, and how often."""

    every: Interval = Field(1.0, description="time between two records")


@dataclass(frozen=True, slots=True)
class Source:
    """What a scenario was read from: its tree before policies are composed, and values by path that replace others."""

    tree: Node
    overrides: Mapping[str, object]


@dataclass(slots=True)
class Origin:
    """The text behind a scenario: the resolved tree, for positions, and its source; None where there is none.

    `told` are the doubts about it, and about those that it was made of, of which the user was warned; `checked` is
    whether these are all. All origins are equal, because scenarios are the same if they say the same. A pickled one
    goes without its text.
    """

    tree: Node | None = field(default=None, compare=False)
    source: Source | None = field(default=None, compare=False)
    told: set[str] = field(default_factory=set, compare=False)
    checked: bool = field(default=False, compare=False)

    def __reduce__(self) -> tuple[type[Origin], tuple[()]]:
        return Origin, ()


class ScenarioFields(FileBlock):
    """What a scenario holds; `Scenario` adds the methods."""

    schema_version: Literal[1] = Field(1, alias="schema", description="version of the file format")
    name: Name = Field(description="what figures and tables call the scenario")
    description: str = Field("", description="what it is about")
    start: Day
    end: Day = Field(description="when it is over; a date without a time is the midnight with which that day begins")
    focal: Id = Field(description="the jurisdiction whose regulators apply the pressure")
    volume_unit: Name = Field("units/d", description="unit of all volumes, for labels; by default without a name")
    price: PositiveFloat | PricePath = Field(
        1.0,
        description=(
            "money per unit of volume: costs that are given as amounts are in this money, and volumes are not; default:"
            " 1, money is counted in the unit of volume"
        ),
    )
    labels: Labels = Labels()
    jurisdictions: tuple[Jurisdiction, ...] = Field(min_length=1)
    agencies: tuple[Agency, ...] = ()
    offices: tuple[Office, ...] = ()
    segments: tuple[Segment, ...] = Field(min_length=1)
    exchanges: tuple[Exchange, ...] = Field(min_length=1)
    applicants: Applicants = Applicants()
    closing: Closing = Closing()
    demand: Demand = Demand()
    decisions: Decisions = Decisions()
    beliefs: Beliefs = Beliefs()
    enforcement: Enforcement = Enforcement()
    record: Record = Record()
    kinds: Mapping[Id, Kind] = Field({}, description="kinds of intervention beside the built-in ones")
    policies: Mapping[PolicyName, Policy] = Field(description="by name; `baseline` must be among them")
    uncertainties: Mapping[str, Uncertainty] = Field({}, description="path of a value: its range")
    _origin: Origin = PrivateAttr(default=Origin())

    @model_validator(mode="after")
    def _dates(self) -> Self:
        if self.end <= self.start:
            raise ValueError("end must be after start")
        if "baseline" not in self.policies:
            raise ValueError("policies must hold one called `baseline`")
        return self

    def all_interventions(self) -> Iterator[tuple[Path, Intervention]]:
        """All interventions of all policies and of the steps of their rules, with their paths."""
        for name, policy in self.policies.items():
            for index, item in enumerate(policy.interventions):
                yield ("policies", name, "interventions", index), item
            for at, rule in enumerate(policy.rules):
                for level, step in enumerate(rule.steps):
                    for index, item in enumerate(step):
                        yield ("policies", name, "rules", at, "steps", level, index), item

    def with_kind(self, item: Intervention) -> Intervention:
        """An intervention with what its kind says, where it says nothing itself."""
        kind = self.kinds.get(item.kind) or builtin_kinds()[item.kind]
        usual = {name: getattr(kind, name) for name in ("attention", "leave", "panic", "enforcement", "law")}
        own = {name: value for name in usual if (value := getattr(item, name)) is not None}
        target, moves = _laid_over(kind.target or Target(), item.target), _laid_over(kind.moves, item.moves)
        return item.model_copy(update={**usual, **own, "target": target, "moves": moves})

    def is_focal_law(self, law: Literal["focal", "host"] | None, by: str | None) -> bool:
        """Whether an intervention is law of the focal country: as told, else if its agency is of it, or it has none."""
        return law != "host" if law is not None else self._foreign_home(by) is None

    def hosts_meant(self, target: Target, by: str | None) -> tuple[str, ...] | None:
        """Hosts that an intervention means: those named, else its agency's own country if that is abroad, else all."""
        home = self._foreign_home(by)
        return target.jurisdictions if target.jurisdictions is not None or home is None else (home,)

    def hosts_of(self, exchange: Exchange) -> set[str]:
        """Where an exchange would run a venue abroad."""
        if exchange.hosts is not None:
            return {*exchange.hosts}
        return {each.id for each in self.jurisdictions if each.id != self.focal}

    def _foreign_home(self, agency: str | None) -> str | None:
        """The country of an agency, if it has one that is not the focal one."""
        home = next((each.jurisdiction for each in self.agencies if each.id == agency), None)
        return None if home == self.focal else home

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """As pydantic has it, but without the text, which a changed copy would contradict."""
        copy = super().model_copy(update=update, deep=deep)
        copy._origin = Origin(told=self._origin.told)
        return copy


S = TypeVar("S", bound=ScenarioFields)
T = TypeVar("T", Moves, Target)


def _laid_over(base: T, over: T | None) -> T:
    """`base` with the fields that `over` sets."""
    return base.model_copy(update={} if over is None else {name: value for name, value in over if value is not None})


def with_origin(scenario: S, tree: Node, source: Source | None = None, before: ScenarioFields | None = None) -> S:
    """The scenario together with the text that it was made from, and the scenario that it was made of."""
    copy = scenario.model_copy()
    copy._origin = Origin(tree, source, told=set() if before is None else before._origin.told)
    return copy


def tree_of(scenario: ScenarioFields) -> Node | None:
    """The tree that a scenario was loaded from, for positions; None for a changed copy or one made in Python."""
    return scenario._origin.tree


def as_tree(scenario: ScenarioFields) -> Node:
    """The tree of a scenario, as it was loaded or as it would be written."""
    return tree_of(scenario) or from_plain(scenario.model_dump(mode="json", by_alias=True), Position(scenario.name))


def origin_of(scenario: ScenarioFields) -> Origin:
    """The text behind a scenario, and of what the user was warned."""
    return scenario._origin


def source_of(scenario: ScenarioFields) -> Source | None:
    """What a scenario was made from before its policies were composed; None if that is not known."""
    return scenario._origin.source
