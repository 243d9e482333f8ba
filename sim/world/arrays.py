"""The world as arrays: what no run changes.

The lengths of arrays: K segments, F exchanges, J jurisdictions, R regions, L friction columns (rails, then access, then
channels, then products), Q products, I interventions, E effects, N steps of interventions, G agencies, O offices, A
adaptive rules, P points of a volume path, M of the price of volume in money, D volumes given for the first day, X
entries of the file that stand for an exchange or a group, C lever groups, S pauses and Y dates of an office; 3 modes, 5
postures.
Random quantities are rows of 3 (kind, a, b), see `codes`. Rates are per day, times in days from the start.
"""

from typing import Annotated, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernels.shapes import Shape
from sim.world.codes import NESTS, OPTIONS, POSTURES, STRATEGIES

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Keys = NDArray[np.uint64]


class Segments(NamedTuple):
    """Cohorts of traders."""

    switching: Annotated[Floats, Shape("K")]  # rate at which traders reconsider
    outside: Annotated[Floats, Shape("K")]  # attraction of not trading
    real_part: Annotated[Floats, Shape("K")]  # part of the volume that is real
    liquidity: Annotated[Floats, Shape("K")]  # weight of a venue's liquidity in its utility
    fee: Annotated[Floats, Shape("K")]  # weight of fees
    gain: Annotated[Floats, Shape("K")]  # gain per unit of volume, on which gains are taxed
    risk: Annotated[Floats, Shape("K")]  # weight of user risk
    attention: Annotated[Floats, Shape("K")]  # factor on the part that reconsiders when an intervention is in the news
    panic: Annotated[Floats, Shape("K")]  # factor on the pulse of turnover that an announcement sets off
    disguise: Annotated[Floats, Shape("K")]  # log attraction of a shell, against an honest venue abroad
    derived: Annotated[Floats, Shape("K")]  # volume per unit of focal offshore volume
    focal: Annotated[Bools, Shape("K")]
    measured: Annotated[Bools, Shape("K")]  # focal, and trades coins against money
    dissimilarity: Annotated[Floats, Shape("K", len(NESTS))]  # lambda of each nest, 1 none
    nested: Annotated[Bools, Shape("K")]  # whether it has any nest
    lever_power: Annotated[Floats, Shape("K", 3)]  # 1 / lambda of all nests that hold a mode's venues, 1 none
    habit: Annotated[Floats, Shape("K", 3)]  # weight, adopt, forget
    suffering: Annotated[Floats, Shape(3, "K", "L")]  # by mode, weight of a friction column x (1 - skill) or need
    path_day: Annotated[Floats, Shape("K", "P")]
    path_value: Annotated[Floats, Shape("K", "P")]
    path_points: Annotated[Ints, Shape("K")]  # how many points of the path are in use
    path_linear: Annotated[Bools, Shape("K")]


class Columns(NamedTuple):
    """Friction columns."""

    group: Annotated[Ints, Shape("L")]  # ascending; frictions add within a group and multiply between groups
    groups: int
    rails: int  # the first columns are rails
    access: int  # index of the access column
    product: int  # index of the first product column
    reach: Annotated[Floats, Shape(3)]  # part of a payment friction that a mode feels


class Jurisdictions(NamedTuple):
    """Jurisdictions, and their regions."""

    key: Annotated[Ints, Shape("J")]  # address of the draws of exchanges that choose a host
    region_key: Annotated[Ints, Shape("R")]  # address of the draws of exchanges that have their seat there
    entry_cost: Annotated[Floats, Shape("J")]
    tax: Annotated[Floats, Shape("J")]
    hazard: Annotated[Floats, Shape("J")]
    delay: Annotated[Floats, Shape("J")]
    appeal: Annotated[Floats, Shape("J")]
    office: Annotated[Ints, Shape("J")]  # office that licenses offshore venues here, -1 none
    unwelcome: Annotated[Floats, Shape("J", "Q")]


