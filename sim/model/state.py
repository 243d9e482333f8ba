"""The state of a run as arrays, and an empty one.

Lengths are those of `sim.world.arrays`, and V = 3 F venues (venue = 3 exchange + mode). Of 4 modes, the last is the
outside option.
"""

from math import inf, nan
from typing import Annotated, NamedTuple

import numpy as np

from sim.kernels.shapes import Shape, empty, sizes_of
from sim.schedule.levers import LEVERS
from sim.world.arrays import Bools, Floats, Ints, Keys, World
from sim.world.codes import ACTIONS, NESTS, OPTIONS, POSTURES, TERMS

EXPECTED, EXPECTED_TO_SERVE = len(LEVERS), len(LEVERS) + 1
"""Columns of `LeverTotals.totals` after those of the levers: the permission as announced, of the venue and to serve.

Of an honest venue abroad, the first is what its host's law asks of it, the second what focal law asks of who serves
focal users there. Of all others the second is always free.
"""
OWN_ROWS = 8
"""Rows of `LeverTotals` after those of the groups, for slots with frictions of their own."""

# Places in `outcome` and `scale` of a `DecisionRecord`.
EXCHANGE, CAUSE, REASON, BEFORE, CHOICE, RUNNER_UP, HOST = range(7)
DAY, UNIT, MARGIN = range(3)


class Market(NamedTuple):
    """Demand. Shares follow from accumulators, see `demand`."""

    now: Annotated[Floats, Shape(1)]  # time to which accumulators are advanced
    decay: Annotated[Floats, Shape("K", first=1.0)]  # E, e to the minus operational time since the last rebasing
    attraction: Annotated[Floats, Shape("V", "K")]  # B, without the factor of its mode
    residual: Annotated[Floats, Shape("V", "K")]  # c, the part of the share that decays, as it was at the last rebasing
    habit: Annotated[Floats, Shape("K", 3)]
    habit_start: Annotated[Floats, Shape("K", 3)]
    habit_factor: Annotated[Floats, Shape("K", 3, first=1.0)]  # w, factor of the mode by habit, in its nest
    mode_factor: Annotated[Floats, Shape("K", 4, first=1.0)]  # F, factor of the mode in all; 1 for the outside option
    reference: Annotated[Floats, Shape("K", len(NESTS), first=1.0)]  # R, attraction of each nest on the first day
    nest_factor: Annotated[Floats, Shape("K", 3, first=1.0)]  # (R / S)^(1 - lambda) of the nest of each mode
    nest_power: Annotated[Floats, Shape("K", len(NESTS), 2)]  # last R / S of each nest and its power, see `nest_factor`
    mode_attraction: Annotated[Floats, Shape("K", 4)]  # sum of the attraction per mode
    denominator: Annotated[Floats, Shape("K")]  # D of the logit
    accumulator: Annotated[Floats, Shape("K", 4)]  # H per mode
    mode_residual: Annotated[Floats, Shape("K", 4)]  # sum of the residual per mode, decayed to now
    choosing: Annotated[Floats, Shape("K", 3)]  # users whose venues, by mode, ended now, and who are to choose anew
    derived: Annotated[Floats, Shape("K")]  # volume added by focal offshore trading


