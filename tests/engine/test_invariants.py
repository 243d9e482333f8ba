"""What holds in every world: generated scenarios, run as they are and in pairs that must agree."""

from __future__ import annotations

import copy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engine.compiled import simulate as compiled
from sim.engine.compiled import simulate_batch as compiled_block
from sim.engine.reference import simulate_batch as reference_block
from sim.engine.result import Batch, Result
from sim.schedule.expand import expand
from sim.schedule.lever_steps import steps
from sim.world import codes as c
from tests.engine.legality import impossible
from tests.kit import Data, History, bits, history, scenario
from tests.worlds import DAYS, worlds

# A few worlds in everyday runs; with --hypothesis-profile=explore, enough to find what is rare.
_TIMES = 40 if settings.get_current_profile_name() == "explore" else 1
FEW = settings(max_examples=5 * _TIMES)
MANY = settings(max_examples=10 * _TIMES)


@MANY
@given(worlds())
def test_shares_sum_to_one_and_nothing_is_negative(source):
    """To 1e-12 at every record, twice a day; a closed venue has no traders; strengths and parts stay within 0 and 1."""
    run = history(source, every=0.5)
    frame = run.result.frame
    total = frame.share.sum(axis=(2, 3)) + frame.outside
    np.testing.assert_allclose(total, 1.0, rtol=0, atol=1e-12)
    for name in ("share", "outside", "strength", "habit"):
        values = getattr(frame, name)
        assert values.min(initial=0.0) >= 0.0, name
        assert values.max(initial=0.0) <= 1.0 + 1e-12, name
    shut = (frame.status == c.STATUSES.index("closed")) | (frame.status == c.STATUSES.index("building"))
    assert not np.moveaxis(frame.share, 1, 0)[:, shut].any()
    assert np.all(frame.segment_volume >= 0.0)
    assert np.all(np.isfinite(frame.hazard))
    assert np.all(frame.hazard >= 0.0)
    assert np.all(run.result.queues >= 0)
    assert np.all(np.diff(frame.sites) >= 0)


@MANY
@given(worlds())
def test_the_journal_tells_a_possible_story(source):
    """Times never decrease; venues open, close, are found and blocked in an order that can be; records agree."""
    assert impossible(history(source, every=0.5)) == []


@MANY
@given(worlds())
def test_decisions_take_the_best_of_what_is_possible(source):
    for decision in history(source).result.decisions:
        assert decision.feasible[decision.choice]
        assert decision.feasible[c.STRATEGIES.index("exit")]
        scores = np.where(decision.feasible, decision.terms[:, c.T_SCORE], -np.inf)
        assert scores[decision.choice] == scores.max()
        assert np.all(np.isfinite(decision.terms))
        assert np.all(decision.demand >= 0.0)
        assert decision.margin >= 0.0


@settings(max_examples=8 * _TIMES)
@given(worlds())
def test_both_engines_give_the_same_records(source):
    checked = scenario(source)
    one, two = history(checked, every=0.5), history(checked, every=0.5, engine=compiled)
    assert bits(one.result) == bits(two.result)


@pytest.mark.slow
@settings(max_examples=25 * _TIMES)
@given(worlds())
def test_both_engines_give_the_same_bits(source):
    """Journal, records, decisions, queues and work of one run; measures, paths and firings of a block."""
    one = history(source, every=9.0)
    assert bits(one.result) == bits(history(source, every=9.0, engine=compiled).result)
    of_block = (one.world, 1, [0, 5], float(DAYS), 9.0, True)
    assert vars_of(compiled_block(*of_block)) == vars_of(reference_block(*of_block))


@FEW
@given(worlds())
def test_the_same_seed_gives_the_same_bytes(source):
    checked = scenario(source)
    first = history(checked, seed=3, replication=2)
    again = history(checked, seed=3, replication=2)
    assert bits(first.result) == bits(again.result)


def vars_of(block: Batch) -> dict[str, bytes]:
    return {name: values.tobytes() for name, values in vars(block).items()}


def told(result: Result) -> dict[str, bytes]:
    """Everything but the records."""
    return {name: value for name, value in bits(result).items() if not name.startswith(("frame", "times", "queues"))}


