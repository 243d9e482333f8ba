"""What arrives of an intervention, by its reach and its intensity: the one number behind `Policy.strengthen`."""

from dataclasses import dataclass, replace

from sim.scenario.policy.written import EnforcementMandate
from sim.schedule.levers import BY_NAME
from sim.schedule.schedule import Effect


@dataclass(frozen=True, slots=True)
class Reach:
    """The part of the target that is reached (coverage x efficacy), and of that the part that is not exempt."""

    reached: float
    kept: float

    @property
    def part(self) -> float:
        """Both together."""
        return self.reached * self.kept


def arriving(effects: tuple[Effect, ...], reach: Reach, by: float) -> tuple[Effect, ...]:
    """What arrives of effects that are `by` times as hard.

    Of a friction, reach x value arrives. That is multiplied, up to 1: first the reach grows, and when that is 1 the
    value. Amounts are multiplied by reach and intensity. A factor a becomes 1 + (a - 1) reach, which is raised to the
    power `by`, because factors of several interventions are multiplied: at 2 the intervention counts as two of its
    kind. Permissions and claims are as they are.
    """
    return tuple(replace(effect, value=_value(effect, reach, by)) for effect in effects)


def _value(effect: Effect, reach: Reach, by: float) -> float:
    sort, value = BY_NAME[effect.lever].sort, effect.value
    if sort == "friction":
        grown = min(1.0, value * max(1.0, reach.reached * by))
        return grown * (min(1.0, reach.reached * by) * reach.kept)
    if sort == "amount":
        return value * by * reach.part
    if sort == "factor":
        return float((value if reach.part == 1.0 else 1.0 + (value - 1.0) * reach.part) ** by)
    return value


def intensified(mandate: EnforcementMandate, by: float) -> EnforcementMandate:
    """Detection so many times as frequent, and a list of sites so many times as long."""
    campaign = mandate.campaign
    if campaign is not None:
        campaign = campaign.model_copy(update={"sites": round(campaign.sites * by), "then": campaign.then * by})
    return mandate.model_copy(update={"rate": mandate.rate * by, "campaign": campaign})