class Exchanges(NamedTuple):
    """Exchanges as configured."""

    key: Annotated[Keys, Shape("F")]  # address of its random draws
    entry: Annotated[Ints, Shape("F")]  # entry of the file that it is or belongs to; members of a group are neighbours
    members: Annotated[Ints, Shape("X")]  # how many exchanges each entry stands for
    focal: Annotated[Bools, Shape("F")]  # at home in the focal jurisdiction
    fixed: Annotated[Bools, Shape("F")]  # never reconsiders
    enters: Annotated[Floats, Shape("F")]  # day of entry, NaN if there from the start
    strategy: Annotated[Ints, Shape("F")]  # at the start
    host: Annotated[Ints, Shape("F")]  # at the start, -1 none
    taste: Annotated[Floats, Shape("F", "K", 3)]  # log attraction without brand; -inf where not served
    awareness: Annotated[Floats, Shape("F")]  # part of foreign users who know it before it opens abroad
    offers: Annotated[Bools, Shape("F", "Q")]
    options: Annotated[Ints, Shape("F", OPTIONS)]  # those that it ever considers, in their order, then -1
    postures: Annotated[Bools, Shape("F", len(POSTURES))]  # those that its options make use of
    hosts: Annotated[Bools, Shape("F", "J")]
    region: Annotated[Floats, Shape("F", "R")]  # odds of its region, all 0 if it has none
    brand: Annotated[Floats, Shape("F", 3)]
    lead_time_factor: Annotated[Floats, Shape("F", 3)]
    caution: Annotated[Floats, Shape("F", 3)]
    sanction_weight: Annotated[Floats, Shape("F", 3)]
    notice_used: Annotated[Floats, Shape("F", 3)]
    local_page: Annotated[Floats, Shape("F", 3)]
    reaction: Annotated[Floats, Shape("F", 3)]
    licensed: Annotated[Bools, Shape("F", 4)]  # holds at the start the licence of a mode, or to serve from abroad
    compliance: Annotated[Floats, Shape("F", 3)]  # probability that it does what focal law asks abroad
    exposure: Annotated[Floats, Shape("F")]  # to focal regulators, while it runs something at home
    capital: Annotated[Floats, Shape("F")]  # inf if not limited


class GivenVolumes(NamedTuple):
    """Volumes that the first day must have: of some venues, all in one mode, with one segment."""

    segment: Annotated[Ints, Shape("D")]
    mode: Annotated[Ints, Shape("D")]
    volume: Annotated[Floats, Shape("D")]
    untraded: Annotated[Floats, Shape("K")]  # what a segment does not trade then, 0 if nothing is given
    of_venue: Annotated[Ints, Shape("F", "K", 3)]  # the volume in which a venue has a part if it is there, -1 none


