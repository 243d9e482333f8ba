"""How the intensity of an intervention changes what it does: the one number behind `Policy.strengthen`."""

from dataclasses import dataclass, replace

from sim.scenario.policy.written import EnforcementMandate
from sim.schedule.levers import BY_NAME
from sim.schedule.schedule import Effect


@dataclass(frozen=True, slots=True)
class Strength:
    """Reach of an intervention (part of its targets, before exemptions), its effects and its enforcement."""

    reach: float
    effects: tuple[Effect, ...]
    enforcement: EnforcementMandate | None


def scaled(reach: float, effects: tuple[Effect, ...], mandate: EnforcementMandate | None, by: float) -> Strength:
    """The intervention `by` times as hard.

    Of a friction, reach x value arrives. That is multiplied, up to 1: first the reach grows, and when that is 1 the
    value. Amounts are multiplied. A factor is raised to the power `by`, because factors of several interventions are
    multiplied: at 2 the intervention counts as two of its kind. Permissions and claims are as they are.
    """
    excess = max(1.0, reach * by)
    changed = tuple(replace(effect, value=_value(effect, by, excess)) for effect in effects)
    return Strength(min(1.0, reach * by), changed, None if mandate is None else _enforcement(mandate, by))


def _value(effect: Effect, by: float, excess: float) -> float:
    sort = BY_NAME[effect.lever].sort
    if sort == "friction":
        return min(1.0, effect.value * excess)
    if sort == "amount":
        return effect.value * by
    return float(effect.value**by) if sort == "factor" else effect.value


def _enforcement(mandate: EnforcementMandate, by: float) -> EnforcementMandate:
    """Detection so many times as frequent, and a list of sites so many times as long."""
    campaign = mandate.campaign
    if campaign is not None:
        campaign = campaign.model_copy(update={"sites": round(campaign.sites * by), "then": campaign.then * by})
    return mandate.model_copy(update={"rate": mandate.rate * by, "campaign": campaign})
