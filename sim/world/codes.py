"""Numbers that stand for names inside the arrays, and the names."""

from typing import Final

from sim.scenario.world.strategies import STRATEGY_VENUES

DOMESTIC: Final = 0
OTC: Final = 1
OFFSHORE: Final = 2
OUTSIDE: Final = 3
MODES: Final = ("domestic", "otc", "offshore")

# Postures: what a venue risks being shut for. The first three equal the modes.
DISGUISED: Final = 3
DEFY: Final = 4
POSTURES: Final = ("domestic", "otc", "offshore", "disguised", "defy")

STRATEGIES: Final[tuple[str, ...]] = tuple(STRATEGY_VENUES)
S_DEFY: Final = STRATEGIES.index("defy")
S_EXIT: Final = STRATEGIES.index("exit")
S_LATENT: Final = STRATEGIES.index("latent")
# Strategies that can be chosen: all before this one.
OPTIONS: Final = S_LATENT
# Posture that each strategy gives each mode's slot, -1 for no venue: rows as STRATEGIES, columns as MODES.
STRATEGY_POSTURES: Final = tuple(
    tuple(POSTURES.index(venues[mode]) if mode in venues else -1 for mode in MODES)
    for venues in STRATEGY_VENUES.values()
)

FREE: Final = 0
LICENCE: Final = 1
FORBIDDEN: Final = 2
PERMISSIONS: Final = ("free", "licence", "forbidden")

# Levers. The first four are frictions, spread over columns (rails, access, channels, products).
L_PAYMENT: Final = 0
L_ACCESS: Final = 1
L_MEDIA: Final = 2
L_SERVICE: Final = 3
L_FEE: Final = 4
L_PERMISSION: Final = 5
L_CLAIM: Final = 6
L_RISK: Final = 7
L_HAZARD: Final = 8
L_DETECTION: Final = 9
L_STAFFING: Final = 10
L_ENTRY: Final = 11
LEVERS: Final = (
    "payment", "access", "media", "service", "fee", "permission", "claim", "risk", "hazard", "detection",
    "staffing", "entry-cost",
)  # fmt: skip

# Phases of an intervention: expectations move when it is announced, levers when it is effective,
# detection when it is enforced.
ANNOUNCED: Final = 0
EFFECTIVE: Final = 1
ENFORCED: Final = 2
PHASE_OF_LEVER: Final = (1, 1, 1, 1, 1, 1, 1, 0, 0, 2, 2, 1)

CLOSURE: Final = 0
SITE_BLOCK: Final = 1
ACCOUNT_FREEZE: Final = 2
FINE: Final = 3
ACTIONS: Final = ("closure", "site-block", "account-freeze", "fine")

# Licence of a venue.
NONE: Final = 0
WAITING: Final = 1
DEEMED: Final = 2
LICENSED: Final = 3
REFUSED: Final = 4

# States of a venue. It is also open while it waits for a licence (as if licensed), is blocked (behind a site block), or
# is evading (back under a new domain after one).
STATUSES: Final = ("closed", "building", "open", "winding-down", "blocked", "waiting", "licensed", "evading")

# Why an exchange decides, or what caused a journal line.
C_NONE: Final = 0
C_REVIEW: Final = 1
C_ANNOUNCED: Final = 2
C_EFFECTIVE: Final = 3
C_ENFORCEMENT: Final = 4
C_LOSS: Final = 5
C_LICENCE: Final = 6
C_ENTRY: Final = 7
C_INTERVENTION: Final = 8
C_RULE: Final = 9
C_HOST: Final = 10
C_DEADLINE: Final = 11
CAUSES: Final = (
    "", "review", "announced", "effective", "enforcement", "volume-loss", "licence", "entry", "", "", "host-closed",
    "deadline",
)  # fmt: skip

# Journal events.
EVENTS: Final = (
    "announced", "effective", "enforced", "ramp-step", "deadline", "lifted",
    "departure-wave", "decision", "launch-started", "launched", "wind-down", "closed", "entered", "exited",
    "application", "deemed", "licence-granted", "licence-refused", "application-withdrawn",
    "detected", "case-opened", "case-started", "closure", "site-blocked", "new-domain", "account-frozen",
    "account-released", "fined", "case-dropped", "rule-observed", "rule-fired", "host-closed", "relocation",
)  # fmt: skip
(
    E_ANNOUNCED, E_EFFECTIVE, E_ENFORCED, E_RAMP, E_DEADLINE, E_LIFTED,
    E_WAVE, E_DECISION, E_LAUNCH_STARTED, E_LAUNCHED, E_WIND_DOWN, E_CLOSED, E_ENTERED, E_EXITED,
    E_APPLICATION, E_DEEMED, E_GRANTED, E_REFUSED, E_WITHDRAWN,
    E_DETECTED, E_CASE_OPENED, E_CASE_STARTED, E_CLOSURE, E_BLOCKED, E_NEW_DOMAIN, E_FROZEN,
    E_RELEASED, E_FINED, E_DROPPED, E_OBSERVED, E_FIRED, E_HOST_CLOSED, E_RELOCATION,
) = range(33)  # fmt: skip
EVENT_SUBJECT: Final = ("intervention",) * 6 + ("exchange",) * 23 + ("rule",) * 2 + ("exchange",) * 2

# What draws are for: one address per purpose (see `draws`).
(
    D_BRAND, D_REGION, D_LEAD_TIME_FACTOR, D_CAUTION, D_SANCTION_WEIGHT, D_NOTICE_USED, D_LOCAL_PAGE,
    D_REVIEW, D_REACTION,
    D_ERROR, D_FRESH, D_HOST, D_LEAD, D_DETECTION, D_SERVICE, D_DOMAIN, D_DEEMED, D_APPROVAL, D_EXAMINATION,
    D_PATIENCE, D_SITE,
) = range(1, 22)  # fmt: skip

# Terms of an option's value; value = revenue - running - penalty - launch - exit.
TERMS: Final = ("value", "revenue", "running", "penalty", "launch", "exit", "error", "score")
T_VALUE, T_REVENUE, T_RUNNING, T_PENALTY, T_LAUNCH, T_EXIT, T_ERROR, T_SCORE = range(8)

# Random quantities are rows (kind, a, b).
FIXED: Final = 0
UNIFORM: Final = 1
NORMAL: Final = 2
LOGNORMAL: Final = 3
EXPONENTIAL: Final = 4
ABSENT: Final = -1

INDICATORS: Final = (
    "share:domestic", "share:otc", "share:offshore", "share:outside", "exposure", "open:domestic", "open:otc",
    "open:offshore", "blocked-sites", "licences-waiting", "lever:risk", "lever:hazard",
)  # fmt: skip
