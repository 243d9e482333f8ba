"""Utility of a venue to a segment, term by term, each as a factor on attraction.

    u_kv = brand_f + audience_fk + taste_km + gamma_k liquidity_v - phi_k (fee_v + gain_k tax_v) - rho_k risk_v
           + disguise_k (shells) + page (local language, focal, offshore)

Its terms change on different occasions, so exp(u) is kept as a product (see `attraction`).
"""

import math

from sim.kernels.compile import inlined, kernel
from sim.model.state import State
from sim.world.arrays import Floats, World
from sim.world.codes import L_FEE, L_GAINS_TAX, L_RISK, OFFSHORE


@kernel
def set_base_attraction(world: World, state: State, f: int, brand: float) -> None:
    """Set exp(brand + audience + taste + page) of exchange f, whose local-language page has been drawn."""
    taste, attraction = world.exchanges.taste[f], state.exchanges.base_attraction[f]
    for k in range(len(taste)):
        for m in range(3):
            attraction[k, m] = math.exp(taste[k, m] + brand)
        if state.exchanges.has_local_page[f] and world.segments.focal[k]:
            attraction[k, OFFSHORE] *= math.exp(world.settings.page_attraction)


@inlined
def liquidity_term(world: World, volume: float, mature: float) -> float:
    """ln((L + eps L_ref) / ((1 + eps) L_ref)): 0 for a mature book, very negative for an empty one."""
    floor = world.settings.liquidity_floor
    if mature <= 0.0:
        return 0.0
    return math.log((max(volume, 0.0) + floor * mature) / ((1.0 + floor) * mature))


@inlined
def set_liquidity(world: World, state: State, v: int, liquidity: float) -> None:
    """Give venue v this liquidity term."""
    state.venues.liquidity[v] = liquidity
    for k in range(len(world.segments.switching)):
        set_liquidity_factor(world, state, k, v)


@inlined
def set_liquidity_factor(world: World, state: State, k: int, v: int) -> None:
    """Set exp(gamma liquidity) of venue v for segment k, the segments before it having been done."""
    weight, factor = world.segments.liquidity, state.venues.liquidity_factor[v]
    same = k > 0 and weight[k] == weight[k - 1]
    factor[k] = factor[k - 1] if same else math.exp(weight[k] * state.venues.liquidity[v])


@kernel
def set_planned_liquidity(world: World, state: State) -> None:
    """Set the liquidity that an exchange counts on for a new venue, and its factor for each segment."""
    scratch = state.scratch
    scratch.planned_liquidity[0] = liquidity_term(world, world.settings.prospect, 1.0)
    for k in range(len(scratch.planned_liquidity_factor)):
        scratch.planned_liquidity_factor[k] = math.exp(world.segments.liquidity[k] * scratch.planned_liquidity[0])


@kernel
def deter(world: World, mode: int, disguised: bool, totals: Floats, factor: Floats) -> None:
    """Make `factor` (K,), what frictions leave, the factor of all levers and of disguise on attractions in a mode.

    Levers act on the utility of a mode, so within nests on that of a venue times 1 / lambda; what a shell loses or
    gains by hiding is, like a brand, what it has within its nest.
    """
    segments = world.segments
    for k in range(len(factor)):
        charge = totals[L_FEE] + segments.gain[k] * totals[L_GAINS_TAX]
        u = -segments.fee[k] * charge - segments.risk[k] * totals[L_RISK]
        hidden = segments.disguise[k] if disguised else 0.0
        power = segments.lever_power[k, mode]
        if power != 1.0:
            left = factor[k] * math.exp(u) if u != 0.0 else factor[k]
            left = left**power if left != 1.0 else left  # most slots are under no lever
            factor[k] = left * math.exp(hidden) if disguised else left
        elif u != 0.0 or disguised:
            factor[k] *= math.exp(u + hidden)


@kernel
def set_notice(world: World, state: State, v: int, days: float) -> None:
    """Set the factor on the attraction of venue v, whose end has been announced so many days ahead; inf: it has not."""
    power, factor, by = world.segments.lever_power, state.venues.notice_factor[v], state.venues.ended_by[v]
    scale = world.settings.notice_scale
    if by >= 0 and not math.isnan(world.interventions.notice_scale[by]):
        scale = world.interventions.notice_scale[by]
    notice = -math.expm1(-days / scale) if scale > 0.0 else 1.0
    for k in range(len(factor)):
        factor[k] = notice if power[k, v % 3] == 1.0 else notice ** power[k, v % 3]
