"""What the interventions in force add up to, for one venue as it is or as it might be.

Levers combine by rule, never by order: frictions as 1 - prod(1 - x), permissions as the maximum, fees, taxes
and user risk as a sum, factors (hazard, detection, staffing, entry cost) as a product; factor a at strength x is
1 + (a - 1) x.
Which lever has which rule is said in `sim.schedule.levers`.
"""

import numpy as np

from sim.kernels.compile import inlined, kernel, rare
from sim.model.state import EXPECTED, EXPECTED_TO_SERVE, OWN_ROWS, LeverTotals, State
from sim.model.traders.utility import deter
from sim.world import codes as c
from sim.world.arrays import Floats, World

SLOWEST = 1e-9  # speed of an agency without staff, which works in principle


@kernel
def bears_on(world: World, intervention: int, f: int, mode: int, shell: bool, host: int) -> bool:
    """Whether the intervention's target includes this venue, regions aside."""
    interventions, i = world.interventions, intervention
    named = c.OFFSHORE + 1 if shell and mode == c.OFFSHORE else mode
    if not interventions.exchanges[i, f] or not interventions.modes[i, named]:
        return False
    return mode != c.OFFSHORE or host < 0 or bool(interventions.hosts[i, host])


@kernel
def applies_to(world: World, state: State, intervention: int, f: int, mode: int, shell: bool, host: int) -> bool:
    """Whether the intervention binds this exchange's venue, region included."""
    in_region = bool(world.interventions.regions[intervention, state.exchanges.region[f]])
    return in_region and bears_on(world, intervention, f, mode, shell, host)


@kernel
def binds(world: World, state: State, intervention: int, v: int) -> bool:
    """Whether the intervention binds venue v as it is, open or not, region included."""
    f = v // 3
    shell, host = bool(state.exchanges.disguised[f]), state.exchanges.host[f]
    return applies_to(world, state, intervention, f, v % 3, shell, host)


@inlined
def of_venue(world: World, state: State, i: int, f: int, mode: int) -> bool:
    """Whether what intervention i asks of exchange f's slot is asked of the venue itself.

    Of an honest venue abroad focal law can ask no more than whom it serves.
    """
    return mode != c.OFFSHORE or bool(state.exchanges.disguised[f]) or not world.interventions.focal_law[i]


@inlined
def lever_totals(world: World, state: State, f: int, mode: int, shell: bool, host: int, limited: bool) -> int:
    """The row of `state.lever_totals` that holds what the levers on exchange f's slot add up to.

    Slots that the levers cannot tell apart share a row, which is computed anew only after a lever has moved; a slot
    whose site is blocked or whose accounts are frozen, or that is `limited` in its products to what
    `state.lever_totals.licensed` says, gets one of the last rows, which is valid until the next call.
    """
    v, group = 3 * f + mode, _group(world, state, f, mode, shell, host)
    if state.venues.blocked[v] > 0.0 or state.venues.frozen[v] > 0.0 or limited:
        return _own_row(world, state, v, group, mode, shell, limited)
    if not state.lever_totals.current[group]:
        _fill_group(world, state, group, mode, shell)
    return group


@rare
def _fill_group(world: World, state: State, group: int, mode: int, shell: bool) -> None:
    _fill_totals(world, state, group, group, mode, shell, 0.0, 0.0, False)
    state.lever_totals.current[group] = True


@rare
def _own_row(world: World, state: State, v: int, group: int, mode: int, shell: bool, limited: bool) -> int:
    """The row of slot v, which has frictions of its own. What is limited depends on more, and is computed each time."""
    found, blocked, frozen = state.lever_totals, state.venues.blocked[v], state.venues.frozen[v]
    first = len(found.current) - OWN_ROWS
    if not limited:
        for n in range(OWN_ROWS):
            same = found.own_friction[n, 0] == blocked and found.own_friction[n, 1] == frozen
            if same and found.own_group[n] == group and found.current[first + n]:
                return first + n
    n = found.own_next[0]
    found.own_next[0] = (n + 1) % OWN_ROWS
    found.own_group[n], found.own_friction[n, 0], found.own_friction[n, 1] = group, blocked, frozen
    _fill_totals(world, state, group, first + n, mode, shell, blocked, frozen, limited)
    found.current[first + n] = not limited
    return int(first + n)


@kernel
def lever_moved(world: World, state: State, intervention: int) -> None:
    """Totals of the groups that the intervention bears on are out of date."""
    groups, current = world.lever_groups, state.lever_totals.current
    for n in range(groups.first_group[intervention], groups.first_group[intervention + 1]):
        current[groups.group[n]] = False
    for row in range(len(current) - OWN_ROWS, len(current)):
        current[row] = False
    _note_strength(state, intervention)
    if world.interventions.action[intervention] >= 0:
        _list_enforcing(world, state)
    if world.interventions.prices_entry[intervention]:
        _price_entry(world, state)