@FEW
@given(worlds())
def test_looking_leaves_no_trace(source):
    """Records four times a day, or none between the ends: the same journal, decisions, and records on common days."""
    checked = scenario(source)
    often, seldom = history(checked, every=0.25), history(checked, every=45.0)
    assert told(often.result) == told(seldom.result)
    for name, values in often.result.frame._asdict().items():
        assert values[::180].tobytes() == getattr(seldom.result.frame, name).tobytes(), name


@FEW
@given(worlds())
def test_a_run_that_ends_early_is_the_beginning_of_the_whole(source):
    checked = scenario(source)
    whole, part = history(checked), history(checked, until=DAYS / 2)
    assert_same_until(whole, part, DAYS / 2 + 1e-9)


def assert_same_until(one: History, two: History, day: float) -> None:
    """Records, journal and decisions before `day` agree to the last bit; journals by name, for indices may differ."""
    records = int((two.result.times < day).sum())
    for name in ("share", "outside", "segment_volume", "habit", "status", "host", "strategy", "hazard", "sites"):
        left, right = (getattr(run.result.frame, name)[:records] for run in (one, two))
        assert left.tobytes() == right.tobytes(), name
    assert [line for line in one.lines if line.day < day] == [line for line in two.lines if line.day < day]
    made = [[d for d in run.result.decisions if d.day < day] for run in (one, two)]
    assert len(made[0]) == len(made[1])
    for left, right in zip(*made, strict=True):
        assert left.day == right.day
        assert left.choice == right.choice
        assert left.terms.tobytes() == right.terms.tobytes()


def first_day_of(checked, policy: str, name: str) -> float:
    """The first date on which an intervention changes anything, looked at from day 0."""
    (extra,) = [item for item in expand(checked, policy).interventions if item.id == name]
    return min((step.day for step in steps(extra)), default=extra.announced)


@MANY
@given(worlds())
def test_a_policy_is_the_baseline_until_the_first_date_on_which_it_can_differ(source):
    """With one intervention more, everything before its first date is the same to the last bit."""
    checked = scenario(source)
    one, two = history(checked), history(checked, policy="more")
    assert_same_until(one, two, first_day_of(checked, "more", "extra"))


@FEW
@given(worlds())
def test_a_policy_of_no_interventions_changes_nothing(source):
    """However it is written: an empty list, an empty mapping, a policy that takes everything away again."""
    source = copy.deepcopy(source)
    baseline = source["policies"]["baseline"]
    names = [item["id"] for item in baseline["interventions"]] + [item["id"] for item in baseline["rules"]]
    source["policies"]["nothing"] = {"description": "nothing", "interventions": [], "rules": []}
    source["policies"]["undone"] = {"extends": "baseline", "drop": names}
    source["policies"]["same"] = {"extends": "baseline"}
    checked = scenario(source)
    empty = bits(history(checked, policy="empty").result)
    assert empty == bits(history(checked, policy="nothing").result)
    assert empty == bits(history(checked, policy="undone").result)
    assert bits(history(checked).result) == bits(history(checked, policy="same").result)


@FEW
@given(worlds())
def test_a_measure_that_moves_nothing_for_nobody_changes_nothing(source):
    """No lever, no attention, no enforcement, no target that exists here: only its own lines are added."""
    source = copy.deepcopy(source)
    idle = {"id": "idle", "kind": "relief", "announced": "2020-01-21", "effective": "2020-02-01",
            "target": {"modes": ["domestic"], "exchanges": ["nobody"]}}  # fmt: skip
    source["exchanges"].append({"id": "nobody", "home": "harbour", "strategy": "latent", "brand": 0, "fixed": True})
    source["policies"]["idle"] = {"extends": "baseline", "add": [idle]}
    checked = scenario(source)
    one, two = history(checked), history(checked, policy="idle")
    two.lines[:] = [line for line in two.lines if line.subject != "idle"]
    assert_same_until(one, two, DAYS + 1.0)