class Venues(NamedTuple):
    """Venues."""

    open: Annotated[Bools, Shape("V")]
    building: Annotated[Bools, Shape("V")]
    closing: Annotated[Floats, Shape("V", first=inf)]  # day on which it closes, inf none
    ended_by: Annotated[Ints, Shape("V", first=-1)]  # intervention that forces the end announced, -1 none
    closed_day: Annotated[Floats, Shape("V", first=nan)]  # day on which it closed last, NaN never
    notice_factor: Annotated[Floats, Shape("V", "K", first=1.0)]  # factor on attraction while winding down
    liquidity: Annotated[Floats, Shape("V")]  # liquidity term of the utility, before its weight
    liquidity_factor: Annotated[Floats, Shape("V", "K", first=1.0)]  # factor on attraction by liquidity
    mature_volume: Annotated[Floats, Shape("V")]  # volume of its book once it is mature
    volume: Annotated[Floats, Shape("V")]  # real volume when its book was last read
    lever_factor: Annotated[Floats, Shape("V", "K", first=1.0)]  # factor on attraction by the levers that bear on it
    visibility_volume: Annotated[Floats, Shape("V", first=nan)]  # volume for which `visibility` holds
    visibility: Annotated[Floats, Shape("V")]  # factor on detection by size
    permission: Annotated[Ints, Shape("V")]  # in force: FREE, LICENCE or FORBIDDEN, see codes
    expected: Annotated[Ints, Shape("V")]  # permission as announced
    claim: Annotated[Bools, Shape("V")]  # an extraterritorial claim makes its sites blockable
    detection: Annotated[Floats, Shape("V", first=1.0)]  # factor on detection by levers
    suspended: Annotated[Bools, Shape("V")]  # nothing is traded there while its licence is suspended
    limited: Annotated[Bools, Shape("V")]  # it lacks the licence for some products, which are not traded there
    blocked: Annotated[Floats, Shape("V")]  # access friction by a site block
    blocked_by: Annotated[Ints, Shape("V", first=-1)]  # intervention under which its sites were blocked last, -1 none
    frozen: Annotated[Floats, Shape("V")]  # payment friction by frozen accounts
    frozen_by: Annotated[Ints, Shape("V", first=-1)]  # intervention under which they are, -1 none


class Permits(NamedTuple):
    """Licences: those of the V venues, then the F exchanges' to serve focal users from abroad.

    So there are W = 4 F of them. If some office licenses products alone, those of the V venues by each office follow.
    See `permits` for whose the place in an array is.
    """

    licence: Annotated[Ints, Shape("W")]  # NONE, WAITING, DEEMED, LICENSED or REFUSED, see codes
    host: Annotated[Ints, Shape("W", first=-1)]  # host that the licence is for, -1 none
    approvals: Annotated[Ints, Shape("W")]  # offices whose decision is outstanding
    acts: Annotated[Floats, Shape("W")]  # acts seen by who applies for it, faded to `acts_day`
    acts_day: Annotated[Floats, Shape("W")]
    giving_up: Annotated[Floats, Shape("W")]  # rate at which the application is withdrawn, 0 without one
    giving_up_since: Annotated[Floats, Shape("W")]  # day from which that rate holds
    giving_up_spent: Annotated[Floats, Shape("W")]  # integral of the rate up to that day
    gives_up: Annotated[Floats, Shape("W", first=inf)]  # day on which the integral reaches its threshold, inf not soon


class ExchangeStates(NamedTuple):
    """Exchanges as they are in this run."""

    base_attraction: Annotated[Floats, Shape("F", "K", 3)]  # exp(brand + audience + taste + page)
    awareness: Annotated[Floats, Shape("F")]  # A, part of foreign users who know its venue abroad
    awareness_day: Annotated[Floats, Shape("F")]  # day for which that holds
    lasting_error: Annotated[Floats, Shape("F", OPTIONS)]  # of each option
    refresh_above: Annotated[Floats, Shape("F", OPTIONS)]  # uniform above which a fresh error outdoes the lasting one
    host_error: Annotated[Floats, Shape("F", "J")]  # error of each host
    hazard_multiplier: Annotated[Floats, Shape("F", len(POSTURES))]  # factor on the public hazard by size and caution
    region: Annotated[Ints, Shape("F")]  # R for none
    lead_time_factor: Annotated[Floats, Shape("F")]
    caution: Annotated[Floats, Shape("F")]
    sanction_weight: Annotated[Floats, Shape("F")]
    notice_used: Annotated[Floats, Shape("F")]
    has_local_page: Annotated[Bools, Shape("F")]
    strategy: Annotated[Ints, Shape("F")]
    host: Annotated[Ints, Shape("F")]
    next_host: Annotated[Ints, Shape("F")]  # host of the offshore venue under way
    disguised: Annotated[Bools, Shape("F")]
    next_disguised: Annotated[Bools, Shape("F")]
    turns_away: Annotated[Bools, Shape("F")]  # it chose that its honest venue abroad turns focal users away
    barred: Annotated[Bools, Shape("F")]  # focal law does not let its honest venue abroad serve them
    service_notice: Annotated[Floats, Shape("F", first=1.0)]  # factor for focal users who know that it will bar them
    obeys: Annotated[Bools, Shape("F")]  # it does what focal law asks abroad
    left_home: Annotated[Floats, Shape("F", first=inf)]  # day since which it runs nothing at home, inf: it does
    entered: Annotated[Bools, Shape("F")]
    launching: Annotated[Ints, Shape("F")]  # launches under way
    launches: Annotated[Ints, Shape("F")]  # launches so far: the occasion of lead times
    pending: Annotated[Ints, Shape("F", 2)]  # cause and index of a decision put off by a launch; cause 0 none
    size: Annotated[Floats, Shape("F")]  # reference volume
    revenue: Annotated[Floats, Shape("F")]  # reference revenue per day
    volume: Annotated[Floats, Shape("F")]  # real volume after the last decision
    sanctions: Annotated[Ints, Shape("F")]  # those suffered so far: the occasion of the next decision
    licence_decisions: Annotated[Ints, Shape("F")]  # on its applications so far: the occasion of the next decision


