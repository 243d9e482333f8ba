"""Interventions as they come into force and as they are lifted: what moves first, and that what is lifted is lifted."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest

from sim.engine.compiled import simulate as compiled
from sim.engine.reference import simulate as reference
from sim.engine.reference.processes import start_requested
from sim.engine.reference.reference_run import ReferenceRun
from sim.model.handlers.dispatch import initialise
from sim.model.state import State, empty_state
from sim.scenario.policy.interventions import builtin_kinds
from sim.schedule.levers import LEVERS
from sim.world import codes as c
from tests.kit import Data, History, built, data, day, history, traders

ENGINES = pytest.mark.parametrize("engine", [reference, compiled])
PAYERS = [traders(rails={"bank": 1.0})]
FREE, BLOCKED, RATE = 1.0 / 1.6, 0.5 / 1.1, 0.2
"""Share of the domestic venues before and under a block of half of all payments; how fast traders reconsider."""


def block(**fields: object) -> Data:
    return {"id": "block", "kind": "payment-block", "effective": day(30), "coverage": 0.5, **fields}


def share(*baseline: Data, engine=reference) -> np.ndarray:
    run = history(data(segments=PAYERS, baseline=list(baseline)), engine=engine)
    return run.share("a") + run.share("b")


@ENGINES
@pytest.mark.parametrize("attention", [0.0, 0.55, 1.0])
def test_whoever_reconsiders_at_once_finds_the_levers_moved(engine, attention):
    """Announced and effective at one instant: that part is at once where the others get at rate 0.2 a day."""
    found = share(block(attention=attention), engine=engine)
    jump = FREE + attention * (BLOCKED - FREE)
    assert found[29] == pytest.approx(FREE, abs=1e-12)
    for t in (30, 31, 60, 200):
        expected = BLOCKED + (jump - BLOCKED) * math.exp(-RATE * (t - 30))
        assert found[t] == pytest.approx(expected, abs=1e-12)


def test_attention_that_an_announcement_draws_comes_again_with_the_effect():
    """Five days ahead there is nothing to find yet; at the effect the same part reconsiders."""
    found = share(block(announced=day(25), attention=0.55))
    assert found[29] == pytest.approx(FREE, abs=1e-12)
    assert found[30] == pytest.approx(FREE + 0.55 * (BLOCKED - FREE), abs=1e-12)


def test_all_levers_of_an_instant_move_before_anybody_reconsiders():
    """The news of one intervention is reason enough to find what another does at the same instant, in any order."""
    news = {"id": "news", "kind": "relief", "announced": day(30), "attention": 1.0}
    for baseline in ([news, block()], [block(), news]):
        assert share(*baseline)[30] == pytest.approx(BLOCKED, abs=1e-12)


def deposit_stop(**fields: object) -> Data:
    return {"id": "stop", "kind": "deposit-stop", "announced": day(20), "effective": day(30), **fields}


@ENGINES
@pytest.mark.parametrize(("bound", "coverage"), [(["a"], 1.0), (["a"], 0.5), (["a", "b"], 1.0), (["b", "a"], 1.0)])
def test_users_leave_the_venues_that_lose_their_accounts_and_choose_anew(engine, bound, coverage):
    """The part that leaves finds the levers moved and all others leaving too; nobody else reconsiders. 1e-14."""
    stopped = deposit_stop(target={"exchanges": bound}, coverage=coverage)
    run = history(data(segments=[traders(rails={"bank": 0.5}, switching="0 /d")], baseline=[stopped]), engine=engine)
    pulls = {"a": 0.6, "b": 0.4}
    before = {name: pull / 1.6 for name, pull in pulls.items()}
    leaving = {name: 0.9 * coverage * before[name] if name in bound else 0.0 for name in pulls}
    after = {name: pull * (1.0 - 0.5 * coverage * (name in bound)) for name, pull in pulls.items()}
    for name in pulls:
        gained = sum(leaving.values()) * after[name] / (sum(after.values()) + 0.6)
        assert run.share(name)[29] == pytest.approx(before[name], abs=1e-14)
        assert run.share(name)[30] == pytest.approx(before[name] - leaving[name] + gained, abs=1e-14)
    assert [(line.day, line.subject, line.cause) for line in run.told("departure-wave")] == [
        (30.0, name, "stop") for name in sorted(bound)
    ]


def test_users_who_leave_at_once_are_those_of_the_segments_meant():
    """At the effect, not at the announcement; a venue that is closed has none."""
    stopped = deposit_stop(target={"segments": ["traders"]}, leave=1.0)
    segments = [traders(rails={"bank": 1.0}, switching="0 /d"), traders(id="others", switching="0 /d")]
    run = history(data(segments=segments, baseline=[stopped]))
    assert run.share("a")[[29, 30]] == pytest.approx([0.6 / 1.6, 0.0], abs=1e-14)
    np.testing.assert_array_equal(run.share("a", segment=1), run.share("a", segment=1)[0])
    assert {line.mode for line in run.told("departure-wave")} == {c.DOMESTIC}


# What is lifted is lifted.

ACTIONS = {"closure": 0.2, "site-block": 3.0, "account-freeze": 3.0, "fine": 3.0}
LIFTED = {
    **{kind: {"kind": kind} for kind in builtin_kinds()},
    **{f"everything, and {action}": {
        "kind": "relief",
        "enforced": day(25),
        "deadline": day(300),
        "moves": {
            "payment": 0.4, "access": 0.3, "media": 0.2, "service": 0.5, "fee": 0.01, "permission": "licence",
            "claim": True, "risk": 0.5, "hazard": 2.0, "detection": 2.0, "staffing": 3.0, "entry_cost": 0.5,
            "gains_tax": 0.3, "liability": 0.5, "suspension": True, "refusal": True,
        },
        "enforcement": {"action": action, "rate": f"{rate} /d"},
    } for action, rate in ACTIONS.items()},
    "a list of sites": {
        "kind": "site-block",
        "enforcement": {"action": "site-block", "campaign": {"sites": 4, "over": "4 d", "then": "0.5 /d"}},
    },
    "a licence": {"kind": "licence-regime", "offices": ["desk"]},
}  # fmt: skip


def lifting(item: Data, **dates: object) -> Data:
    """A world with a venue in each posture, whose exchanges do not decide, under one intervention."""
    return data(
        segments=[traders(
            rails={"bank": 0.5, "wallet": 0.5}, channels={"chat": 0.5}, needs={"margin": 0.5, "withdrawals": 0.5},
        )],
        exchanges=[
            {"id": "a", "home": "home", "strategy": "domestic+otc+offshore", "host": "abroad", "share": 0.5, "fixed": True},
            {"id": "b", "home": "home", "strategy": "disguised+otc", "host": "abroad", "share": 0.5, "fixed": True},
        ],
        offices=[{"id": "desk", "service": "400 d"}],
        decisions={"review": "1000000 d"},
        enforcement={"size_exponent": 0.0, "freeze": "200 d", "sites": {"return_lag": "10 d", "residual": 0.5}},
        baseline=[{"id": "item", "announced": day(20), "by": "police", **item, **dates}],
    )  # fmt: skip


def levers(state: State, of: np.ndarray | None = None) -> dict[str, list[float]]:
    """Every lever of a state as it stands: for each venue that is open, and in `of`, each agency's and host's, each strength."""
    venues = state.venues
    stands = venues.open if of is None else venues.open & of
    found = {name: getattr(venues, name)[stands] for name in (
        "lever_factor", "detection", "permission", "expected", "claim", "blocked", "frozen", "suspended",
    )}  # fmt: skip
    found |= {"licence": state.permits.licence[: len(stands)][stands]}
    found |= {name: getattr(state.exchanges, name)[stands[c.OFFSHORE :: 3]] for name in ("barred", "service_notice")}
    found |= {"entry cost": state.in_force.entry_cost_factor, "strength": state.in_force.strength}
    found |= {"sought": state.in_force.enforcing_count, "rates": state.cases.rate[:, stands]}
    return {name: np.asarray(array, dtype=float).tolist() for name, array in found.items()}


def at_the_end(source: Data, day_of_end: float = 150.0) -> State:
    """The state after so many days."""
    world = built(source)[0]
    run = ReferenceRun(world, empty_state(world, 1, 0))
    initialise(world, run.state)
    start_requested(run)
    run.env.run(until=day_of_end)
    return run.state


@cache
def without_end(name: str) -> State:
    """The state under an intervention that is not lifted."""
    return at_the_end(lifting(LIFTED[name]))


@cache
def without_it() -> State:
    """The state in a world without an intervention."""
    return at_the_end(lifting({"kind": "relief"}, until=day(60)))


def test_no_lever_is_left_out_of_what_is_lifted() -> None:
    everything = LIFTED["everything, and closure"]["moves"]
    assert set(everything) == {lever.name.replace("-", "_") for lever in LEVERS}


@pytest.mark.parametrize("fade", ["0 d", "20 d"])
@pytest.mark.parametrize("name", LIFTED)
def test_what_is_lifted_leaves_the_levers_of_the_world_without_it(name: str, fade: str) -> None:
    """Of venues that it has not closed; lifted on day 60, or faded by day 80, while sites are blocked and files wait."""
    after = at_the_end(lifting(LIFTED[name], until=day(60), fade=fade))
    assert levers(after) == levers(without_it(), after.venues.open)
    assert without_end(name).in_force.strength.max() == 1.0


@pytest.mark.parametrize("part", [0.0, 0.25, 1.0])
def test_traders_act_ahead_of_a_known_date_on_the_part_that_they_anticipate(part: float) -> None:
    """Frictions, fees and taxes are felt in part from day 20, in full from day 40 to 60; what the law asks is not."""
    moves = {"payment": 0.8, "fee": 0.4, "gains_tax": 0.4, "permission": "licence"}
    dates = {"effective": day(40), "until": day(60), "deadline": day(300)}
    source = lifting({"kind": "relief", "moves": moves, "anticipation": part}, **dates)
    source["segments"][0] |= {"fee": 3.0, "gain": 0.25}
    for end, felt, permission in (
        (19.0, 0.0, c.FREE),
        (30.0, part, c.FREE),
        (45.0, 1.0, c.LICENCE),
        (70.0, 0.0, c.FREE),
    ):
        venues = at_the_end(source, day_of_end=end).venues
        expected = (1.0 - 0.8 * felt) * math.exp(-3.0 * (0.4 + 0.25 * 0.4) * felt)
        assert venues.lever_factor[1, 0] == pytest.approx(expected, rel=1e-14)
        assert venues.permission[1] == permission


def test_a_block_that_is_lifted_leaves_neither_a_friction_nor_a_return():
    """Blocked on day 21 and lifted on day 25, before it is back under a new domain."""
    site = {**LIFTED["a list of sites"], "id": "item", "announced": day(20), "until": day(25)}
    source = lifting(site, until=day(25))
    source["policies"]["baseline"][0]["enforcement"]["campaign"] = {"sites": 2, "over": "2 d"}
    run = history(source)
    blocked, lifted = run.told("site-blocked"), run.told("site-unblocked")
    assert [line.day for line in blocked] == [21.0, 22.0]
    assert [(line.subject, line.day, line.cause) for line in lifted] == [("a", 25.0, "item"), ("b", 25.0, "item")]
    assert not run.told("new-domain")


def test_an_old_return_does_not_end_a_new_block():
    """Blocked on day 21, lifted on day 25, blocked again on day 28: it is back ten days after the second block."""
    again = {**LIFTED["a list of sites"], "id": "again", "announced": day(27)}
    source = lifting(LIFTED["a list of sites"], until=day(25))
    source["policies"]["baseline"].append(again)
    for item in source["policies"]["baseline"]:
        item["enforcement"] = {"action": "site-block", "campaign": {"sites": 1, "over": "1 d"}}
    run = history(source)
    assert run.days("site-blocked") == [21.0, 28.0]
    assert run.days("new-domain") == [38.0]


def test_accounts_are_released_when_the_order_is_lifted_and_cases_under_it_dropped():
    source = lifting(
        {"kind": "account-freeze", "enforcement": {"action": "account-freeze", "rate": "3 /d"}}, until=day(26)
    )
    source["enforcement"]["freeze"] = "40 d"
    run = history(source)
    frozen, released, dropped = run.told("account-frozen"), run.told("account-released"), run.told("case-dropped")
    assert [line.day for line in released] == [26.0] * len(frozen)
    assert all(line.day > 26.0 for line in dropped)
    assert len(frozen) == len(dropped) == 1


def test_a_regime_that_is_lifted_lets_what_was_built_open():
    """An OTC desk that waits for its licence when the regime ends opens as soon as its exchange reacts."""
    source = data(
        exchanges=[{"id": "x", "home": "home", "share": 0.5, "reaction": "2 d"}],
        offices=[{"id": "desk", "service": "600 d", "approval": 1.0}],
        decisions={"options": ["domestic", "domestic+otc"], "temperature": 0.0, "review": "1000000 d",
                   "loss_trigger": 1.0, "lead": {"otc": "10 d"}, "economics": {"take": {"otc": 0.5}}},
        baseline=[{"id": "regime", "kind": "otc-licensing", "announced": day(10), "deadline": day(200),
                   "offices": ["desk"], "until": day(100)},
                  {"id": "news", "kind": "relief", "announced": day(10)}],
    )  # fmt: skip
    run = history(source)
    assert run.days("application") == [12.0]
    assert run.days("application-withdrawn") == [100.0]
    assert run.days("launched") == [102.0]
    assert run.status("x", "otc")[-1] == "open"
    assert run.result.queues[-1].tolist()[1::2] == [0, 0]


def test_the_journal_of_lifting_is_that_of_the_other_engine():
    source = lifting(LIFTED["everything, and site-block"], until=day(60))
    one, two = history(source), history(source, engine=compiled)
    assert one.lines == two.lines
    assert c.E_UNBLOCKED in one.result.codes[:, 0]


# What is reached.


def deciding(item: Data, **fields: object) -> Data:
    """The world of `lifting`, in which exchanges may decide."""
    source = lifting(item, **fields)
    for exchange in source["exchanges"]:
        del exchange["fixed"]
    return source


@cache
def untouched() -> History:
    """A hundred days of that world without an intervention."""
    return history({**deciding({}), "policies": {"baseline": []}}, until=100.0)


@pytest.mark.parametrize("field", [{"coverage": 0}, {"efficacy": 0}, {"exempt": {"small": 1}}])
@pytest.mark.parametrize("name", LIFTED)
def test_an_intervention_that_reaches_nobody_does_nothing(name: str, field: Data) -> None:
    """Not to levers, traders or exchanges, which here may decide; its dates stand in the journal."""
    source = deciding(LIFTED[name], attention=0.5, panic={"amplitude": 1, "decay": "5 d"}, **field)
    run, without = history(source, until=100.0), untouched()
    for part in ("share", "status", "host", "habit", "segment_volume", "hazard", "sites"):
        np.testing.assert_array_equal(getattr(run.result.frame, part), getattr(without.result.frame, part))
    assert {line.subject for line in run.lines} - {line.subject for line in without.lines} == {"item"}


@pytest.mark.parametrize("part", [{"coverage": 0.5}, {"efficacy": 0.5}, {"exempt": {"small": 0.25, "other": 0.25}}])
def test_what_reaches_half_of_its_target_does_half(part: Data) -> None:
    moves = {
        "payment": 0.4,
        "fee": 0.02,
        "risk": 0.6,
        "hazard": 1.5,
        "detection": 3.0,
        "staffing": 2.0,
        "entry_cost": 0.4,
        "gains_tax": 0.2,
    }
    half = {
        "payment": 0.2,
        "fee": 0.01,
        "risk": 0.3,
        "hazard": 1.25,
        "detection": 2.0,
        "staffing": 1.5,
        "entry_cost": 0.7,
        "gains_tax": 0.1,
    }
    rates = [{"enforcement": {"action": "account-freeze", "rate": rate}} for rate in ("0.002 /d", "0.001 /d")]
    one = at_the_end(lifting({"kind": "relief", "moves": moves, **rates[0], **part}))
    two = at_the_end(lifting({"kind": "relief", "moves": half, **rates[1]}))
    for name, values in levers(one).items():
        assert np.ravel(values) == pytest.approx(np.ravel(levers(two)[name]), rel=1e-12), name
    assert one.cases.rate.max() > 0.0
