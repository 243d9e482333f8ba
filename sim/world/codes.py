"""Numbers that stand for names inside the arrays, and the names."""

from typing import Final, get_args

import numpy as np

from sim.scenario.policy.interventions import Action, Indicator
from sim.scenario.world.strategies import STRATEGY_VENUES
from sim.schedule.levers import LEVERS, PERMISSIONS, PHASES, RULES

DOMESTIC, OTC, OFFSHORE, OUTSIDE = range(4)
# Permits: one for the slot of each mode, one to serve focal users from abroad, and from there on one for each office
# that licenses products, and mode.
SERVING: Final = 3
PRODUCTS: Final = 4
PERMITS: Final = ("domestic", "otc", "offshore", "serving")
MODES: Final = ("domestic", "otc", "offshore")
# Nests: the venues of each mode, and order books, which are at home or abroad.
ORDER_BOOKS: Final = 3
NESTS: Final = (*MODES, "books")

# Postures: what a venue risks being shut for. The first three equal the modes.
DISGUISED: Final = 3
DEFY: Final = 4
POSTURES: Final = ("domestic", "otc", "offshore", "disguised", "defy")

STRATEGIES: Final[tuple[str, ...]] = tuple(STRATEGY_VENUES)
S_OFFSHORE: Final = STRATEGIES.index("offshore")
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

FREE, LICENCE, FORBIDDEN = range(len(PERMISSIONS))
ANNOUNCED, EFFECTIVE, ENFORCED = range(len(PHASES))

# Levers: the number of each is its place in the table `sim.schedule.levers`.
LEVER_NUMBER: Final = {lever.name: number for number, lever in enumerate(LEVERS)}
L_PAYMENT: Final = LEVER_NUMBER["payment"]
L_ACCESS: Final = LEVER_NUMBER["access"]
L_FEE: Final = LEVER_NUMBER["fee"]
L_PERMISSION: Final = LEVER_NUMBER["permission"]
L_CLAIM: Final = LEVER_NUMBER["claim"]
L_RISK: Final = LEVER_NUMBER["risk"]
L_HAZARD: Final = LEVER_NUMBER["hazard"]
L_DETECTION: Final = LEVER_NUMBER["detection"]
L_STAFFING: Final = LEVER_NUMBER["staffing"]
L_ENTRY: Final = LEVER_NUMBER["entry-cost"]
L_GAINS_TAX: Final = LEVER_NUMBER["gains-tax"]
L_LIABILITY: Final = LEVER_NUMBER["liability"]
L_SUSPENSION: Final = LEVER_NUMBER["suspension"]
L_REFUSAL: Final = LEVER_NUMBER["refusal"]

# By number of the lever.
PHASE: Final = np.array([PHASES.index(lever.phase) for lever in LEVERS])
RULE: Final = np.array([RULES.index(lever.rule) for lever in LEVERS])
IS_FRICTION: Final = np.array([lever.sort == "friction" for lever in LEVERS])
# What keeps traders away once it is effective, or once it is announced and they act ahead.
DETERS: Final = np.array([lever.phase == "effective" and lever.sort in ("friction", "amount") for lever in LEVERS])
HOLDS_OR_NOT: Final = np.array([lever.sort in ("permission", "flag") for lever in LEVERS])
NEUTRAL: Final = np.array([1.0 if lever.rule == "product" else 0.0 for lever in LEVERS])

SUM: Final = RULES.index("sum")
PRODUCT: Final = RULES.index("product")

# What detected venues suffer.
ACTIONS: Final[tuple[str, ...]] = get_args(Action)
CLOSURE: Final = ACTIONS.index("closure")
SITE_BLOCK: Final = ACTIONS.index("site-block")
ACCOUNT_FREEZE: Final = ACTIONS.index("account-freeze")
FINE: Final = ACTIONS.index("fine")

# What a rule watches.
INDICATORS: Final[tuple[str, ...]] = get_args(Indicator)

# Licence of a venue.
NONE, WAITING, DEEMED, LICENSED, REFUSED = range(5)


class _Numbered(list[str]):
    """Names in the order of their numbers."""

    def number(self, name: str) -> int:
        """Take up a name; its number."""
        self.append(name)
        return len(self) - 1


# States of a venue. It is also open while it waits for a licence (as if licensed), is blocked (behind a site block), or
# is evading (back under a new domain after one). Nothing is traded at one whose licence is suspended. One that is
# barred, abroad, has no leave of focal law to serve focal users, whether it obeys or not. One that is limited lacks the
# licence for some products, and trades the others. One at home that is unlicensed is open although the law in effect
# forbids it or asks for a licence that it has not, whether it knows no end yet or defies.
_statuses = _Numbered()
STATUS_CLOSED: Final = _statuses.number("closed")
STATUS_BUILDING: Final = _statuses.number("building")
STATUS_OPEN: Final = _statuses.number("open")
STATUS_WINDING_DOWN: Final = _statuses.number("winding-down")
STATUS_BLOCKED: Final = _statuses.number("blocked")
STATUS_WAITING: Final = _statuses.number("waiting")
STATUS_LICENSED: Final = _statuses.number("licensed")
STATUS_EVADING: Final = _statuses.number("evading")
STATUS_SUSPENDED: Final = _statuses.number("suspended")
STATUS_BARRED: Final = _statuses.number("barred")
STATUS_LIMITED: Final = _statuses.number("limited")
STATUS_UNLICENSED: Final = _statuses.number("unlicensed")
STATUSES: Final = tuple(_statuses)