class LeverTotals(NamedTuple):
    """What the levers in force add up to for each group of slots (see `LeverGroups`), computed when needed.

    The last rows are for slots with a block or a freeze of their own, the last few that were asked for.
    """

    current: Annotated[Bools, Shape(f"C + {OWN_ROWS}")]  # whether it is up to date
    lever_factor: Annotated[Floats, Shape(f"C + {OWN_ROWS}", "K")]  # factor on attraction
    totals: Annotated[Floats, Shape(f"C + {OWN_ROWS}", len(LEVERS) + 2)]  # by lever, and the two of above
    own_group: Annotated[Ints, Shape(OWN_ROWS)]  # group of the slot that each of the last rows is for
    own_friction: Annotated[Floats, Shape(OWN_ROWS, 2)]  # its block and its freeze
    own_next: Annotated[Ints, Shape(1)]  # which of these rows is given away next
    bound: Annotated[Bools, Shape("L")]  # scratch: the friction columns that not everything passes
    passed: Annotated[Floats, Shape("L", "K")]  # scratch: what passes these
    lost: Annotated[Floats, Shape("K")]  # scratch: what a group of columns takes
    licensed: Annotated[Floats, Shape("K", "Q")]  # scratch: part of each product that a slot's licences let it trade
    by_office: Annotated[Floats, Shape("K")]  # scratch: the same of the products of one office


class InForce(NamedTuple):
    """What is in force."""

    start_day: Annotated[Floats, Shape("I", first=nan)]  # 0 for dated ones, day of firing for a ladder, NaN before
    strength: Annotated[Floats, Shape("I", 3)]  # by phase
    has_strength: Annotated[Bools, Shape("I")]  # whether it has any: it is not over, and not unheard of
    panic_start: Annotated[Floats, Shape("I", first=inf)]  # day on which its panic began, inf none
    due: Annotated[Bools, Shape("I")]  # its deadline has passed
    entry_cost_factor: Annotated[Floats, Shape("J", first=1.0)]  # factor on the cost of entering a host
    enforcing: Annotated[Ints, Shape(len(ACTIONS), "I")]  # interventions under which venues are sought for an action
    enforcing_count: Annotated[Ints, Shape(len(ACTIONS))]  # how many they are


class Beliefs(NamedTuple):
    """What everybody knows of what was done to venues, by posture."""

    now: Annotated[Floats, Shape(1)]  # time to which they are advanced
    shut_count: Annotated[Floats, Shape(len(POSTURES))]  # N, venues shut or fined, fading
    venue_days: Annotated[Floats, Shape(len(POSTURES))]  # E, days of open venues, fading
    open_venues: Annotated[Floats, Shape(len(POSTURES))]  # those that are seen, hidden ones in part