class Interventions(NamedTuple):
    """Interventions, their effects, and the steps by which they come into force."""

    key: Annotated[Ints, Shape("I")]  # address of the reactions to it
    modes: Annotated[Bools, Shape("I", 4)]  # domestic, otc, honest offshore, disguised
    hosts: Annotated[Bools, Shape("I", "J")]
    exchanges: Annotated[Bools, Shape("I", "F")]
    regions: Annotated[Bools, Shape("I", "R + 1")]  # the last column stands for exchanges without a region
    segments: Annotated[Bools, Shape("I", "K")]
    agency: Annotated[Ints, Shape("I")]  # -1 none
    deadline: Annotated[Floats, Shape("I")]  # days from its first day, NaN none
    panic: Annotated[Floats, Shape("I", 2)]  # amplitude, decay
    visible_act: Annotated[Floats, Shape("I")]  # as how many acts in the sight of applicants it counts
    action: Annotated[Ints, Shape("I")]  # what detected venues suffer, -1 none
    rate: Annotated[Floats, Shape("I")]  # detection rate
    campaign: Annotated[Floats, Shape("I", 3)]  # sites, days, sites per day afterwards
    reaction: Annotated[Floats, Shape("I", 3)]  # that of the exchange if absent
    at_once: Annotated[Floats, Shape("I")]  # part of users who leave when a forced end is announced, NaN as usual
    at_end: Annotated[Floats, Shape("I")]  # part of those still there who choose anew at that end
    notice_scale: Annotated[Floats, Shape("I")]  # of the attraction until that end, NaN as usual
    anticipation: Annotated[Floats, Shape("I")]  # part of what deters that traders act on once it is announced
    offices: Annotated[Bools, Shape("I", "O")]
    rule: Annotated[Ints, Shape("I")]  # rule whose ladder it stands on, -1 dated
    rung: Annotated[Ints, Shape("I")]  # step of that ladder
    effect_of: Annotated[Ints, Shape("E")]  # intervention of an effect
    lever: Annotated[Ints, Shape("E")]
    column: Annotated[Ints, Shape("E")]  # friction column, -1 where there is none
    amount: Annotated[Floats, Shape("E")]
    step_of: Annotated[Ints, Shape("N")]  # intervention of a step; sorted by intervention, then time
    step_time: Annotated[Floats, Shape("N")]  # days from the first day of the intervention
    step_phase: Annotated[Ints, Shape("N")]  # -1 if no strength changes
    step_value: Annotated[Floats, Shape("N")]  # strength after it
    step_event: Annotated[Ints, Shape("N")]
    step_attention: Annotated[Floats, Shape("N")]  # part of the traders who reconsider at this step
    step_leave: Annotated[Floats, Shape("N")]  # part of the users of the venues that it binds who choose anew then
    first_step: Annotated[Ints, Shape("I + 1")]  # steps of intervention i: first_step[i] up to first_step[i + 1]
    limits: Annotated[Bools, Shape("I")]  # whether it limits permission
    forbids: Annotated[Bools, Shape("I")]  # whether it forbids
    focal_law: Annotated[Bools, Shape("I")]  # law of the focal country, which reaches abroad only to its own users
    suspends: Annotated[Bools, Shape("I")]  # whether it suspends licences
    refuses: Annotated[Bools, Shape("I")]  # whether it refuses applications and takes licences back
    limits_all: Annotated[Bools, Shape("I")]  # whether it does so whatever the host
    moves_venues: Annotated[Bools, Shape("I", 3)]  # phases in which a change of its strength shows at venues
    licenses: Annotated[Bools, Shape("I")]  # whether it opens licensing offices
    limits_products: Annotated[Bools, Shape("I")]  # whether it asks for a licence for products
    moves_detection: Annotated[Bools, Shape("I")]  # whether it can change the rate at which venues are detected
    prices_entry: Annotated[Bools, Shape("I")]  # whether it can change the cost of entering a host


class LeverGroups(NamedTuple):
    """Slots that the levers cannot tell apart: by kind of exchange, region, and posture with its host.

    C = kinds x (R + 1) x (2 + 2 (J + 1)): domestic, OTC, honest offshore by host, disguised by host; no host first.
    """

    kind: Annotated[Ints, Shape("F")]  # of each exchange: what is aimed at one is aimed at all of its kind
    offered: Annotated[Floats, Shape("C", "Q")]  # part of each product that is to be had
    first: Annotated[Ints, Shape("C + 1")]  # effects on group c: effect[first[c]] up to effect[first[c + 1]]
    effect: Annotated[Ints, Shape("CE")]
    first_group: Annotated[Ints, Shape("I + 1")]  # groups moved by i: group[first_group[i]] up to that of i + 1
    group: Annotated[Ints, Shape("IC")]


class Rules(NamedTuple):
    """Adaptive rules."""

    indicator: Annotated[Ints, Shape("A")]
    sign: Annotated[Floats, Shape("A")]  # +1 above the threshold, -1 below
    threshold: Annotated[Floats, Shape("A")]
    hold: Annotated[Floats, Shape("A")]
    every: Annotated[Floats, Shape("A")]
    lag_intervals: Annotated[Ints, Shape("A")]  # reporting lag in whole monitoring intervals
    cooldown: Annotated[Floats, Shape("A")]
    starts: Annotated[Floats, Shape("A")]
    rungs: Annotated[Ints, Shape("A")]


