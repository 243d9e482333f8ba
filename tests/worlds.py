"""Small random worlds as plain data, for properties that hold in every world and for engines that must agree.

They are built to be awkward: dates fall on a coarse grid, lags and lead times are often fixed, so that much happens in
the same instant; values lie on their limits; agencies are overworked; exchanges start in every strategy.

    @given(worlds())
    def test_something(source): run = history(source)
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import wraps
from typing import Any

from hypothesis import strategies as st

from sim.scenario.policy.interventions import builtin_kinds
from tests.kit import Data, day

DAYS = 90
"""Length of the worlds."""
MODES = ("domestic", "otc", "offshore")
STRATEGIES = (
    "domestic", "otc", "offshore", "hybrid", "disguised", "disguised+otc", "defy", "exit",
    "domestic+otc", "domestic+offshore", "domestic+otc+offshore",
)  # fmt: skip
KINDS = (
    "warning", "statement", "product-ban", "closure-order", "fee-rule", "margin-rule", "withdrawal-freeze",
    "payment-block", "deposit-stop", "banking-ban", "account-freeze", "site-block", "monitoring", "shell-hunt", "media-shutdown", "marketplace-ban",
    "venue-ban", "extraterritorial-claim", "licence-regime", "otc-licensing", "fraud-shock", "relief", "host-closes",
    "host-opens", "foreign-licence", "platform-leaves", "licence-suspension", "licence-refusal",
    "closure-order", "account-freeze", "site-block", "shell-hunt", "closure-order", "licence-regime",
    "foreign-licence", "platform-leaves", "licence-suspension", "foreign-licence",
)  # fmt: skip
"""All built-in kinds, those that set agencies and offices to work more than once."""
OPEN_ENDED = tuple(kind for kind in KINDS if kind not in (
    "closure-order", "licence-regime", "otc-licensing", "host-closes", "product-ban", "foreign-licence",
    "platform-leaves", "licence-suspension", "licence-refusal"))  # fmt: skip
"""Those without a deadline, which would shut several venues in the same instant."""
INDICATORS = (
    "share:domestic", "share:otc", "share:offshore", "share:outside", "exposure", "open:domestic", "open:otc",
    "open:offshore", "blocked-sites", "licences-waiting", "lever:risk", "lever:hazard",
)  # fmt: skip
RAILS, CHANNELS, PRODUCTS = ("bank", "wallet"), ("chat", "events"), ("margin", "withdrawals")
REGIONS, HOSTS, AGENCIES, OFFICES = (
    ("north", "south"),
    ("harbour", "island"),
    ("police", "bank"),
    ("desk", "bureau", "counter"),
)

Draw = st.DrawFn
Found = st.SearchStrategy[Any]


def shared(make: Callable[..., Found]) -> Callable[..., Found]:
    """Strategies that are made once for the same arguments: Hypothesis examines each object before the first draw."""
    made: dict[str, Found] = {}

    @wraps(make)
    def of(*arguments: Any) -> Found:
        key = repr(arguments)
        if key not in made:
            made[key] = make(*arguments)
        return made[key]

    return of


@shared
def pick(*values: Any) -> Found:
    """One of these values; the first is the simplest."""
    return st.sampled_from(values)


def maybe(draw: Draw, entry: Data, **fields: Found) -> Data:
    """The entry with some of the fields."""
    return entry | {name: draw(value) for name, value in fields.items() if draw(st.booleans())}


@shared
def some(*names: str) -> Found:
    """At least one of the names, in any order."""
    return st.lists(st.sampled_from(names), min_size=1, max_size=len(names), unique=True)


@shared
def parts(*names: str) -> Found:
    """Parts of some of the names."""
    return st.dictionaries(st.sampled_from(names), pick(0.5, 0.2, 0.0), max_size=len(names))


DATE = st.integers(0, 18).map(lambda n: day(5.0 * n)) | st.integers(0, 8 * DAYS).map(lambda n: day(n / 8.0))
"""Mostly the same few dates, so that things coincide; some at odd hours."""
LAG = pick(
    "1 d", "5 d", "0 d", {"uniform": {"low": "0 d", "high": "10 d"}}, {"exponential": {"mean": "4 d"}},
    {"lognormal": {"median": "6 d", "sigma": 0.5}},
)  # fmt: skip
CONTINUOUS_LAG = pick({"uniform": {"low": "0.1 d", "high": "10 d"}}, {"exponential": {"mean": "4 d"}})
PART = pick(0.5, 0.0, 1.0, 0.9, 0.1)
NESTS = st.dictionaries(pick(*MODES, "books"), pick(0.5, 0.2, 1.0, 0.8), max_size=4)
RATE = pick("0.05 /d", "0.5 /d", "0 /d", "3 /d")


@st.composite
def segments(draw: Draw) -> list[Data]:
    """One to three cohorts; the first is focal, the last may live on derived demand."""
    found = []
    for n in range(draw(st.integers(1, 3))):
        tastes = {mode: draw(pick(0.0, -1.0, -3.0)) for mode in MODES}
        if n and draw(st.booleans()):
            del tastes[draw(st.sampled_from(MODES))]
        uses = {"rails": draw(uses_of(RAILS)), "channels": draw(uses_of(CHANNELS)), "needs": draw(uses_of(PRODUCTS))}
        entry: Data = (uses if n == 0 else maybe(draw, {}, **{key: st.just(value) for key, value in uses.items()})) | {
            "id": f"cohort-{n}", "home": "home" if n == 0 else draw(pick("home", *HOSTS)), "volume": draw(volumes()),
            "switching": draw(pick("0.2 /d", "0.02 /d", "30 /d", "0 /d")), "outside": draw(pick(0.6, 0.05, 5.0)),
            "taste": tastes,
        }  # fmt: skip
        found.append(maybe(
            draw, entry, real_part=PART, liquidity=pick(0.3, 0.0, 0.9), fee=pick(100.0, 1.0), gain=PART, risk=pick(0.5, 3.0),
            habit=st.fixed_dictionaries({"weight": pick(1.3, 0.0), "adopt": pick("0.3 /d", "3 /d"), "forget": RATE}),
            circumvention=PART | st.fixed_dictionaries({"payment": PART, "access": PART, "media": PART}),
            nests=NESTS, attention=PART, panic=pick(1.0, 0.3),
            disguise=pick(1.0, -1.0), pairs=pick("coins") if n else st.just("money"), derived=pick(0.2, 1.0) if n == 2 else st.just(0.0),
        ))  # fmt: skip
    return found


@shared
def uses_of(names: tuple[str, ...]) -> Found:
    """How much of each is used."""
    return st.fixed_dictionaries({name: pick(0.5, 0.2, 0.0) for name in names})


@shared
def prices() -> Found:
    """A constant, or a path with jumps or slopes, that never falls to nothing."""
    path = st.fixed_dictionaries({
        "points": st.dictionaries(DATE, pick(1000.0, 0.5, 5000.0), min_size=1, max_size=3),
        "interpolation": pick("step", "linear"),
    })  # fmt: skip
    return pick(2.0, 1000.0) | path


@shared
def volumes() -> Found:
    """A constant, or a path with jumps or slopes."""
    path = st.fixed_dictionaries({
        "points": st.dictionaries(DATE, pick(1000.0, 0.0, 5000.0), min_size=1, max_size=3),
        "interpolation": pick("step", "linear"),
    })  # fmt: skip
    return pick(1000.0, 20_000.0, 10.0) | path


@st.composite
def exchanges(draw: Draw, lag: Found, ties: bool) -> list[Data]:
    """One to five entries, each one exchange or a group of up to three."""
    found = []
    for n in range(draw(st.integers(1, 5))):
        name = {"id": f"x{n}"} if draw(st.booleans()) else {"group": f"g{n}", "count": draw(st.integers(1, 3))}
        strategy = draw(pick("domestic", *STRATEGIES, "latent"))
        entry: Data = {**name, "home": draw(pick("home", "home", *HOSTS)), "strategy": strategy}
        entry |= draw(pick({"brand": math.log(0.3)}, {"brand": -1.0}, {"brand": {"normal": {"mean": -2.0, "sd": 1.0}}}))
        entry |= draw(pick({}, {"enters": draw(DATE)})) if ties else {}
        found.append(maybe(
            draw, entry, region=pick("north", {"choice": {"north": 0.5, "south": 0.5}}), options=some(*STRATEGIES),
            hosts=some(*HOSTS), host=pick(*HOSTS), fixed=pick(True), reaction=lag,
            lead_time_factor=pick(1.0, 0.2, {"lognormal": {"median": 1.0, "sigma": 0.5}}), caution=pick(1.0, 0.0, 3.0),
            sanction_weight=pick(1.0, 0.0, 3.0), capital=pick(50.0, 1.0), notice_used=PART, local_page=PART, awareness=PART, exposure=PART,
            licensed=some(*MODES, "serving"), compliance=PART,
            audience=st.fixed_dictionaries({"cohort-0": pick(-1.0, 1.0, None)}), offers=some(*PRODUCTS),
        ))  # fmt: skip
    return found


@st.composite
def targets(draw: Draw, members: list[str]) -> Data:
    """Whom an intervention bears on."""
    return maybe(
        draw, {}, modes=some(*MODES, "disguised"), jurisdictions=some(*HOSTS), exchanges=some(*members),
        regions=some(*REGIONS), segments=pick(["cohort-0"]), rails=some(*RAILS), channels=some(*CHANNELS),
        products=some(*PRODUCTS),
    )  # fmt: skip


_LIGHT: dict[str, Found] = {
    "payment": PART, "access": PART, "media": PART, "service": PART, "fee": pick(0.002, 0.05),
    "claim": st.booleans(), "risk": pick(0.5, 0.0),
    "hazard": pick(1.5, 0.5), "detection": pick(2.0, 0.0), "staffing": pick(2.0, 0.5), "entry_cost": pick(0.5, 0.0),
    "gains_tax": pick(0.05, 0.2), "liability": PART,
}  # fmt: skip
_LICENCES: dict[str, Found] = {
    "permission": pick("forbidden", "licence", "free"), "suspension": st.booleans(), "refusal": st.booleans(),
}  # fmt: skip
LIGHT_MOVES = st.fixed_dictionaries({}, optional=_LIGHT)
MOVES = st.fixed_dictionaries({}, optional={**_LICENCES, **_LIGHT})


@st.composite
def mandates(draw: Draw, campaigns: bool) -> Data:
    """What detected venues suffer, or a blocking campaign."""
    if campaigns and draw(pick(False, False, False, True)):
        campaign = {"sites": draw(st.integers(1, 6)), "over": draw(pick("20 d", "1 d")), "then": draw(RATE)}
        return {"action": "site-block", "campaign": campaign}
    return {
        "action": draw(pick("closure", "site-block", "account-freeze", "fine")),
        "rate": draw(pick("0.5 /d", "3 /d", "0.05 /d")),
    }


def offset(days: float) -> str:
    """Days after the firing of a rule."""
    return f"+{days} d"


@st.composite
def interventions(
    draw: Draw, name: str, members: list[str], offices: bool, lag: Found, kinds: tuple[str, ...] = KINDS, write: Any = day
) -> Data:  # fmt: skip
    """One intervention of these kinds, its dates in the order that the linter asks for."""
    spans = pick(0.0, 5.0, 2.5, 20.0)
    last = 5.0 * draw(st.integers(0 if write is offset else -2, 16)) + draw(pick(0.0, 0.375))
    entry: Data = {"id": name, "kind": draw(st.sampled_from(kinds)), "announced": write(last)}
    for key in ("effective", "enforced", "deadline", "until"):
        if draw(st.booleans()):
            last += draw(spans)
            entry[key] = write(last)
    if offices and draw(pick(True, True, False)):
        entry["offices"] = draw(some(*OFFICES))
    entry |= draw(pick({"by": "police"}, {"by": "bank"}, {}))
    if offices and draw(st.booleans()):
        entry["visible_act"] = draw(pick(1.0, 2.5))
    if draw(st.booleans()):
        return maybe(draw, entry, enforcement=mandates(kinds is KINDS), reaction=lag)
    found = maybe(
        draw, entry, target=targets(members), moves=MOVES if kinds is KINDS else LIGHT_MOVES, attention=PART, leave=PART, anticipation=PART,
        ending=st.fixed_dictionaries({}, optional={"at_once": PART, "at_end": PART, "notice_scale": pick("0 d", "30 d")}),
        ramp=pick("8 d", "0 d", "3 d"), fade=pick("8 d", "0 d"), coverage=PART, efficacy=PART, exempt=parts("small"),
        panic=st.fixed_dictionaries({"amplitude": pick(2.0, 0.0), "decay": pick("5 d", "0.5 d")}),
        enforcement=mandates(kinds is KINDS), reaction=lag, law=pick("focal", "host"),
    )  # fmt: skip
    usual = builtin_kinds()[found["kind"]].moves.model_dump(include=set(_LICENCES), exclude_none=True)
    licences = {name: value for name, value in {**usual, **found.get("moves", {})}.items() if name in _LICENCES}
    if "offices" in found or any(value not in ("free", False) for value in licences.values()):
        found = {key: value for key, value in found.items() if key not in ("coverage", "efficacy", "exempt")}
    return found


@st.composite
def rules(draw: Draw, name: str, members: list[str], offices: bool, lag: Found) -> Data:
    """An adaptive rule with a ladder of one to three steps."""
    ladder = [
        [
            draw(interventions(f"{name}-{rung}-{n}", members, offices, lag, write=offset))
            for n in range(draw(st.integers(1, 2)))
        ]
        for rung in range(draw(st.integers(1, 3)))
    ]
    condition = {
        "indicator": draw(st.sampled_from(INDICATORS)),
        draw(pick("above", "below")): draw(pick(0.3, 0.0, 1.0, 2.0)),
    }
    entry: Data = {"id": name, "when": maybe(draw, condition, hold=pick("14 d", "3 d")), "steps": ladder}
    return maybe(
        draw, entry, by=pick(*AGENCIES), every=pick("7 d", "5 d", "1.5 d"), lag=pick("7 d", "4 d"),
        cooldown=pick("10 d", "30 d"), starts=DATE,
    )  # fmt: skip


@st.composite
def places(draw: Draw, offices: bool) -> list[Data]:
    """The focal jurisdiction with two regions, and two hosts."""
    found: list[Data] = [{"id": "home", "regions": {"north": 0.4, "south": 0.6}}]
    for host in HOSTS:
        entry = {"id": host, "office": "bureau"} if offices and draw(st.booleans()) else {"id": host}
        found.append(maybe(
            draw, entry, entry_cost=pick(10.0, 1000.0, "1 %"), tax=PART, hazard=RATE, delay=pick("5 d", "40 d"),
            appeal=pick(0.3, -1.0), unwelcome=parts(*PRODUCTS),
        ))  # fmt: skip
    return found


@st.composite
def licensing(draw: Draw, lag: Found, ties: bool, members: list[str]) -> list[Data]:
    """Three offices, quick or slow, in batches or not, patient applicants or not; the last is for products."""
    found = []
    for name in OFFICES:
        entry = {
            "id": name,
            "officers": draw(st.integers(1, 2)),
            "service": draw(lag),
            "approval": draw(pick(0.9, 0.5, 1.0, 0.0)),
        }
        deemed = st.fixed_dictionaries({}, optional={"apply_by": DATE, "probability": PART})
        batches = {"batch": pick("10 d", "3.5 d"), "decides_on": pick([day(20.0), day(44.5)])} if ties else {}
        found.append(
            maybe(
                draw,
                entry,
                deemed=deemed,
                patience=pick("5 d", "0 d", "20 d"),
                agency=pick(*AGENCIES),
                eligible=some(*members),
                refuses=some(*members),
                pauses=st.lists(
                    st.fixed_dictionaries({"start": pick(day(10.0), day(30.0)), "until": pick(day(35.0), day(50.5))}),
                    max_size=2,
                ),
                **batches,
            )
        )
    found[-1] |= maybe(draw, {"products": draw(some(*PRODUCTS))}, holders=some(*members))
    return found


@st.composite
def behaviour(draw: Draw, lag: Found, ties: bool) -> Data:
    """How exchanges decide, what they believe, how demand and enforcement work."""
    economics = st.fixed_dictionaries({}, optional={
        "take": st.dictionaries(st.sampled_from(MODES), pick(0.5, 0.01, 0.0), max_size=3),
        "launch": st.fixed_dictionaries({"otc": pick({"fixed": 0.0}), "offshore": pick({"fixed": 1.0, "revenue_days": 0.0}, {"fixed": "0.3 %", "revenue_days": 20.0})}),
        "running": st.fixed_dictionaries({"offshore": pick({"fixed": 0.01, "of_reference": 0.0})}),
        "exit": pick({"fixed": 10.0}),
    })  # fmt: skip
    lead = st.fixed_dictionaries({}, optional=dict.fromkeys((*MODES, "disguised"), lag))
    decisions = maybe(
        draw, {"reaction": draw(lag)}, options=some(*STRATEGIES), horizon=pick("180 d", "30 d"), temperature=pick(0.0, 0.05, 1.0),
        fresh=PART, host_temperature=pick(0.05, 5.0), review=pick("10 d", "30 d"), economics=economics, lead=lead,
        constant=pick(10.0, 0.1, 0.0, "0.5 %"), reopen=PART,
    )  # fmt: skip
    decisions["loss_trigger"] = draw(pick(0.5, 0.1, 1.0)) if ties else 1.0
    found: Data = {"decisions": decisions}
    sites = st.fixed_dictionaries({}, optional={"background": pick(3, 100), "return_lag": lag, "residual": PART})
    return maybe(
        draw, found,
        applicants=st.fixed_dictionaries({}, optional={
            "giving_up": pick("0.02 /d", "0.2 /d", "0 /d"), "per_act": pick(3.0, 0.5), "act_fading": RATE}),
        closing=st.fixed_dictionaries({}, optional={
            "notice_scale": pick("20 d", "640 d"), "first": PART, "later": PART, "minimum": pick("3 d", "0 d"), "notice": lag,
            "unforced": pick("7 d", "0 d")}),
        demand=st.fixed_dictionaries({}, optional={
            "liquidity_floor": pick(0.02, 1.0), "onramp": pick(1.5, 0.0), "local_page": pick(0.5, -0.5), "prospect": PART,
            "payment_reach": parts(*MODES), "payment_skill": parts(*MODES), "nests": NESTS,
            "awareness_growth": RATE, "awareness_fade": RATE, "residue": PART}),
        beliefs=st.fixed_dictionaries({}, optional={
            "weight": pick("2000 d", "10 d"), "forgetting": pick("1 /y", "0 /d"), "prior": pick({"defy": "0 /d"}),
            "exposure_fade": RATE}),
        price=prices(),
        enforcement=st.fixed_dictionaries({"size_exponent": pick(0.0, 1.0)}, optional={
            "reference_size": pick(2000.0, 100.0, "10 %"), "local_page": pick(2.0, 1.0),
            "freeze": pick("30 d", "5 d"), "recovery": pick("3 d", "0 d"), "sites": sites}),
    )  # fmt: skip


@st.composite
def worlds(draw: Draw, ties: bool = True) -> Data:
    """A scenario of 90 days with policies `baseline`, `empty`, and `more`: the baseline with an intervention `extra`.

    With `ties=False`, nothing is left to the order of the list of exchanges: no two of them decide, enter, open or close
    in the same instant, and no campaign has to choose between two of the same size.
    """
    lag = LAG if ties else CONTINUOUS_LAG
    offices = draw(st.booleans())
    firms = draw(exchanges(lag, ties))
    members = [firm.get("id") or firm["group"] for firm in firms]
    kinds = KINDS if ties else OPEN_ENDED
    baseline = [draw(interventions(f"i{n}", members, offices, lag, kinds)) for n in range(draw(st.integers(0, 5)))]
    adaptive = [draw(rules(f"r{n}", members, offices, lag)) for n in range(draw(st.integers(0, 2)))] if ties else []
    return {
        "schema": 1, "name": "world", "start": "2020-01-01", "end": day(float(DAYS)), "focal": "home",
        "jurisdictions": draw(places(offices)),
        "agencies": [
            {"id": "police", "capacity": draw(st.integers(1, 2)), "service": draw(LAG)},
            {"id": "bank", "jurisdiction": draw(pick("home", "harbour")), "capacity": 1, "service": "3 d"},
        ],
        "offices": draw(licensing(lag, ties, members)) if offices else [],
        "segments": draw(segments()),
        "exchanges": firms,
        **draw(behaviour(lag, ties)),
        "policies": {
            "baseline": {"interventions": baseline, "rules": adaptive},
            "empty": [],
            "more": {"extends": "baseline", "add": [draw(interventions("extra", members, offices, lag, kinds))]},
        },
    }  # fmt: skip