class Cases(NamedTuple):
    """Detection clocks per action and venue, and what has been done to venues."""

    threshold: Annotated[Floats, Shape(len(ACTIONS), "V")]  # unit exponential, 0 before the first is drawn
    spent: Annotated[Floats, Shape(len(ACTIONS), "V")]  # integral of the rate up to `since`
    rate: Annotated[Floats, Shape(len(ACTIONS), "V")]  # per day
    since: Annotated[Floats, Shape(len(ACTIONS), "V")]  # day from which the rate holds
    active: Annotated[Ints, Shape(len(ACTIONS))]  # clocks whose rate is not 0
    intervention: Annotated[Ints, Shape(len(ACTIONS), "V", first=-1)]  # the one most behind the rate
    open: Annotated[Bools, Shape(len(ACTIONS), "V")]  # a case is open
    detections: Annotated[Ints, Shape(len(ACTIONS), "V")]  # detections so far: the occasion of the next threshold
    version: Annotated[Ints, Shape(len(ACTIONS), "V")]  # resets so far: an event with an older version is void
    blocks: Annotated[Ints, Shape("V")]  # blocks so far
    sites: Annotated[Ints, Shape(1)]  # sites blocked, with the background pool
    announced_volume: Annotated[Floats, Shape(3)]  # volume of the venues whose forced end was announced, by mode
    market_volume: Annotated[Floats, Shape(3)]  # volume of all venues, by mode


class RuleStates(NamedTuple):
    """Adaptive rules."""

    since: Annotated[Floats, Shape("A", first=nan)]  # since when the condition holds, NaN if it does not
    fired: Annotated[Floats, Shape("A", first=-inf)]  # day of the last step
    rung: Annotated[Ints, Shape("A")]  # steps taken
    samples: Annotated[Floats, Shape("A", "lag + 1", first=nan)]  # readings of the indicator, newest last


class EventRequests(NamedTuple):
    """Events that were scheduled since the engine last took them (`events.schedule_event`)."""

    rows: Annotated[Ints, Shape("requests", 4)]  # kind and what it carries
    delay: Annotated[Floats, Shape("requests")]  # days from now
    used: Annotated[Ints, Shape(1)]  # how many


class DecisionRecord(NamedTuple):
    """The last decision."""

    terms: Annotated[Floats, Shape(OPTIONS, len(TERMS))]  # see codes.TERMS
    feasible: Annotated[Bools, Shape(OPTIONS)]
    valued: Annotated[Bools, Shape(OPTIONS)]  # considered, and open by law and host; others have no terms or demand
    hazard: Annotated[Floats, Shape(len(POSTURES))]  # perceived hazard by posture
    demand: Annotated[Floats, Shape(OPTIONS, 3)]  # expected volume
    hosts: Annotated[Floats, Shape("J")]  # score of each host, -inf not feasible
    # Who decided and why; the strategies BEFORE, CHOICE and RUNNER_UP (-1 none), and the HOST (-1 none).
    outcome: Annotated[Ints, Shape(7)]
    # When; the value that is one unit of error (UNIT); in such units the MARGIN of the choice.
    scale: Annotated[Floats, Shape(3)]


class PostureValues(NamedTuple):
    """What each posture is worth to the exchange that decides."""

    possible: Annotated[Bools, Shape(len(POSTURES))]  # whether law and host admit it
    hazard: Annotated[Floats, Shape(len(POSTURES))]  # of being shut, per day
    chance: Annotated[Floats, Shape(len(POSTURES))]  # of getting the permission that it needs
    margin: Annotated[Floats, Shape(len(POSTURES))]  # per unit of volume, until it is shut or the horizon is reached
    running_cost: Annotated[Floats, Shape(len(POSTURES))]  # cost of running it so long
    penalty: Annotated[Floats, Shape(len(POSTURES))]  # loss if shut, times its probability
    launch: Annotated[Floats, Shape(len(POSTURES))]  # cost of starting it, 0 if it runs
    attraction: Annotated[Floats, Shape(len(POSTURES), "K")]  # with the habit factor
    turns_away: Annotated[Bools, Shape(1)]  # whether an honest venue abroad would turn focal users away


