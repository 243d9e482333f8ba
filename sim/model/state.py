"""The state of a run as arrays, and an empty one. Sizes are those of `world`."""

from typing import Annotated, NamedTuple

import numpy as np

from sim.world.arrays import Bools, Floats, Ints, Keys, World
from sim.world.codes import ACTIONS, OPTIONS, TERMS


class Market(NamedTuple):
    """Demand. Shares follow from accumulators, see `demand`."""

    now: Annotated[Floats, 1]  # (1,) time to which accumulators are advanced
    decay: Floats  # (K,) e to the minus operational time since the last rebasing
    attraction: Floats  # (V, K) attraction B without the habit factor of its mode
    residual: Floats  # (V, K) the part of the share that fades, as it was at the last rebasing
    habit: Annotated[Floats, 3]  # (K, 3)
    habit_start: Annotated[Floats, 3]  # (K, 3)
    habit_factor: Annotated[Floats, 4]  # (K, 4) habit factor M per mode; 1 for the outside option
    mode_attraction: Annotated[Floats, 4]  # (K, 4) sum of pull per mode; the outside option is mode 3
    denominator: Floats  # (K,) denominator D of the logit
    accumulator: Annotated[Floats, 4]  # (K, 4) accumulator H per mode
    mode_residual: Annotated[Floats, 4]  # (K, 4) carry summed per mode, decayed to now
    derived: Floats  # (K,) volume added by focal offshore trading


class Venues(NamedTuple):
    """Venues, each array (V,) unless said otherwise."""

    open: Bools
    building: Bools
    closing: Floats  # day on which it closes, inf none
    notice_factor: Floats  # factor on attraction while winding down
    liquidity: Floats  # liquidity term of the utility, before its weight
    liquidity_factor: Floats  # (V, K) factor on attraction by liquidity
    mature_volume: Floats  # volume that counts as a mature book
    volume: Floats  # counted volume at the last refresh
    lever_factor: Floats  # (V, K) factor on attraction by the levers that bear on it
    visibility_volume: Floats  # volume for which `visible` holds
    visibility: Floats  # factor on detection by size
    permission: Ints
    expected: Ints  # permission as announced
    claim: Bools
    detection: Floats
    licence: Ints
    licence_host: Ints  # host that the licence is for, -1 none
    approvals: Ints  # offices whose decision is outstanding
    blocked: Floats  # access friction by a site block
    frozen: Floats  # payment friction by frozen accounts


class ExchangeStates(NamedTuple):
    """Exchanges as they are in this run, each array (F,) unless said otherwise."""

    base_attraction: Annotated[Floats, 3]  # (F, K, 3) attraction of a mature book by brand and taste
    error: Annotated[Floats, OPTIONS, 2]  # lasting error of each strategy, uniform above which a fresh one outdoes it
    host_error: Floats  # (F, J) error of each host
    hazard_multiplier: Annotated[Floats, 5]  # (F, 5) factor on the public hazard by size and caution
    region: Ints  # R for none
    lead_time_factor: Floats
    caution: Floats
    sanction_weight: Floats
    notice_used: Floats
    has_local_page: Bools
    strategy: Ints
    host: Ints
    next_host: Ints  # host of the offshore venue under way
    disguised: Bools
    next_disguised: Bools
    entered: Bools
    launching: Ints  # launches under way
    launches: Ints  # launches so far: the occasion of lead times
    pending: Annotated[Ints, 2]  # (F, 2) cause and index of a decision put off by a launch; cause 0 none
    size: Floats  # reference volume
    revenue: Floats  # reference revenue per day
    volume: Floats  # counted volume after the last decision
    sanctions: Ints  # times it was hit: the occasion of the next decision
    licence_decisions: Ints  # decisions on its licences: the occasion of the next decision


class LeverTotals(NamedTuple):
    """What the levers in force add up to for each kind of slot (C, see `world.Slots`), worked out when asked for.

    One more row is for a slot with a block or a freeze of its own.
    """

    current: Bools  # (C + 1,) whether it is up to date
    lever_factor: Floats  # (C + 1, K) factor on attraction
    totals: Annotated[Floats, 7]  # (C + 1, 7) see `levers`
    passed: Floats  # (K, L) room to work in


class InForce(NamedTuple):
    """What is in force."""

    start_day: Floats  # (I,) 0 for dated ones, day of firing for a ladder, NaN before
    strength: Annotated[Floats, 3]  # (I, 3) by phase
    panic_start: Floats  # (I,) day on which its panic began, inf none
    entry_cost_factor: Floats  # (J,) factor on the cost of entering a host
    enforcing: Ints  # (4, I) interventions under which venues are sought that deserve an action
    enforcing_count: Ints  # (4,) how many of them there are