@FEW
@given(worlds())
def test_an_exchange_that_serves_nobody_changes_nothing(source):
    """One more in the list, before the others, without a venue: the others do not notice, to the last bit."""
    more = copy.deepcopy(source)
    ghost: Data = {"id": "ghost", "home": "harbour", "strategy": "latent", "brand": 3, "fixed": True}
    ghost["audience"] = {segment["id"]: None for segment in source["segments"]}
    more["exchanges"].insert(0, ghost)
    one, two = history(source), history(more)
    assert one.lines == two.lines
    for name in ("share", "status", "host", "disguised", "strategy"):
        left, right = getattr(one.result.frame, name), getattr(two.result.frame, name)
        others = right[:, :, 1:] if name == "share" else right[:, 1:]
        assert left.tobytes() == np.ascontiguousarray(others).tobytes(), name
    for name in ("outside", "segment_volume", "habit", "strength", "hazard", "sites"):
        assert getattr(one.result.frame, name).tobytes() == getattr(two.result.frame, name).tobytes(), name
    for left, right in zip(one.result.decisions, two.result.decisions, strict=True):
        assert left.exchange + 1 == right.exchange
        assert left.terms.tobytes() == right.terms.tobytes()


@FEW
@given(worlds(ties=False))
def test_the_order_of_the_list_of_exchanges_permutes_results_and_changes_nothing_else(source):
    """Same states and choices, shares to 1e-9.

    Not bit for bit: totals over venues are sums in the order of the list. And only where nothing is left to that order.
    When two exchanges decide in the same instant, the list says who is first, and the second sees what the first has
    done; so lags are continuous here, no deadline shuts several venues at once, and nobody thinks because of a loss,
    which several may notice at the same weekly reading. A campaign takes the first of two sites of the same size.
    """
    turned = copy.deepcopy(source)
    turned["exchanges"].reverse()
    one, two = history(source), history(turned)
    order = [two.names.exchange_ids.index(name) for name in one.names.exchange_ids]
    np.testing.assert_allclose(one.result.frame.share, two.result.frame.share[:, :, order], rtol=0, atol=1e-9)
    np.testing.assert_allclose(one.result.frame.outside, two.result.frame.outside, rtol=0, atol=1e-9)
    assert (one.result.frame.status == two.result.frame.status[:, order]).all()
    assert [(x.exchange, x.choice) for x in by_name(one)] == [(x.exchange, x.choice) for x in by_name(two)]


@FEW
@given(
    worlds(ties=False),
    st.sampled_from(["segments", "jurisdictions", "regions", "agencies", "offices", "interventions", "rules"]),
)
def test_the_order_of_any_other_list_changes_nothing(source, block):
    """Same states and choices, shares to 1e-9: sums over segments and products over interventions round by their order.

    Worlds as above, and for the same reason.
    """
    turned = copy.deepcopy(source)
    if block == "regions":
        turned["jurisdictions"][0]["regions"] = dict(reversed(turned["jurisdictions"][0]["regions"].items()))
    else:
        (turned["policies"]["baseline"] if block in ("interventions", "rules") else turned)[block].reverse()
    one, two = history(source), history(turned)
    order = [two.names.segments.index(name) for name in one.names.segments]
    np.testing.assert_allclose(one.result.frame.share, two.result.frame.share[:, order], rtol=0, atol=1e-9)
    np.testing.assert_allclose(one.result.frame.outside, two.result.frame.outside[:, order], rtol=0, atol=1e-9)
    for name in ("status", "strategy", "disguised"):
        assert (getattr(one.result.frame, name) == getattr(two.result.frame, name)).all(), name
    assert [(x.exchange, x.choice) for x in by_name(one)] == [(x.exchange, x.choice) for x in by_name(two)]
    told = [
        sorted((round(line.day, 6), line.event, line.subject, line.mode) for line in run.lines) for run in (one, two)
    ]
    assert told[0] == told[1]


def by_name(run: History):
    """Decisions with names for exchanges, in order of time and name."""
    named = [d._replace(exchange=run.names.exchange_ids[d.exchange]) for d in run.result.decisions]
    return sorted(named, key=lambda d: (round(d.day, 6), d.exchange))
