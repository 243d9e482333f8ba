"""The state of a run as arrays, and an empty one. Sizes are those of `world`."""

from typing import Annotated, NamedTuple

import numpy as np

from sim.world.arrays import Bools, Floats, Ints, Keys, World
from sim.world.codes import ACTIONS, OPTIONS, TERMS


class Market(NamedTuple):
    """Demand. Shares follow from accumulators, see `demand`."""

    now: Annotated[Floats, 1]  # (1,) time to which accumulators are advanced
    fade: Floats  # (K,) e to the minus operational time since the last rebasing
    pull: Floats  # (V, K) attraction B without the habit factor of its mode
    carry: Floats  # (V, K) the part of the share that fades, as it was at the last rebasing
    habit: Annotated[Floats, 3]  # (K, 3)
    habit_start: Annotated[Floats, 3]  # (K, 3)
    factor: Annotated[Floats, 4]  # (K, 4) habit factor M per mode; 1 for the outside option
    mode_pull: Annotated[Floats, 4]  # (K, 4) sum of pull per mode; the outside option is mode 3
    total: Floats  # (K,) denominator D of the logit
    stock: Annotated[Floats, 4]  # (K, 4) accumulator H per mode
    mode_carry: Annotated[Floats, 4]  # (K, 4) carry summed per mode, decayed to now
    derived: Floats  # (K,) volume added by focal offshore trading


class Venues(NamedTuple):
    """Venues, each array (V,) unless said otherwise."""

    open: Bools
    building: Bools
    closing: Floats  # day on which it closes, inf none
    notice: Floats  # factor on attraction while winding down
    liquidity: Floats  # liquidity term of the utility, before its weight
    book: Floats  # (V, K) factor on attraction by liquidity
    mature: Floats  # volume that counts as a mature book
    volume: Floats  # counted volume at the last refresh
    through: Floats  # (V, K) factor on attraction by the levers that bear on it
    weighed: Floats  # volume for which `visible` holds
    visible: Floats  # factor on detection by size
    permission: Ints
    expected: Ints  # permission as announced
    claim: Bools
    detection: Floats
    licence: Ints
    licence_host: Ints  # host that the licence is for, -1 none
    approvals: Ints  # offices whose decision is outstanding
    blocked: Floats  # access friction by a site block
    frozen: Floats  # payment friction by frozen accounts


class Traits(NamedTuple):
    """Exchanges as they are in this run, each array (F,) unless said otherwise."""

    charm: Annotated[Floats, 3]  # (F, K, 3) attraction of a mature book by brand and taste
    error: Annotated[Floats, OPTIONS, 2]  # lasting error of each strategy, uniform above which a fresh one outdoes it
    host_error: Floats  # (F, J) error of each host
    wary: Annotated[Floats, 5]  # (F, 5) factor on the public hazard by size and caution
    region: Ints  # R for none
    agility: Floats
    caution: Floats
    compliance: Floats
    wind_down: Floats
    page: Bools
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
    hits: Ints  # times it was hit: the occasion of the next decision
    licence_events: Ints  # decisions on its licences: the occasion of the next decision


class Survey(NamedTuple):
    """What the levers in force add up to for each kind of slot (C, see `world.Slots`), worked out when asked for.

    One more row is for a slot with a block or a freeze of its own.
    """

    fresh: Bools  # (C + 1,) whether it is up to date
    through: Floats  # (C + 1, K) factor on attraction
    found: Annotated[Floats, 7]  # (C + 1, 7) see `levers`
    passed: Floats  # (K, L) room to work in


class Force(NamedTuple):
    """What is in force."""

    origin: Floats  # (I,) 0 for dated ones, day of firing for a ladder, NaN before
    strength: Annotated[Floats, 3]  # (I, 3) by phase
    pulse: Floats  # (I,) day on which its panic began, inf none
    entry: Floats  # (J,) factor on the cost of entering a host
    seekers: Ints  # (4, I) interventions under which venues are sought that deserve an action
    sought: Ints  # (4,) how many of them there are