class Beliefs(NamedTuple):
    """What everybody has seen done, by posture, each array (5,)."""

    now: Annotated[Floats, 1]  # (1,)
    shut_count: Annotated[Floats, 5]
    venue_days: Annotated[Floats, 5]
    open_venues: Annotated[Ints, 5]  # open venues


class Cases(NamedTuple):
    """Detection clocks per action (4) and venue."""

    threshold: Floats  # (4, V) unit exponential
    spent: Floats  # (4, V)
    rate: Floats  # (4, V)
    since: Floats  # (4, V)
    active: Annotated[Ints, 4]  # (4,) clocks whose rate is not 0
    intervention: Ints  # (4, V) intervention that the rate comes from
    open: Bools  # (4, V) a case is open
    detections: Ints  # (4, V) detections so far: the occasion of the next threshold
    version: Ints  # (4, V) resets of the clock so far: an appointment with an older stamp is void
    blocks: Ints  # (V,) blocks so far
    sites: Annotated[Ints, 1]  # (1,) sites blocked, with the background pool
    announced_volume: Annotated[Floats, 3]  # (3,) volume of the venues whose forced end was announced, by mode
    market_volume: Annotated[Floats, 3]  # (3,) volume of all venues, by mode


class RuleStates(NamedTuple):
    """Adaptive rules, each array (A,)."""

    since: Floats  # since when the condition holds, NaN if it does not
    fired: Floats  # day of the last step
    rung: Ints  # steps taken
    samples: Floats  # (A, lag in intervals + 1) what was measured, newest last


class EventRequests(NamedTuple):
    """Appointments asked for since the engine last took them, see `agenda`."""

    rows: Annotated[Ints, 4]  # (C, 4) kind and what it carries
    delay: Floats  # (C,) days from now
    used: Annotated[Ints, 1]  # (1,) how many


class DecisionRecord(NamedTuple):
    """The last decision, for the record."""

    terms: Annotated[Floats, OPTIONS, len(TERMS)]  # (S, 8) see codes.TERMS
    feasible: Annotated[Bools, OPTIONS]  # (S,)
    hazard: Annotated[Floats, 5]  # (5,) perceived hazard by posture
    demand: Annotated[Floats, OPTIONS, 3]  # (S, 3) expected volume
    hosts: Floats  # (J,) score of each host, -inf not feasible
    outcome: Annotated[Ints, 4]  # (4,) before, choice, runner-up, host
    scale: Annotated[Floats, 2]  # (2,) unit of the choice, margin


class PostureValues(NamedTuple):
    """One exchange's venue in each posture, as it weighs its options, each array (5,) unless said otherwise."""

    possible: Annotated[Bools, 5]
    hazard: Annotated[Floats, 5]
    chance: Annotated[Floats, 5]  # of getting the permission that it needs
    margin: Annotated[Floats, 5]  # per unit of volume, until it is shut or the horizon is reached
    running_cost: Annotated[Floats, 5]  # cost of running it so long
    penalty: Annotated[Floats, 5]  # loss if shut, times its probability
    launch: Annotated[Floats, 5]  # cost of starting it, 0 if it runs
    attraction: Floats  # (5, K)


class Scratch(NamedTuple):
    """Room to work in: kernels allocate nothing."""

    volumes: Floats  # (K,) counted volume of the segments
    rival_attraction: Floats  # (K,) what attracts the segments besides one exchange
    volume: Annotated[Floats, 3]  # (3,)
    slots: Annotated[Ints, 3]  # (3,)
    terms: Annotated[Floats, len(TERMS)]  # (8,)
    flags: Bools  # (F,)
    fresh_uniform: Annotated[Floats, 12]  # (12,) uniform of the fresh error of each option, in whole addresses
    host: Annotated[Ints, 1]  # (1,) host that the offshore leg was last worked out for, -1 none
    planned_liquidity: Annotated[Floats, 1]  # (1,) liquidity term that a new book can hope for
    planned_liquidity_factor: Floats  # (K,) factor on attraction by it


class JournalBuffer(NamedTuple):
    """Journal lines since the engine last took them: event, subject, mode, host, cause, cause index, and a value."""

    codes: Annotated[Ints, 6]  # (C, 6)
    values: Annotated[Floats, 2]  # (C, 2) time, value
    used: Annotated[Ints, 1]  # (1,) how many


class State(NamedTuple):
    """All of it."""

    key: Annotated[Keys, 2]  # (2,) seed, replication
    market: Market
    venues: Venues
    exchanges: ExchangeStates
    lever_totals: LeverTotals
    in_force: InForce
    beliefs: Beliefs
    cases: Cases
    rules: RuleStates
    requests: EventRequests
    decision: DecisionRecord
    postures: PostureValues
    projected: Market  # the market as it will be, see `demand.preview`
    scratch: Scratch
    journal: JournalBuffer