@kernel
def all_levers_moved(world: World, state: State) -> None:
    """All totals are out of date."""
    current = state.lever_totals.current
    for group in range(len(current)):
        current[group] = False
    for i in range(len(world.interventions.key)):
        _note_strength(state, i)
    _list_enforcing(world, state)
    _price_entry(world, state)


@inlined
def _note_strength(state: State, i: int) -> None:
    in_force, any_strength = state.in_force, False
    for phase in range(in_force.strength.shape[1]):
        any_strength |= in_force.strength[i, phase] != 0.0
    in_force.has_strength[i] = any_strength


@kernel
def _list_enforcing(world: World, state: State) -> None:
    """List, for each action, the interventions under which venues are sought."""
    interventions, strength = world.interventions, state.in_force.strength
    enforcing, count = state.in_force.enforcing, state.in_force.enforcing_count
    for action in range(len(count)):
        count[action] = 0
    for i in range(len(interventions.key)):
        action = interventions.action[i]
        if action >= 0 and interventions.rate[i] > 0.0 and strength[i, c.ENFORCED] > 0.0:
            enforcing[action, count[action]] = i
            count[action] += 1


@inlined
def _group(world: World, state: State, f: int, mode: int, shell: bool, host: int) -> int:
    """Group of the slot of exchange f's venue, or of one that it might run."""
    regions, jurisdictions = world.interventions.regions.shape[1], len(world.jurisdictions.tax) + 1
    posture = mode
    if mode == c.OFFSHORE:
        posture += host + 1 + (jurisdictions if shell else 0)
    kind = world.lever_groups.kind[f] * regions + state.exchanges.region[f]
    return int(kind * (2 + 2 * jurisdictions) + posture)


@kernel
def _fill_totals(
    world: World,
    state: State,
    group: int,
    row: int,
    mode: int,
    shell: bool,
    blocked: float,
    frozen: float,
    limited: bool,
) -> None:
    """Add up the levers on slots of group group.

    Fills `lever_factor[row]` (K,), the factor on attraction, and `totals[row]`, by lever; frictions are in the factor
    only.
    """
    found, honest, shell = state.lever_totals, mode == c.OFFSHORE and not shell, shell and mode == c.OFFSHORE
    _bind_columns(world, state, group, blocked, frozen, limited)
    _add_levers(world, state, group, honest, found.totals[row])
    _combine_frictions(world, state, mode, found.lever_factor[row])
    deter(world, mode, shell, found.totals[row], found.lever_factor[row])


@kernel
def _add_levers(world: World, state: State, group: int, honest: bool, totals: Floats) -> None:
    """Add up the levers on a group; frictions bind columns."""
    found = state.lever_totals
    for n in range(len(c.NEUTRAL)):
        totals[n] = c.NEUTRAL[n]
    totals[EXPECTED], totals[EXPECTED_TO_SERVE] = c.NEUTRAL[c.L_PERMISSION], c.NEUTRAL[c.L_PERMISSION]
    # Arrays are looked up once: doing so for each effect would cost as much as the arithmetic.
    interventions, strength, effect = world.interventions, state.in_force.strength, world.lever_groups.effect
    has_strength = state.in_force.has_strength
    of, levers, amounts, columns, segments = (
        interventions.effect_of,
        interventions.lever,
        interventions.amount,
        interventions.column,
        interventions.segments,
    )
    for n in range(world.lever_groups.first[group], world.lever_groups.first[group + 1]):
        e = effect[n]
        i, lever = of[e], levers[e]
        if not has_strength[i]:
            continue
        if c.IS_FRICTION[lever]:
            x = amounts[e] * _felt_strength(world, strength, i)
            if x > 0.0:
                if not found.bound[columns[e]]:
                    _bind(found, columns[e], 1.0)
                passed = found.passed[columns[e]]
                for k in range(len(passed)):
                    if segments[i, k]:
                        passed[k] *= 1.0 - x
        else:
            _add(world, lever, amounts[e], strength, i, honest, totals)


@kernel
def _bind_columns(world: World, state: State, group: int, blocked: float, frozen: float, limited: bool) -> None:
    """Bind columns by what is no lever: products not offered or licensed, blocked sites, frozen accounts."""
    found, columns, offered = state.lever_totals, world.columns, world.lever_groups.offered[group]
    for n in range(len(found.bound)):
        found.bound[n] = False
    if frozen > 0.0:
        for n in range(columns.rails):
            _bind(found, n, 1.0 - frozen)
    if blocked > 0.0:
        _bind(found, columns.access, 1.0 - blocked)
    for q in range(len(offered)):
        n = columns.product + q
        if limited or offered[q] != 1.0:
            _bind(found, n, offered[q])
        if limited:
            for k in range(len(found.lost)):
                found.passed[n, k] *= found.licensed[k, q]


@inlined
def _bind(found: LeverTotals, column: int, passed: float) -> None:
    """Let so much pass a column that nothing has bound before."""
    found.bound[column] = True
    for k in range(len(found.lost)):
        found.passed[column, k] = passed


