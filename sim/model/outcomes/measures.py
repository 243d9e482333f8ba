"""What a policy achieved: the summary measures, from what was tallied of a run.

Volumes are focal volume per day at constant demand: shares weighted by the demand of the first day. They follow
traders, not turnover, so neither a pulse of activity nor growth from outside can pass for leakage. What is not defined
is NaN, never an error.
"""

import math

from sim.kernels.compile import inlined, kernel
from sim.model.outcomes.tally import AFTER, ANNOUNCED, ANY, BEFORE, EFFECTIVE, Tally
from sim.world.arrays import Floats, Ints, World
from sim.world.codes import (
    DOMESTIC,
    E_APPLICATION,
    E_CASE_OPENED,
    E_GRANTED,
    E_REFUSED,
    E_WITHDRAWN,
    OFFSHORE,
    OTC,
    STRATEGIES,
)

TRIFLE = 1e-3
"""A change below this part of the reference counts as none: a ratio to it would be noise."""
ROUNDING = 1e-9
"""Progress short of a level by less than this has reached it."""
_PART = 0.9  # of the way to the new level, for the time to effect
_YEAR = 365.0
_STRATEGIES = len(STRATEGIES)


@kernel
def traded(modes: Floats, when: int) -> float:
    """Focal volume of all modes in a window; `modes` (2, 3)."""
    return float(modes[when, DOMESTIC] + modes[when, OTC] + modes[when, OFFSHORE])


@kernel
def suppression(modes: Floats) -> float:
    """Part of the reference volume that has stopped trading; negative when trading grew."""
    before = traded(modes, BEFORE)
    return _ratio(before - traded(modes, AFTER), before, 0.0)


@kernel
def lost(modes: Floats) -> float:
    """Volume per day that left domestic venues; NaN when it is no more than a trifle of all focal volume."""
    loss = modes[BEFORE, DOMESTIC] - modes[AFTER, DOMESTIC]
    return float(loss) if loss > TRIFLE * traded(modes, BEFORE) else math.nan


@kernel
def displacement(modes: Floats, mode: int) -> float:
    """Part of what left domestic venues that a mode gained."""
    return float((modes[AFTER, mode] - modes[BEFORE, mode]) / lost(modes))


@kernel
def leakage(modes: Floats) -> float:
    """What OTC and offshore venues gained, per unit that domestic venues lost: the waterbed."""
    gained = modes[AFTER, OTC] + modes[AFTER, OFFSHORE] - (modes[BEFORE, OTC] + modes[BEFORE, OFFSHORE])
    return float(gained / lost(modes))


@kernel
def half_life(day: Floats, path: Floats, reference: float, announced: float, effective: float) -> float:
    """Days from effect until a path (T,) has fallen to half of its reference; negative if before effect."""
    return _first_reach(day, path, reference, 0.5 * reference, announced) - effective


@kernel
def time_to_effect(
    day: Floats, path: Floats, reference: float, level: float, announced: float, effective: float, part: float
) -> float:
    """Days from effect until a path (T,) has gone `part` of the way to its new level; negative if before."""
    step = level - reference
    if not abs(step) > TRIFLE * reference:
        return math.nan
    return _first_reach(day, path, reference, reference + part * step, announced) - effective


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
    return _ratio(most - path[least], reference - path[least], TRIFLE * reference)


@kernel
def concentration(sizes: Floats) -> float:
    """Herfindahl-Hirschman index over exchanges (F,): sum of squared shares, 1/F to 1."""
    total, squares = 0.0, 0.0
    for size in sizes:
        total += size
    if total <= 0.0:
        return math.nan
    for size in sizes:
        squares += (size / total) * (size / total)
    return squares


@kernel
def queue_times(codes: Ints, day: Floats, waits: Floats) -> None:
    """Fill `waits` (2,): how many applications came to an end, and how many days they took in all.

    `codes` (N, 6) of the journal and the `day` (N,) of each line, ascending. The n-th end of an applicant belongs to
    its n-th application.
    """
    waits[0], waits[1] = 0.0, 0.0
    for i in range(len(codes)):
        if not _ends(codes[i, 0]):
            continue
        nth = 0
        for j in range(i):
            nth += 1 if _ends(codes[j, 0]) and _same_applicant(codes, i, j) else 0
        for j in range(len(codes)):
            if codes[j, 0] == E_APPLICATION and _same_applicant(codes, i, j):
                if nth == 0:
                    waits[0] += 1.0
                    waits[1] += day[i] - day[j]
                    break
                nth -= 1


