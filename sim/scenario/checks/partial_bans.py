"""Whether an intervention that forbids, or asks for a licence, does so for all of its target or for none."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.errors import Finding
from sim.scenario.fields import ScenarioFields
from sim.scenario.policy.interventions import Intervention
from sim.scenario.values.units import show

_CURE = "a venue is forbidden, or needs a licence, or not; name those meant under target, such as exchanges"


def partial_bans(scenario: ScenarioFields) -> Iterator[Finding]:
    """Coverage, efficacy and exempt parts of what holds for a venue or does not."""
    for path, item in scenario.all_interventions():
        exempt = min(1.0, sum(item.exempt.values()))
        reach = {"coverage": item.coverage, "efficacy": item.efficacy, "exempt": exempt}
        partial = {name: part for name, part in reach.items() if 0.0 < part < 1.0}
        if partial and _binds(item, scenario):
            for name, part in partial.items():
                said = "a part of the activity cannot be exempt" if name == "exempt" else f"cannot be {show(part)}"
                yield (*path, name), f"{said}: {_CURE}", "reach"


def _binds(item: Intervention, scenario: ScenarioFields) -> bool:
    """Whether it forbids, asks for a licence, or ends one."""
    moves = scenario.with_kind(item).moves
    ends = moves.suspension or moves.refusal
    return bool(item.offices or ends) or moves.permission in ("licence", "forbidden")