@kernel
def _add(world: World, lever: int, amount: float, strength: Floats, i: int, honest: bool, totals: Floats) -> None:
    """Add one effect of intervention i that is no friction; `strength` (I, 3) by phase.

    `honest` is a venue abroad, of which focal law asks whom it serves and nothing else (`regulators.foreign_service`).
    """
    if honest and world.interventions.focal_law[i] and (lever == c.L_PERMISSION or lever == c.L_SUSPENSION):
        if lever == c.L_PERMISSION:
            announced = strength[i, c.ANNOUNCED]
            totals[EXPECTED_TO_SERVE] = combined(lever, totals[EXPECTED_TO_SERVE], amount, announced)
        return
    felt = _felt_strength(world, strength, i) if c.DETERS[lever] else strength[i, c.PHASE[lever]]
    totals[lever] = combined(lever, totals[lever], amount, felt)
    if lever == c.L_PERMISSION:
        totals[EXPECTED] = combined(lever, totals[EXPECTED], amount, strength[i, c.ANNOUNCED])


@inlined
def _felt_strength(world: World, strength: Floats, i: int) -> float:
    """Strength of what keeps traders away: that in effect, or the part of what is announced that is acted on."""
    return float(max(strength[i, c.EFFECTIVE], world.interventions.anticipation[i] * strength[i, c.ANNOUNCED]))


@inlined
def combined(lever: int, level: float, amount: float, strength: float) -> float:
    """Level of a lever that is no friction, with one effect more."""
    if c.RULE[lever] == c.PRODUCT:
        return level * (1.0 + (amount - 1.0) * strength)
    if c.RULE[lever] == c.SUM:
        return level + amount * strength
    if c.HOLDS_OR_NOT[lever]:
        return max(level, amount) if strength > 0.0 else level
    return max(level, amount * strength)


@kernel
def _combine_frictions(world: World, state: State, mode: int, friction: Floats) -> None:
    """Fill `friction` (K,), the factor on attraction, from what passes the columns: all if none is bound.

    Losses are added within a group of columns, which stand together, and what is left is multiplied over groups.
    """
    found, columns, suffering, current = state.lever_totals, world.columns, world.segments.suffering[mode], -1
    for k in range(len(friction)):
        friction[k], found.lost[k] = 1.0, 0.0
    for n in range(len(found.bound)):
        if not found.bound[n]:
            continue
        if columns.group[n] != current:
            if current >= 0:
                _leave(found.lost, friction)
            current = columns.group[n]
        reach = columns.reach[mode] if n < columns.rails else 1.0
        for k in range(len(friction)):
            found.lost[k] += reach * (suffering[k, n] * (1.0 - found.passed[n, k]))
    _leave(found.lost, friction)


@inlined
def _leave(lost: Floats, friction: Floats) -> None:
    """Multiply a factor by what a group of columns leaves."""
    for k in range(len(friction)):
        friction[k] *= max(0.0, 1.0 - lost[k])
        lost[k] = 0.0


@kernel
def staffing(world: World, state: State, agency: int) -> float:
    """Factor on the speed at which an agency works off its cases, and its offices their applications."""
    interventions, factor = world.interventions, c.NEUTRAL[c.L_STAFFING]
    for e in range(len(interventions.effect_of)):
        i = interventions.effect_of[e]
        if interventions.lever[e] == c.L_STAFFING and interventions.agency[i] == agency:
            factor = combined(c.L_STAFFING, factor, interventions.amount[e], state.in_force.strength[i, c.ENFORCED])
    return float(factor)


@kernel
def _price_entry(world: World, state: State) -> None:
    """Set the factors on the cost of entering each host."""
    interventions, factor = world.interventions, state.in_force.entry_cost_factor
    for j in range(len(factor)):
        factor[j] = c.NEUTRAL[c.L_ENTRY]
    for e in range(len(interventions.effect_of)):
        i = interventions.effect_of[e]
        if interventions.lever[e] == c.L_ENTRY:
            for j in range(len(factor)):
                if interventions.hosts[i, j]:
                    factor[j] = combined(
                        c.L_ENTRY, factor[j], interventions.amount[e], state.in_force.strength[i, c.EFFECTIVE]
                    )


@kernel
def first_to_end(world: World, state: State, f: int, mode: int) -> int:
    """The announced intervention by which exchange f's slot must close first, -1 if none forbids it.

    Of several with one deadline, that whose key comes first: the order of the list means nothing.
    """
    interventions, first, earliest = world.interventions, -1, np.inf
    for i in range(len(interventions.key)):
        announced = interventions.limits[i] and state.in_force.strength[i, c.ANNOUNCED] > 0.0
        if announced and binds(world, state, i, 3 * f + mode) and of_venue(world, state, i, f, mode):
            day = state.in_force.start_day[i] + interventions.deadline[i]
            if day < earliest or (day == earliest and interventions.key[i] < interventions.key[first]):
                first, earliest = i, day
    return first


@inlined
def forced_day(world: World, state: State, i: int, now: float) -> float:
    """The day by which what intervention i ends must close, infinity for none (-1)."""
    return float(max(now, state.in_force.start_day[i] + world.interventions.deadline[i])) if i >= 0 else np.inf