class Belief(NamedTuple):
    """What everybody has seen done, by posture, each array (5,)."""

    now: Annotated[Floats, 1]  # (1,)
    seen: Annotated[Floats, 5]
    exposure: Annotated[Floats, 5]
    running: Annotated[Ints, 5]  # open venues


class Cases(NamedTuple):
    """Detection clocks per action (4) and venue."""

    threshold: Floats  # (4, V) unit exponential
    used: Floats  # (4, V)
    rate: Floats  # (4, V)
    since: Floats  # (4, V)
    running: Annotated[Ints, 4]  # (4,) clocks whose rate is not 0
    order: Ints  # (4, V) intervention that the rate comes from
    open: Bools  # (4, V) a case is open
    found: Ints  # (4, V) detections so far: the occasion of the next threshold
    stamp: Ints  # (4, V) resets of the clock so far: an appointment with an older stamp is void
    blocks: Ints  # (V,) blocks so far
    sites: Annotated[Ints, 1]  # (1,) sites blocked, with the background pool
    announced: Annotated[Floats, 3]  # (3,) volume of the venues whose forced end was announced, by mode
    traded: Annotated[Floats, 3]  # (3,) volume of all venues, by mode


class Watch(NamedTuple):
    """Adaptive rules, each array (A,)."""

    since: Floats  # since when the condition holds, NaN if it does not
    fired: Floats  # day of the last step
    rung: Ints  # steps taken
    samples: Floats  # (A, lag in intervals + 1) what was measured, newest last


class Agenda(NamedTuple):
    """Appointments asked for since the engine last took them, see `agenda`."""

    rows: Annotated[Ints, 4]  # (C, 4) kind and what it carries
    delay: Floats  # (C,) days from now
    lines: Annotated[Ints, 1]  # (1,) how many


class Desk(NamedTuple):
    """The last decision, for the record."""

    terms: Annotated[Floats, OPTIONS, len(TERMS)]  # (S, 8) see codes.TERMS
    feasible: Annotated[Bools, OPTIONS]  # (S,)
    hazard: Annotated[Floats, 5]  # (5,) perceived hazard by posture
    demand: Annotated[Floats, OPTIONS, 3]  # (S, 3) expected volume
    hosts: Floats  # (J,) score of each host, -inf not feasible
    outcome: Annotated[Ints, 4]  # (4,) before, choice, runner-up, host
    scale: Annotated[Floats, 2]  # (2,) unit of the choice, margin


class Legs(NamedTuple):
    """One exchange's venue in each posture, as it weighs its options, each array (5,) unless said otherwise."""

    possible: Annotated[Bools, 5]
    hazard: Annotated[Floats, 5]
    chance: Annotated[Floats, 5]  # of getting the permission that it needs
    earned: Annotated[Floats, 5]  # per unit of volume, until it is shut or the horizon is reached
    running: Annotated[Floats, 5]  # cost of running it so long
    penalty: Annotated[Floats, 5]  # loss if shut, times its probability
    launch: Annotated[Floats, 5]  # cost of starting it, 0 if it runs
    pull: Floats  # (5, K)


class Room(NamedTuple):
    """Room to work in: kernels allocate nothing."""

    volumes: Floats  # (K,) counted volume of the segments
    rest: Floats  # (K,) what attracts the segments besides one exchange
    volume: Annotated[Floats, 3]  # (3,)
    slots: Annotated[Ints, 3]  # (3,)
    terms: Annotated[Floats, len(TERMS)]  # (8,)
    flags: Bools  # (F,)
    fresh: Annotated[Floats, 12]  # (12,) uniform of the fresh error of each option, in whole addresses
    host: Annotated[Ints, 1]  # (1,) host that the offshore leg was last worked out for, -1 none
    hoped: Annotated[Floats, 1]  # (1,) liquidity term that a new book can hope for
    hoped_book: Floats  # (K,) factor on attraction by it


class Log(NamedTuple):
    """Journal lines since the engine last took them: event, subject, mode, host, cause, cause index, and a value."""

    codes: Annotated[Ints, 6]  # (C, 6)
    values: Annotated[Floats, 2]  # (C, 2) time, value
    lines: Annotated[Ints, 1]  # (1,) how many