@inlined
def _ends(event: int) -> bool:
    """Whether an application comes to an end."""
    return event in (E_GRANTED, E_REFUSED, E_WITHDRAWN)


@inlined
def _same_applicant(codes: Ints, i: int, j: int) -> bool:
    """Whether two lines are about the same venue."""
    return bool(codes[i, 1] == codes[j, 1] and codes[i, 2] == codes[j, 2])


def measure_count(world: World) -> int:
    """How many values `measure` gives."""
    return 5 + len(world.jurisdictions.tax) + 3 + 2 + ANY + 3 + _STRATEGIES + 3


@kernel
def measure(tally: Tally, values: Floats) -> None:
    """All summary measures, in the order of `run_measures.MEASURES`, members in the order of their names."""
    modes, hosts = tally.modes, tally.hosts
    values[0], values[1] = suppression(modes), leakage(modes)
    values[2], values[3] = displacement(modes, OTC), displacement(modes, OFFSHORE)
    values[4] = (traded(modes, BEFORE) - traded(modes, AFTER)) / lost(modes)
    n = 5
    for j in range(hosts.shape[1]):
        values[n + j] = (hosts[AFTER, j] - hosts[BEFORE, j]) / lost(modes)
    n += hosts.shape[1]
    n = _timing(tally, values, n)
    whole = traded(modes, AFTER)
    values[n], values[n + 1] = concentration(tally.sizes), _ratio(tally.exposed[ANY], whole, 0.0)
    for kind in range(ANY):
        values[n + 2 + kind] = _ratio(tally.exposed[kind], whole, 0.0)
    _effort(tally, values, n + 2 + ANY)


@kernel
def _timing(tally: Tally, values: Floats, n: int) -> int:
    """When it happened; returns the place of the next measure."""
    day, path, announced, effective = tally.day, tally.path, tally.dates[ANNOUNCED], tally.dates[EFFECTIVE]
    reference, level = tally.modes[BEFORE, DOMESTIC], tally.modes[AFTER, DOMESTIC]
    values[n] = half_life(day, path, reference, announced, effective)
    values[n + 1] = time_to_effect(day, path, reference, level, announced, effective, _PART)
    values[n + 2] = rebound(day, path, reference, announced, _YEAR)
    return n + 3


@kernel
def _effort(tally: Tally, values: Floats, n: int) -> None:
    """What it took, and what became of the exchanges."""
    cases, suppressed = tally.events[E_CASE_OPENED], suppression(tally.modes)
    values[n], values[n + 1] = tally.effort[0], cases
    values[n + 2] = cases / (100.0 * suppressed) if suppressed > TRIFLE else math.nan
    for s in range(_STRATEGIES):
        values[n + 3 + s] = tally.strategies[s]
    n += 3 + _STRATEGIES
    values[n] = tally.events[E_GRANTED]
    values[n + 1] = tally.waits[1] / tally.waits[0] if tally.waits[0] > 0.0 else math.nan
    values[n + 2] = tally.sites[0]


@kernel
def _ratio(part: float, whole: float, least: float) -> float:
    return part / whole if whole > least else math.nan


@kernel
def _first_reach(day: Floats, path: Floats, start: float, level: float, since: float) -> float:
    """First day from `since` on at which a path that left `start` is at `level`; linear between records."""
    if start == level:
        return math.nan
    earlier = math.nan
    for t in range(len(day)):
        progress = (start - path[t]) / (start - level)
        if progress >= 1.0 - ROUNDING and day[t] >= since:
            if t == 0 or earlier >= 1.0:
                return float(day[t])
            step = min((1.0 - earlier) / (progress - earlier), 1.0)
            return float(day[t - 1] + step * (day[t] - day[t - 1]))
        earlier = progress
    return math.nan
