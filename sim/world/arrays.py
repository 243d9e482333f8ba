"""The world as arrays: what no run changes.

Sizes: K segments, F exchanges, V = 3 F venues (venue = 3 exchange + mode), J jurisdictions, R regions,
L friction columns (rails, then access, then channels, then products), Q products, I interventions, E effects,
N steps of interventions, G agencies, O offices, A adaptive rules, T points of a volume path. Random quantities
are rows (kind, a, b), see `codes`. Rates are per day, times in days from the start. Lengths of last dimensions that
no scenario changes are part of a field's annotation, see `shared`.
"""

from typing import Annotated, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.world.codes import OPTIONS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Keys = NDArray[np.uint64]


class Segments(NamedTuple):
    """Cohorts of traders, each array (K,) unless said otherwise."""

    switching: Floats
    outside: Floats  # attraction of not trading
    real_part: Floats  # part of the volume that is real
    liquidity: Floats
    fee: Floats
    risk: Floats
    attention: Floats
    panic: Floats
    derived: Floats  # volume per unit of focal offshore volume
    focal: Bools
    habit: Annotated[Floats, 3]  # (K, 3) weight, adopt, forget
    suffering: Floats  # (K, L) weight of a friction column x (1 - skill) or need
    path_day: Floats  # (K, T)
    path_value: Floats  # (K, T)
    path_points: Ints  # how many points of the path are in use
    path_linear: Bools


class Columns(NamedTuple):
    """Friction columns."""

    group: Ints  # (L,) frictions add within a group and multiply between groups
    groups: int
    rails: int  # the first columns are rails
    access: int  # index of the access column
    product: int  # index of the first product column
    reach: Annotated[Floats, 3]  # (3,) part of a payment friction that a mode feels


class Jurisdictions(NamedTuple):
    """Jurisdictions, each array (J,) unless said otherwise."""

    entry_cost: Floats
    tax: Floats
    hazard: Floats
    delay: Floats
    appeal: Floats
    office: Ints  # office that licenses offshore venues here, -1 none
    unwelcome: Floats  # (J, Q)


class Exchanges(NamedTuple):
    """Exchanges as configured, each array (F,) unless said otherwise."""

    key: Keys  # address of its random draws
    focal: Bools  # at home in the focal jurisdiction
    fixed: Bools  # never reconsiders
    enters: Floats  # day of entry, NaN if there from the start
    strategy: Ints  # at the start
    host: Ints  # at the start, -1 none
    taste: Annotated[Floats, 3]  # (F, K, 3) log attraction without brand; -inf where not served
    offers: Bools  # (F, Q)
    options: Annotated[Bools, OPTIONS]  # (F, S)
    postures: Annotated[Bools, 5]  # (F, 5) those that its options make use of
    hosts: Bools  # (F, J)
    region: Floats  # (F, R) cumulative probability of the region, all 0 if none
    brand: Annotated[Floats, 3]  # rows (F, 3), as the six below
    lead_time_factor: Annotated[Floats, 3]
    caution: Annotated[Floats, 3]
    sanction_weight: Annotated[Floats, 3]
    notice_used: Annotated[Floats, 3]
    local_page: Annotated[Floats, 3]
    reaction: Annotated[Floats, 3]
    capital: Floats  # (F,) inf if not limited


class Interventions(NamedTuple):
    """Interventions, their effects, and the steps by which they come into force."""

    key: Ints  # (I,) address of the reactions to it
    modes: Annotated[Bools, 4]  # (I, 4) domestic, otc, honest offshore, disguised
    hosts: Bools  # (I, J)
    exchanges: Bools  # (I, F)
    regions: Bools  # (I, R + 1); the last column stands for exchanges without a region
    segments: Bools  # (I, K)
    agency: Ints  # (I,) -1 none
    deadline: Floats  # (I,) days from its origin, NaN none
    panic: Annotated[Floats, 2]  # (I, 2) amplitude, decay
    action: Ints  # (I,) what detected venues suffer, -1 none
    rate: Floats  # (I,) detection rate
    campaign: Annotated[Floats, 3]  # (I, 3) sites, days, sites per day afterwards
    reaction: Annotated[Floats, 3]  # rows (I, 3), absent: the exchange's own
    offices: Bools  # (I, O)
    rule: Ints  # (I,) rule whose ladder it stands on, -1 dated
    rung: Ints  # (I,) step of that ladder
    effect_of: Ints  # (E,) intervention of an effect
    lever: Ints  # (E,)
    column: Ints  # (E,) friction column, -1 where there is none
    amount: Floats  # (E,)
    step_of: Ints  # (N,) intervention of a step; sorted by intervention, then time
    step_time: Floats  # (N,) days from the origin
    step_phase: Ints  # (N,) -1 if no strength changes
    step_value: Floats  # (N,) strength after it
    step_event: Ints  # (N,)
    step_attention: Floats  # (N,) part of the traders who reconsider at this step
    first_step: Ints  # (I + 1,) steps of intervention i: first[i] up to first[i + 1]