class Scratch(NamedTuple):
    """Where kernels work, since they allocate nothing."""

    price: Annotated[Floats, Shape(1, first=nan)]  # of the unit of volume, as of the last `survey_market`
    volumes: Annotated[Floats, Shape("K")]  # real volume per day of each segment
    rival_attraction: Annotated[Floats, Shape("K")]  # what attracts the segments besides one exchange, without nests
    rivals_by_mode: Annotated[Floats, Shape("K", 3)]  # what attracts those with nests to the venues of other exchanges
    rival_factor: Annotated[Floats, Shape("K", 3)]  # factor of the nest of each mode if it holds nothing else
    rival_power: Annotated[Floats, Shape("K", 3, 2)]  # as `Market.nest_power`, of nests without an exchange's venue
    option_power: Annotated[Floats, Shape("K", len(NESTS), 2)]  # the same, of nests under an option of an exchange
    leaving: Annotated[Floats, Shape("K", 3)]  # users who leave venues at one instant, by mode of these
    volume: Annotated[Floats, Shape(3)]
    slots: Annotated[Ints, Shape(3)]
    attraction: Annotated[Floats, Shape("K")]
    terms: Annotated[Floats, Shape(len(TERMS))]
    flags: Annotated[Bools, Shape("F")]
    fresh_uniform: Annotated[Floats, Shape(-(-OPTIONS // 4) * 4)]  # of the fresh error of each option, four to a draw
    host: Annotated[Ints, Shape(1)]  # host that the offshore posture was last valued for, -1 none
    planned_liquidity: Annotated[Floats, Shape(1)]  # liquidity term that a new venue is planned with
    planned_liquidity_factor: Annotated[Floats, Shape("K")]  # factor on attraction by it


class JournalBuffer(NamedTuple):
    """Journal lines since the engine last took them: event, subject, mode, host, cause, cause index, and a value."""

    codes: Annotated[Ints, Shape("lines", 6)]
    values: Annotated[Floats, Shape("lines", 2)]  # time, value
    used: Annotated[Ints, Shape(1)]  # how many


class State(NamedTuple):
    """All of it."""

    key: Annotated[Keys, Shape(2)]  # seed, replication
    market: Market
    venues: Venues
    permits: Permits
    exchanges: ExchangeStates
    lever_totals: LeverTotals
    in_force: InForce
    beliefs: Beliefs
    cases: Cases
    rules: RuleStates
    requests: EventRequests
    decision: DecisionRecord
    postures: PostureValues
    projected: Market  # the market as it will be, see `demand.project`
    scratch: Scratch
    journal: JournalBuffer


def state_sizes(world: World) -> dict[str, int]:
    """The lengths of a world and of the states of its runs, by symbol."""
    sizes = sizes_of(world)
    v = 3 * sizes["F"]
    of_products = sizes["O"] * v if world.offices.licenses_products.any() else 0
    return sizes | {
        "V": v,
        "W": v + sizes["F"] + of_products,
        "lag": int(np.max(world.rules.lag_intervals, initial=0)),
        "requests": sizes["N"] + (9 + 2 * sizes["O"]) * v + 6 * sizes["O"] + sizes["A"] + 64 + of_products,
        "lines": 6 * v + 64,
    }


def empty_state(world: World, seed: int, replication: int) -> State:
    """A state of the right sizes in which nothing has happened; `initial.set_initial_state` fills it."""
    sizes = state_sizes(world)
    market, relaxed = empty(Market, sizes), empty(Market, sizes)
    projected = market._replace(
        decay=relaxed.decay, accumulator=relaxed.accumulator, mode_residual=relaxed.mode_residual
    )
    key = np.array([seed, replication], dtype=np.uint64)
    return empty(State, sizes, key=key, market=market, projected=projected)
