"""When a path of domestic volume fell and came back: half-life, time to effect, rebound."""

import math

from sim.kernels.compile import inlined, kernel
from sim.model.outcomes.volume_measures import NEGLIGIBLE, ratio
from sim.world.arrays import Floats

ROUNDING = 1e-9
"""Progress short of a level by less than this has reached it."""


@kernel
def half_life(day: Floats, path: Floats, losses: Floats, reference: float, announced: float, effective: float) -> float:
    """Days from effect until a path (T,) has fallen to half of its reference; negative if before effect."""
    return _first_reach(day, path, losses, reference, 0.5 * reference, announced) - effective


@kernel
def time_to_effect(
    day: Floats, path: Floats, losses: Floats, reference: float, level: float, announced: float, effective: float,
    part: float,
) -> float:  # fmt: skip
    """Days from effect until a path (T,) has gone `part` of the way to its new level; negative if before."""
    step = level - reference
    if not abs(step) > NEGLIGIBLE * reference:
        return math.nan
    return _first_reach(day, path, losses, reference, reference + part * step, announced) - effective


@kernel
def rebound(day: Floats, path: Floats, reference: float, announced: float, within: float) -> float:
    """Part of the greatest loss of a path (T,) that is regained within so many days of its first minimum."""
    least = -1
    for t in range(len(day)):
        if day[t] >= announced and (least < 0 or path[t] < path[least]):
            least = t
    if least < 0:
        return math.nan
    most = path[least]
    for t in range(least, len(day)):
        if day[t] <= day[least] + within:
            most = max(most, path[t])
    return ratio(most - path[least], reference - path[least], NEGLIGIBLE * reference)


@kernel
def _first_reach(day: Floats, path: Floats, losses: Floats, start: float, level: float, since: float) -> float:
    """First day from `since` on at which a path that left `start` is at `level`.

    Between two records the path is a straight line or, if users were lost at once there, at `losses`, two lines and a
    jump. So nothing is earlier than what caused it.
    """
    if start == level:
        return math.nan
    there = 1.0 - ROUNDING
    earlier = math.nan
    for t in range(len(day)):
        progress = (start - path[t]) / (start - level)
        if progress >= there and day[t] >= since:
            if t == 0 or earlier >= there:
                return float(day[t])
            if math.isnan(losses[t]):
                return max(since, _reach(day[t - 1], day[t], earlier, progress))
            slope = _slope_without_loss(day, path, losses, t) / (level - start)
            before = min(max(earlier + slope * (losses[t] - day[t - 1]), earlier), progress)
            after = min(max(progress - slope * (day[t] - losses[t]), before), progress)
            if before >= there:
                return max(since, _reach(day[t - 1], losses[t], earlier, before))
            return float(losses[t] if after >= there else _reach(losses[t], day[t], after, progress))
        earlier = progress
    return math.nan


@inlined
def _reach(first: float, last: float, earlier: float, later: float) -> float:
    """When progress is 1 that goes from `earlier` to `later` between two days."""
    return first + min((1.0 - earlier) / (later - earlier), 1.0) * (last - first)


@inlined
def _slope_without_loss(day: Floats, path: Floats, losses: Floats, t: int) -> float:
    """Change per day of a path between records t - 1 and t but for a loss there: that between the records beside.

    The one before counts if nothing was lost there, else the one after, else the smaller of both.
    """
    before = (path[t - 1] - path[t - 2]) / (day[t - 1] - day[t - 2]) if t > 1 else 0.0
    after = (path[t + 1] - path[t]) / (day[t + 1] - day[t]) if t + 1 < len(day) else 0.0
    if t < 2 or math.isnan(losses[t - 1]):
        return before
    if t + 1 == len(day) or math.isnan(losses[t + 1]):
        return after
    return before if abs(before) < abs(after) else after