class LeverGroups(NamedTuple):
    """Kinds of slot that the levers cannot tell apart: kind of exchange, region, and posture with its host.

    C = kinds x (R + 1) x (2 + 2 (J + 1)): domestic, OTC, honest offshore by host, disguised by host; no host first.
    """

    kind: Ints  # (F,) kind of each exchange: what is aimed at one is aimed at all of its kind
    offered: Floats  # (C, Q) part of each product that is to be had
    first: Ints  # (C + 1,) effects that bear on slot c: effect[first[c]] up to effect[first[c + 1]]
    effect: Ints
    first_group: Ints  # (I + 1,) slots that intervention i moves: slot[met[i]] up to slot[met[i + 1]]
    group: Ints


class Rules(NamedTuple):
    """Adaptive rules, each array (A,)."""

    indicator: Ints
    sign: Floats  # +1 above the threshold, -1 below
    threshold: Floats
    hold: Floats
    every: Floats
    lag_intervals: Ints  # reporting lag in whole monitoring intervals
    cooldown: Floats
    starts: Floats
    rungs: Ints


class Agencies(NamedTuple):
    """Agencies, each array (G,) unless said otherwise."""

    capacity: Ints
    service: Floats  # rows (G, 3)


class Offices(NamedTuple):
    """Licensing offices, each array (O,) unless said otherwise."""

    officers: Ints
    service: Floats  # rows (O, 3)
    approval: Floats
    batch: Floats  # 0 none
    deemed: Floats  # probability, 0 none
    apply_by: Floats  # inf: always
    patience: Floats  # rows (O, 3)


class Economy(NamedTuple):
    """What venues earn and cost. Postures in rows: domestic, otc, offshore, disguised, defy."""

    take: Annotated[Floats, 3]  # (3,)
    running: Annotated[Floats, 5, 2]  # (5, 2) fixed, part of the reference revenue
    launch: Annotated[Floats, 5, 2]  # (5, 2) fixed, days of the reference revenue
    loss: Annotated[Floats, 5, 2]  # (5, 2)
    lead: Annotated[Floats, 5, 3]  # rows (5, 3)
    prior: Annotated[Floats, 5]  # (5,) hazard
    size_exponent: Annotated[Floats, 5]  # (5,) exponent
    exit: Annotated[Floats, 2]  # (2,)


class Settings(NamedTuple):
    """Numbers of the scenario that belong to nobody."""

    horizon: float
    temperature: float
    constant: float
    fresh_part: float
    host_temperature: float
    review: float
    loss_trigger: float
    liquidity_floor: float
    prospect: float
    onramp: float
    disguise_focal: float
    disguise_foreign: float
    local_page: float
    notice_scale: float
    wave_first: float
    wave_later: float
    news: float
    minimum: float
    unforced: float
    belief_weight: float
    forgetting: float
    reference_size: float
    size_exponent: float
    page_visibility: float
    freeze: float
    freeze_friction: float
    recovery: float
    fine_fixed: float
    fine_days: float
    background: int
    residual: float
    end: float


class World(NamedTuple):
    """All of it; `return_lag` is the random lag (3,) of a blocked site's return."""

    segments: Segments
    columns: Columns
    jurisdictions: Jurisdictions
    exchanges: Exchanges
    interventions: Interventions
    lever_groups: LeverGroups
    rules: Rules
    agencies: Agencies
    offices: Offices
    economy: Economy
    settings: Settings
    strategy_postures: Annotated[Ints, 3]  # (S, 3) posture of each strategy's slots, -1 none
    return_lag: Floats