class Agencies(NamedTuple):
    """Agencies."""

    capacity: Annotated[Ints, Shape("G")]
    service: Annotated[Floats, Shape("G", 3)]


class Offices(NamedTuple):
    """Licensing offices."""

    key: Annotated[Ints, Shape("O")]  # address of the draws of applications there
    officers: Annotated[Ints, Shape("O")]
    agency: Annotated[Ints, Shape("O")]  # whose staffing is the speed of the officers too, -1 none
    service: Annotated[Floats, Shape("O", 3)]
    approval: Annotated[Floats, Shape("O")]
    eligible: Annotated[Bools, Shape("O", "F")]  # who may apply
    refuses: Annotated[Bools, Shape("O", "F")]  # whose application is refused in any case
    products: Annotated[Bools, Shape("O", "Q")]  # that its licence is for, none if it is for the venue
    licenses_products: Annotated[Bools, Shape("O")]  # whether there are any
    holders: Annotated[Bools, Shape("O", "F")]  # who holds its licence for products at the start
    batch: Annotated[Floats, Shape("O")]  # 0 none
    pauses: Annotated[Floats, Shape("O", "S", 2)]  # first day and end, in order and apart; inf: no more
    dates: Annotated[Floats, Shape("O", "Y")]  # days on which decisions are published, in order; inf: no more
    deemed: Annotated[Floats, Shape("O")]  # probability, 0 none
    apply_by: Annotated[Floats, Shape("O")]  # inf: always
    patience: Annotated[Floats, Shape("O", 3)]


class Economy(NamedTuple):
    """What venues earn and cost, by mode or posture, in the unit of volume at the price of the first day."""

    take: Annotated[Floats, Shape(3)]
    running: Annotated[Floats, Shape(len(POSTURES), 2)]  # fixed, part of the reference revenue
    launch: Annotated[Floats, Shape(len(POSTURES), 2)]  # fixed, days of the reference revenue
    loss: Annotated[Floats, Shape(len(POSTURES), 2)]  # as launch
    lead: Annotated[Floats, Shape(len(POSTURES), 3)]
    prior: Annotated[Floats, Shape(len(POSTURES))]  # hazard before anything is seen
    size_exponent: Annotated[Floats, Shape(len(POSTURES))]  # of the hazard in the size of the exchange
    exit: Annotated[Floats, Shape(2)]  # as launch
    price_day: Annotated[Floats, Shape("M")]
    price: Annotated[Floats, Shape("M")]  # money per unit of volume, relative to the first day, by which costs fall
    price_linear: Annotated[Bools, Shape(1)]


class Settings(NamedTuple):
    """Numbers of the scenario that belong to nobody."""

    horizon: float
    temperature: float
    constant: float
    fresh_part: float
    reopen: float  # part of the launch cost of a venue that has just closed, NaN: leaving is for ever
    host_temperature: float
    review: float
    loss_trigger: float
    liquidity_floor: float
    prospect: float
    onramp: float
    residue: float
    awareness_growth: float
    awareness_fade: float
    unaware_mean: float  # mean over the horizon of who does not know a venue abroad, relative to its first day
    page_attraction: float
    giving_up: float
    per_act: float
    act_fading: float
    notice_scale: float
    wave_first: float
    wave_later: float
    news: float
    minimum: float
    unforced: float
    belief_weight: float
    forgetting: float
    exposure_fade: float
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
    """All of it."""

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
    strategy_postures: Annotated[Ints, Shape(len(STRATEGIES), 3)]  # posture of each strategy's slots, -1 none
    return_lag: Annotated[Floats, Shape(3)]  # random days until a blocked site is back
    notice: Annotated[Floats, Shape(3)]  # random days before a licence is due on which an end is announced
    given_volumes: GivenVolumes
