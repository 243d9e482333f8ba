"""Attraction of venues: utility, frictions, and their refresh when something changed.

    B_kv = exp(brand_fk + taste_km + gamma_k liquidity_v - phi_k fee_v - rho_k risk_v) x friction_kv x notice_v

with, for offshore venues, the log attraction of a shell and of a local-language page, and (1 + b) for focal users
of an exchange that runs its own OTC desk as an on-ramp.
"""

import math

import numpy as np

from sim.model.codes import OFFSHORE, OTC
from sim.model.demand import set_pull, share
from sim.model.kernel import kernel
from sim.model.levers import CLAIM, DETECTION, EXPECTED, FEE, PERMISSION, RISK, SURVEYED, survey
from sim.model.state import State
from sim.model.world import Floats, World


@kernel
def base_volume(world: World, state: State, k: int, now: float) -> float:
    """Volume per day W_k that segment k would trade in all, without pulses (volume unit)."""
    segments = world.segments
    points = segments.path_points[k]
    day, value = segments.path_day[k], segments.path_value[k]
    n = 0
    while n + 1 < points and day[n + 1] <= now:
        n += 1
    level = value[n]
    if segments.path_linear[k] and n + 1 < points and now > day[n]:
        level += (value[n + 1] - value[n]) * (now - day[n]) / (day[n + 1] - day[n])
    return float(level + state.market.derived[k])


@kernel
def pull_of(
    world: World, state: State, k: int, f: int, mode: int, shell: bool, liquidity: float, fee: float, risk: float,
    friction: float,
) -> float:  # fmt: skip
    """Attraction of exchange f's slot for segment k, before notice and on-ramp."""
    base = state.traits.base[f, k, mode]
    if base == -math.inf or friction <= 0.0:
        return 0.0
    segments, settings = world.segments, world.settings
    u = base + segments.liquidity[k] * liquidity - segments.fee[k] * fee - segments.risk[k] * risk
    if mode == OFFSHORE:
        focal = segments.focal[k]
        if shell:
            u += settings.disguise_focal if focal else settings.disguise_foreign
        if focal and state.traits.page[f]:
            u += settings.page
    return math.exp(u) * friction


@kernel
def onramp(world: World, k: int) -> float:
    """Factor on the offshore attraction of an exchange with an own OTC desk."""
    return 1.0 + world.settings.onramp if world.segments.focal[k] else 1.0


@kernel
def refresh_levers(world: World, state: State, v: int) -> None:
    """Add up the levers on venue v anew."""
    venues, f = state.venues, v // 3
    found = np.empty(SURVEYED)
    survey(world, state, f, v % 3, state.traits.disguised[f], state.traits.host[f], venues.friction[v], found)
    venues.fee[v] = found[FEE]
    venues.risk[v] = found[RISK]
    venues.detection[v] = found[DETECTION]
    venues.permission[v] = int(found[PERMISSION])
    venues.expected[v] = int(found[EXPECTED])
    venues.claim[v] = found[CLAIM] > 0.0


@kernel
def refresh_pull(world: World, state: State, v: int) -> None:
    """Set the attraction of venue v from its present levers and liquidity."""
    venues, f, mode = state.venues, v // 3, v % 3
    if not venues.open[v]:
        return
    shell = state.traits.disguised[f]
    ramped = mode == OFFSHORE and venues.open[3 * f + OTC]
    for k in range(len(world.segments.switching)):
        pull = pull_of(
            world,
            state,
            k,
            f,
            mode,
            shell,
            venues.liquidity[v],
            venues.fee[v],
            venues.risk[v],
            venues.friction[v, k],
        )
        pull *= venues.notice[v]
        set_pull(state.market, k, v, pull * onramp(world, k) if ramped else pull)


@kernel
def refresh_firm(world: World, state: State, f: int) -> None:
    """Levers and attraction of all venues of an exchange."""
    for v in range(3 * f, 3 * f + 3):
        refresh_levers(world, state, v)
        refresh_pull(world, state, v)


@kernel
def counted_volume(world: World, state: State, v: int, volumes: Floats) -> float:
    """Real volume of venue v; `volumes` (K,) holds counts_k W_k."""
    total = 0.0
    for k in range(len(volumes)):
        if volumes[k] > 0.0:
            total += volumes[k] * share(state.market, k, v)
    return total


@kernel
def counted_segments(world: World, state: State, now: float) -> Floats:
    """Real volume per day of each segment, (K,)."""
    volumes = np.empty(len(world.segments.switching))
    for k in range(len(volumes)):
        volumes[k] = world.segments.counts[k] * base_volume(world, state, k, now)
    return volumes


@kernel
def liquidity_term(world: World, volume: float, mature: float) -> float:
    """ln((L + eps L_ref) / ((1 + eps) L_ref)): 0 for a mature book, very negative for an empty one."""
    floor = world.settings.liquidity_floor
    if mature <= 0.0:
        return 0.0
    return math.log((max(volume, 0.0) + floor * mature) / ((1.0 + floor) * mature))


@kernel
def refresh_liquidity(world: World, state: State, v: int, volumes: Floats) -> None:
    """Read venue v's volume and set its liquidity term."""
    venues = state.venues
    venues.volume[v] = counted_volume(world, state, v, volumes)
    venues.liquidity[v] = liquidity_term(world, venues.volume[v], venues.mature[v])