class State(NamedTuple):
    """All of it."""

    key: Annotated[Keys, 2]  # (2,) seed, replication
    market: Market
    venues: Venues
    traits: Traits
    survey: Survey
    force: Force
    belief: Belief
    cases: Cases
    watch: Watch
    agenda: Agenda
    desk: Desk
    legs: Legs
    seen: Market  # the market as it will be, see `demand.preview`
    room: Room
    log: Log


def _empty_market(k: int, v: int) -> Market:
    zeros = np.zeros
    return Market(
        now=zeros(1),
        fade=np.ones(k),
        pull=zeros((v, k)),
        carry=zeros((v, k)),
        habit=zeros((k, 3)),
        habit_start=zeros((k, 3)),
        factor=np.ones((k, 4)),
        mode_pull=zeros((k, 4)),
        total=zeros(k),
        stock=zeros((k, 4)),
        mode_carry=zeros((k, 4)),
        derived=zeros(k),
    )


def empty_state(world: World, seed: int, replication: int) -> State:
    """A state of the right sizes in which nothing has happened; `start.start` fills it."""
    f, k = world.firms.taste.shape[:2]
    v, i, c = 3 * f, len(world.orders.key), len(world.slots.offered) + 1
    j, o, a = len(world.places.tax), len(world.offices.approval), len(world.rules.hold)
    zeros, ints, flags = np.zeros, np.int64, np.bool_
    z, lines = len(ACTIONS), 6 * v + 64
    asked = len(world.orders.step_of) + 8 * v + o + a + 64
    lag = int(np.max(world.rules.age, initial=0))
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
        traits=Traits(
            zeros((f, k, 3)), zeros((f, OPTIONS, 2)), zeros((f, j)), zeros((f, 5)),
            zeros(f, ints), zeros(f), zeros(f), zeros(f), zeros(f), zeros(f, flags), zeros(f, ints),
            zeros(f, ints), zeros(f, ints), zeros(f, flags), zeros(f, flags), zeros(f, flags), zeros(f, ints),
            zeros(f, ints), zeros((f, 2), ints), zeros(f), zeros(f), zeros(f), zeros(f, ints), zeros(f, ints),
        ),
        survey=Survey(zeros(c, flags), zeros((c, k)), zeros((c, 7)), zeros((k, len(world.columns.group)))),
        force=Force(
            np.where(world.orders.rule < 0, 0.0, np.nan), zeros((i, 3)), np.full(i, np.inf), np.ones(j),
            zeros((z, i), ints), zeros(z, ints)
        ),
        belief=Belief(zeros(1), zeros(5), zeros(5), zeros(5, ints)),
        cases=Cases(
            zeros((z, v)), zeros((z, v)), zeros((z, v)), zeros((z, v)), zeros(z, ints), np.full((z, v), -1),
            zeros((z, v), flags), zeros((z, v), ints), zeros((z, v), ints), zeros(v, ints), zeros(1, ints), zeros(3),
            zeros(3),
        ),
        watch=Watch(np.full(a, np.nan), np.full(a, -np.inf), zeros(a, ints), np.full((a, lag + 1), np.nan)),
        agenda=Agenda(zeros((asked, 4), ints), zeros(asked), zeros(1, ints)),
        desk=Desk(
            zeros((OPTIONS, len(TERMS))), zeros(OPTIONS, flags), zeros(5), zeros((OPTIONS, 3)), zeros(j),
            zeros(4, ints), zeros(2),
        ),
        legs=Legs(zeros(5, flags), zeros(5), zeros(5), zeros(5), zeros(5), zeros(5), zeros(5), zeros((5, k))),
        seen=market._replace(fade=zeros(k), stock=zeros((k, 4)), mode_carry=zeros((k, 4))),
        room=Room(
            zeros(k), zeros(k), zeros(3), zeros(3, ints), zeros(len(TERMS)), zeros(f, flags), zeros(12),
            zeros(1, ints), zeros(1), zeros(k),
        ),
        log=Log(zeros((lines, 6), ints), zeros((lines, 2)), zeros(1, ints)),
    )  # fmt: skip