# Why an exchange decides, or what caused a journal line. Where the name is empty, an id says it.
_causes = _Numbered()
C_NONE: Final = _causes.number("")
C_REVIEW: Final = _causes.number("review")
C_ANNOUNCED: Final = _causes.number("announced")
C_EFFECTIVE: Final = _causes.number("effective")
C_ENFORCEMENT: Final = _causes.number("enforcement")
C_LOSS: Final = _causes.number("volume-loss")
C_LICENCE: Final = _causes.number("licence")
C_ENTRY: Final = _causes.number("entry")
C_INTERVENTION: Final = _causes.number("")
C_RULE: Final = _causes.number("")
C_HOST: Final = _causes.number("host-closed")
C_DEADLINE: Final = _causes.number("deadline")
C_LIFTED: Final = _causes.number("lifted")
CAUSES: Final = tuple(_causes)

# What a line of the journal tells of, and whose it is.
_events = _Numbered()
_subjects: list[str] = []


def _event(name: str, subject: str = "exchange") -> int:
    _subjects.append(subject)
    return _events.number(name)


E_ANNOUNCED: Final = _event("announced", "intervention")
E_EFFECTIVE: Final = _event("effective", "intervention")
E_ENFORCED: Final = _event("enforced", "intervention")
E_RAMP: Final = _event("ramp-step", "intervention")
E_DEADLINE: Final = _event("deadline", "intervention")
E_LIFTED: Final = _event("lifted", "intervention")
E_WAVE: Final = _event("departure-wave")
E_DECISION: Final = _event("decision")
E_LAUNCH_STARTED: Final = _event("launch-started")
E_LAUNCHED: Final = _event("launched")
E_WIND_DOWN: Final = _event("wind-down")
E_CLOSED: Final = _event("closed")
E_ENTERED: Final = _event("entered")
E_EXITED: Final = _event("exited")
E_APPLICATION: Final = _event("application")
E_DEEMED: Final = _event("deemed")
E_GRANTED: Final = _event("licence-granted")
E_REFUSED: Final = _event("licence-refused")
E_WITHDRAWN: Final = _event("application-withdrawn")
E_DETECTED: Final = _event("detected")
E_CASE_OPENED: Final = _event("case-opened")
E_CASE_STARTED: Final = _event("case-started")
E_CLOSURE: Final = _event("closure")
E_BLOCKED: Final = _event("site-blocked")
E_NEW_DOMAIN: Final = _event("new-domain")
E_FROZEN: Final = _event("account-frozen")
E_RELEASED: Final = _event("account-released")
E_FINED: Final = _event("fined")
E_DROPPED: Final = _event("case-dropped")
E_OBSERVED: Final = _event("rule-observed", "rule")
E_FIRED: Final = _event("rule-fired", "rule")
E_HOST_CLOSED: Final = _event("host-closed")
E_RELOCATION: Final = _event("relocation")
E_UNBLOCKED: Final = _event("site-unblocked")
E_TURNS_AWAY: Final = _event("turns-away")
E_SERVES_AGAIN: Final = _event("serves-again")
E_SUSPENDED: Final = _event("licence-suspended")
E_RESUMED: Final = _event("licence-resumed")
E_LIMITED: Final = _event("products-barred")
E_UNLIMITED: Final = _event("products-allowed")
EVENTS: Final = tuple(_events)
EVENT_SUBJECT: Final = tuple(_subjects)

# What draws are for: one address per purpose (see `sim.model.random`).
(
    D_BRAND, D_REGION, D_LEAD_TIME_FACTOR, D_CAUTION, D_SANCTION_WEIGHT, D_NOTICE_USED, D_LOCAL_PAGE,
    D_REVIEW, D_REACTION,
    D_ERROR, D_FRESH, D_HOST, D_LEAD, D_DETECTION, D_SERVICE, D_DOMAIN, D_DEEMED, D_APPROVAL, D_EXAMINATION,
    D_PATIENCE, D_SITE, D_NOTICE, D_GIVING_UP, D_COMPLIANCE,
) = range(1, 25)  # fmt: skip

# Terms of an option's value; value = revenue - running - penalty - launch - exit.
_terms = _Numbered()
T_VALUE: Final = _terms.number("value")
T_REVENUE: Final = _terms.number("revenue")
T_RUNNING: Final = _terms.number("running")
T_PENALTY: Final = _terms.number("penalty")
T_LAUNCH: Final = _terms.number("launch")
T_EXIT: Final = _terms.number("exit")
T_ERROR: Final = _terms.number("error")
T_SCORE: Final = _terms.number("score")
TERMS: Final = tuple(_terms)

# Random quantities are rows (kind, a, b).
FIXED, UNIFORM, NORMAL, LOGNORMAL, EXPONENTIAL = range(5)
ABSENT: Final = -1