def _empty_market(k: int, v: int) -> Market:
    zeros = np.zeros
    return Market(
        now=zeros(1),
        decay=np.ones(k),
        attraction=zeros((v, k)),
        residual=zeros((v, k)),
        habit=zeros((k, 3)),
        habit_start=zeros((k, 3)),
        habit_factor=np.ones((k, 4)),
        mode_attraction=zeros((k, 4)),
        denominator=zeros(k),
        accumulator=zeros((k, 4)),
        mode_residual=zeros((k, 4)),
        derived=zeros(k),
    )


def empty_state(world: World, seed: int, replication: int) -> State:
    """A state of the right sizes in which nothing has happened; `start.start` fills it."""
    f, k = world.exchanges.taste.shape[:2]
    v, i, c = 3 * f, len(world.interventions.key), len(world.lever_groups.offered) + 1
    j, o, a = len(world.jurisdictions.tax), len(world.offices.approval), len(world.rules.hold)
    zeros, ints, flags = np.zeros, np.int64, np.bool_
    z, lines = len(ACTIONS), 6 * v + 64
    asked = len(world.interventions.step_of) + 8 * v + o + a + 64
    lag = int(np.max(world.rules.lag_intervals, initial=0))
    market = _empty_market(k, v)
    return State(
        key=np.array([seed, replication], dtype=np.uint64),
        market=market,
        venues=Venues(
            zeros(v, flags), zeros(v, flags), np.full(v, np.inf), np.ones(v), zeros(v), np.ones((v, k)), zeros(v),
            zeros(v), np.ones((v, k)), np.full(v, np.nan), zeros(v), zeros(v, ints), zeros(v, ints), zeros(v, flags),
            np.ones(v), zeros(v, ints),
            np.full(v, -1), zeros(v, ints), zeros(v), zeros(v),
        ),
        exchanges=ExchangeStates(
            zeros((f, k, 3)), zeros((f, OPTIONS, 2)), zeros((f, j)), zeros((f, 5)),
            zeros(f, ints), zeros(f), zeros(f), zeros(f), zeros(f), zeros(f, flags), zeros(f, ints),
            zeros(f, ints), zeros(f, ints), zeros(f, flags), zeros(f, flags), zeros(f, flags), zeros(f, ints),
            zeros(f, ints), zeros((f, 2), ints), zeros(f), zeros(f), zeros(f), zeros(f, ints), zeros(f, ints),
        ),
        lever_totals=LeverTotals(zeros(c, flags), zeros((c, k)), zeros((c, 7)), zeros((k, len(world.columns.group)))),
        in_force=InForce(
            np.where(world.interventions.rule < 0, 0.0, np.nan), zeros((i, 3)), np.full(i, np.inf), np.ones(j),
            zeros((z, i), ints), zeros(z, ints)
        ),
        beliefs=Beliefs(zeros(1), zeros(5), zeros(5), zeros(5, ints)),
        cases=Cases(
            zeros((z, v)), zeros((z, v)), zeros((z, v)), zeros((z, v)), zeros(z, ints), np.full((z, v), -1),
            zeros((z, v), flags), zeros((z, v), ints), zeros((z, v), ints), zeros(v, ints), zeros(1, ints), zeros(3),
            zeros(3),
        ),
        rules=RuleStates(np.full(a, np.nan), np.full(a, -np.inf), zeros(a, ints), np.full((a, lag + 1), np.nan)),
        requests=EventRequests(zeros((asked, 4), ints), zeros(asked), zeros(1, ints)),
        decision=DecisionRecord(
            zeros((OPTIONS, len(TERMS))), zeros(OPTIONS, flags), zeros(5), zeros((OPTIONS, 3)), zeros(j),
            zeros(4, ints), zeros(2),
        ),
        postures=PostureValues(zeros(5, flags), zeros(5), zeros(5), zeros(5), zeros(5), zeros(5), zeros(5),
        zeros((5, k))),
        projected=market._replace(decay=zeros(k), accumulator=zeros((k, 4)), mode_residual=zeros((k, 4))),
        scratch=Scratch(
            zeros(k), zeros(k), zeros(3), zeros(3, ints), zeros(len(TERMS)), zeros(f, flags), zeros(12),
            zeros(1, ints), zeros(1), zeros(k),
        ),
        journal=JournalBuffer(zeros((lines, 6), ints), zeros((lines, 2)), zeros(1, ints)),
    )  # fmt: skip
