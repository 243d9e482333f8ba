"""The levers that an intervention can move, in one table.

To add one: a line at the end of the table, a field of `Moves` in `sim.scenario.policy.interventions`, a number in
`sim.world.codes` if the model has to name it, and what it does in the model.
"""

from dataclasses import dataclass
from typing import Final, Literal

Sort = Literal["friction", "amount", "factor", "permission", "flag"]
Phase = Literal["announced", "effective", "enforced"]
Rule = Literal["survival", "maximum", "sum", "product"]


@dataclass(frozen=True, slots=True)
class Lever:
    """A lever.

    sort: a friction is a part in [0, 1] of what is on a rail, site, channel or product; an amount is multiplied by
        the strength of the intervention, a factor a becomes 1 + (a - 1) strength; permissions and flags hold or do not.
    phase: the strength that it goes with: expectations when it is announced, levers when it is effective, detection
        when it is enforced.
    rule: how several interventions combine, whatever their order: "survival" is 1 - prod(1 - x).
    """

    name: str
    sort: Sort
    phase: Phase
    rule: Rule


LEVERS: Final = (
    Lever("payment", "friction", "effective", "survival"),
    Lever("access", "friction", "effective", "survival"),
    Lever("media", "friction", "effective", "survival"),
    Lever("service", "friction", "effective", "survival"),
    Lever("fee", "amount", "effective", "sum"),
    Lever("permission", "permission", "effective", "maximum"),  # as exchanges expect it: announced
    Lever("claim", "flag", "effective", "maximum"),
    Lever("risk", "amount", "announced", "sum"),
    Lever("hazard", "factor", "announced", "product"),
    Lever("detection", "factor", "enforced", "product"),
    Lever("staffing", "factor", "enforced", "product"),
    Lever("entry-cost", "factor", "effective", "product"),
    Lever("gains-tax", "amount", "effective", "sum"),
    Lever("liability", "amount", "announced", "maximum"),
    Lever("suspension", "flag", "effective", "maximum"),
    Lever("refusal", "flag", "effective", "maximum"),
)
BY_NAME: Final = {lever.name: lever for lever in LEVERS}

PHASES: Final[tuple[Phase, ...]] = ("announced", "effective", "enforced")
RULES: Final[tuple[Rule, ...]] = ("survival", "maximum", "sum", "product")
PERMISSIONS: Final = ("free", "licence", "forbidden")
"""What the lever "permission" can be set to, the stricter the later."""
