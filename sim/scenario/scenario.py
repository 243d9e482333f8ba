"""The scenario: world, policies and uncertainties."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, model_validator

from sim.scenario.policy.policy import Policy
from sim.scenario.policy.written import Kind, Uncertainty
from sim.scenario.values.base import FileBlock, Id, PolicyName
from sim.scenario.values.units import Day, Days
from sim.scenario.world.exchanges import Beliefs, Closing, Decisions, Exchange
from sim.scenario.world.regulators import Agency, Enforcement, Jurisdiction, Office
from sim.scenario.world.traders import Demand, Segment


class Record(FileBlock):
    """What is written down, and how often."""

    every: Days = Field(1.0, gt=0)


class Scenario(FileBlock):
    """A validated, immutable scenario."""

    schema_version: Literal[1] = Field(1, alias="schema", description="version of the file format")
    name: str
    description: str = ""
    start: Day
    end: Day
    focal: Id = Field(description="the jurisdiction whose regulators apply the pressure")
    volume_unit: str = Field("BTC/d", description="unit of all volumes, for labels")
    jurisdictions: tuple[Jurisdiction, ...] = Field(min_length=1)
    agencies: tuple[Agency, ...] = ()
    offices: tuple[Office, ...] = ()
    segments: tuple[Segment, ...] = Field(min_length=1)
    exchanges: tuple[Exchange, ...] = Field(min_length=1)
    closing: Closing = Closing()
    demand: Demand = Demand()
    decisions: Decisions = Decisions()
    beliefs: Beliefs = Beliefs()
    enforcement: Enforcement = Enforcement()
    record: Record = Record()
    kinds: Mapping[Id, Kind] = Field({}, description="kinds of intervention beside the built-in ones")
    policies: Mapping[PolicyName, Policy] = Field(description="by name; `baseline` must be among them")
    uncertainties: Mapping[str, Uncertainty] = Field({}, description="path of a value: its range")

    @model_validator(mode="after")
    def _dates(self) -> "Scenario":
        if self.end <= self.start:
            raise ValueError("end must be after start")
        if "baseline" not in self.policies:
            raise ValueError("policies must hold one called `baseline`")
        return self

    def with_policies(self, policies: Mapping[str, Policy]) -> "Scenario":
        """The scenario with these policies beside its own, or in their place where a name is the same.

            early = china.policies["baseline"].delay("payment-block-august", days=-300)
            china.with_policies({"early payments": early})

        They are checked as those of a file are. Raises ScenarioError, with each policy and intervention at fault, and
        if `baseline` is to change, with which others are compared. Warns of what begins after the scenario ends, is
        over before it starts, or was moved to before its start and so is known from the first day.
        """
        from sim.scenario.reading.given import with_policies

        return with_policies(self, policies)

    def with_values(self, values: Mapping[str, object]) -> "Scenario":
        """The scenario with single values replaced by path, as `sim.load` does with `overrides`.

            china.with_values({"segments.cn-retail.switching": "0.03 /d"})

        Policies that build on a policy of the file follow it; those given in Python stay as they are. Ranges under
        `uncertainties` are not checked against the new values. Raises ScenarioError with everything that is wrong.
        """
        from sim.scenario.reading.revalue import with_values

        return with_values(self, values)
