"""Detection times against their laws, and what the measures do to a venue."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.engine.compiled import simulate as compiled
from sim.engine.reference import simulate as reference
from sim.model.random import uniform
from sim.world import codes as c
from tests.kit import History, data, day, history, traders
from tests.model.theory import ks_limit, ks_uniform

RATE = 0.04
ORDER = {"id": "order", "kind": "closure-order", "announced": day(20), "enforced": day(20), "deadline": day(5000),
         "enforcement": {"action": "closure", "rate": f"{RATE} /d"}}  # fmt: skip
EQUAL_VISIBILITY = {"size_exponent": 0.0}


def violators(count: int, baseline, **blocks):
    """Exchanges that go on whatever is ordered, all equally visible."""
    exchanges = [{"group": "x", "count": count, "home": "home", "brand": -6, "fixed": True}]
    return data(**{"exchanges": exchanges, "enforcement": EQUAL_VISIBILITY, "baseline": baseline, **blocks})


def detected(run: History) -> np.ndarray:
    return np.array(sorted(run.days("detected")))


@pytest.mark.parametrize("engine", [reference, compiled])
def test_at_a_constant_rate_detection_times_are_exponential(engine):
    """300 exchanges at 0.04 a day from day 20 on: Kolmogorov-Smirnov at one in a thousand.

    Those not found by the end (e^-13.8 of them) would shift the law by less than a hundredth of the limit.
    """
    times = detected(history(violators(300, [ORDER]), engine=engine)) - 20.0
    assert len(times) == 300
    assert ks_uniform(-np.expm1(-RATE * times)) < ks_limit(300)


@pytest.mark.parametrize("engine", [reference, compiled])
def test_a_rate_doubled_half_way_gives_the_time_changed_law(engine):
    """0.02 a day, twice that from day 50 on: the integral of the rate at detection is unit exponential."""
    slow = {**ORDER, "enforcement": {"action": "closure", "rate": "0.02 /d"}}
    watch = {"id": "watch", "kind": "monitoring", "announced": day(50), "moves": {"detection": 2.0, "hazard": 1.0}}
    times = detected(history(violators(300, [slow, watch]), engine=engine))
    assert len(times) == 300
    spent = 0.02 * (np.minimum(times, 50.0) - 20.0) + 0.04 * np.maximum(times - 50.0, 0.0)
    assert ks_uniform(-np.expm1(-spent)) < ks_limit(300)
    assert ks_uniform(-np.expm1(-0.04 * (times - 20.0))) > ks_limit(300)  # the test can tell the laws apart


def test_a_detection_falls_where_the_integral_meets_its_own_threshold():
    """Not only the law: each exchange is found when its integrated rate equals -ln u at its address, to 1e-9 days."""
    watch = {"id": "watch", "kind": "monitoring", "announced": day(50), "ramp": "16 d",
             "moves": {"detection": 3.0, "hazard": 1.0}}  # fmt: skip
    run = history(violators(50, [ORDER, watch]), seed=4)
    key = np.array([4, 0], dtype=np.uint64)
    steps = [(20.0, 1.0), *((50.0 + 2.0 * n, 1.0 + 2.0 * (n + 1) / 8.0) for n in range(8))]
    for line in run.told("detected"):
        agent = run.world.exchanges.key[run.names.exchange_ids.index(line.subject)]
        threshold = -math.log(uniform(key, agent, c.D_DETECTION, 0))
        ends = [*(begin for begin, _ in steps[1:]), math.inf]
        spent = sum(
            RATE * factor * max(0.0, min(end, line.day) - begin)
            for (begin, factor), end in zip(steps, ends, strict=True)
        )
        assert spent == pytest.approx(threshold, abs=1e-9)


def test_enforcement_from_before_the_first_day_is_at_work_on_it():
    """What was in force on day 0 finds violators from day 0 on, not from the first event of the run."""
    early = {**ORDER, "announced": "2019-12-01", "enforced": "2019-12-01"}
    times = detected(history(violators(300, [early], end=day(200))))
    assert ks_uniform(-np.expm1(-RATE * times)) < ks_limit(300)
    assert (times < 7.0).sum() > 40  # 73 expected, standard deviation 7.4


def test_visibility_grows_with_size_and_a_local_page():
    """Rates 0.04 (size / 2000)^0.5, twice that abroad with a local page: thresholds over rates give the days."""
    block = {"id": "claim", "kind": "site-block", "announced": day(20),
             "enforcement": {"action": "site-block", "rate": "0.04 /d"}}  # fmt: skip
    source = data(
        segments=[traders(volume=20_000)],
        exchanges=[
            {"id": name, "home": "abroad", "strategy": "offshore", "brand": brand, "fixed": True, "local_page": page}
            for name, brand, page in (("large", 2.0, 0.0), ("small", 0.0, 0.0), ("paged", 0.0, 1.0))
        ],
        enforcement={"size_exponent": 0.5, "local_page": 2.0},
        baseline=[block],
    )
    run = history(source, seed=2)
    pulls = np.exp([2.0 - 2.0, -2.0, -2.0])
    volumes = 20_000 * pulls / (0.6 + pulls.sum())
    rates = 0.04 * np.sqrt(volumes / 2000.0) * np.array([1.0, 1.0, 2.0])
    for name, rate in zip(("large", "small", "paged"), rates, strict=True):
        key = run.world.exchanges.key[run.names.exchange_ids.index(name)]
        threshold = -math.log(uniform(np.array([2, 0], dtype=np.uint64), key, c.D_DETECTION, 4 * c.SITE_BLOCK + 2))
        first = run.days("detected", name)[0]
        if first < 21.0 + 1.0:  # volumes are read weekly: the rate is exact until the next reading
            assert first == pytest.approx(20.0 + threshold / rate, abs=1e-9)
    assert run.told("detected")


@pytest.mark.parametrize("engine", [reference, compiled])
def test_cases_wait_for_the_agency(engine):
    """One inspector, 5 days a case: closures come 5 days apart in the order of detection, and the queue is recorded."""
    run = history(
        violators(8, [{**ORDER, "by": "police", "enforcement": {"action": "closure", "rate": "1 /d"}}]), engine=engine
    )
    free = 0.0
    for found, closed in zip(run.told("detected"), run.told("closure"), strict=True):
        free = max(free, found.day) + 5.0
        assert closed.subject == found.subject
        assert closed.day == pytest.approx(free, abs=1e-9)
    found, closed = np.array(run.days("detected")), np.array(run.days("closure"))
    for t, now in enumerate(run.result.times):
        inside = int((found <= now).sum() - (closed <= now).sum())
        assert list(run.result.queues[t]) == [max(0, inside - 1), min(1, inside)]
    assert [end - begin for _, begin, end in run.result.work] == pytest.approx([5.0] * 8)


def test_staffing_speeds_up_the_agency():
    """A factor 2 halves the days of every case taken up from then on."""
    hunt = {**ORDER, "by": "police", "enforcement": {"action": "closure", "rate": "1 /d"}}
    more = {"id": "more", "kind": "relief", "by": "police", "announced": day(31), "moves": {"staffing": 2.0}}
    run = history(violators(8, [hunt, more]))
    days = [(begin, end - begin) for _, begin, end in run.result.work]
    assert {round(length, 9) for begin, length in days if begin < 31.0} == {5.0}
    assert {round(length, 9) for begin, length in days if begin >= 31.0} == {2.5}
    assert len(days) == 8


def test_closure_is_seen_by_all():
    """The public hazard of defiance is (prior w + N) / (w + E) with N fading at the rate of forgetting."""
    run = history(
        violators(1, [ORDER], beliefs={"weight": "100 d", "prior": {"domestic": "0.01 /d"}, "forgetting": "0.1 /d"})
    )
    (closed,) = run.days("closure")
    hazard = run.result.frame.hazard[:, c.DOMESTIC]
    after = 7 * (int(closed // 7) + 2)  # the reading after the next
    exposure = -math.expm1(-0.1 * (7 * (closed // 7) + 7 - 0.0)) / 0.1
    exposure *= math.exp(-0.1 * (after - 7 * (closed // 7) - 7))
    seen = math.exp(-0.1 * (after - closed))
    assert hazard[after] == pytest.approx((0.01 * 100.0 + seen) / (100.0 + exposure), rel=1e-12)


FREEZE = {"id": "freeze", "kind": "account-freeze", "announced": day(20),
          "enforcement": {"action": "account-freeze", "rate": "1 /d"}}  # fmt: skip


def test_frozen_accounts_hurt_until_they_are_released():
    """A friction of 0.8 on all rails for 30 days; the clock starts again at the release."""
    source = data(
        segments=[traders(switching="1e6 /d", rails={"bank": 1.0})],
        exchanges=[{"id": "x", "home": "home", "strategy": "otc", "brand": 3, "fixed": True}],
        enforcement=EQUAL_VISIBILITY, baseline=[FREEZE],
    )  # fmt: skip
    run = history(source)
    frozen, released = run.days("account-frozen"), run.days("account-released")
    assert len(frozen) > 3
    assert released == pytest.approx([begin + 30.0 for begin in frozen[: len(released)]])
    assert all(begin > end for begin, end in zip(frozen[1:], released, strict=False))
    free, hurt = 1.0 / 1.6, 0.2 / 0.8
    for t, now in enumerate(run.result.times[1:], 1):
        caught = any(begin < now <= begin + 30.0 for begin in frozen)
        settled = all(abs(now - date) > 1e-3 for date in (*frozen, *released))
        if settled:
            assert run.share("x", "otc")[t] == pytest.approx(hurt if caught else free, abs=1e-12)


def blocked_world(lag: str = "10 d", **blocks):
    return data(
        segments=[traders(switching="1e6 /d", circumvention=0.25)],
        exchanges=[{"id": "x", "home": "abroad", "strategy": "offshore", "brand": 2, "fixed": True}],
        enforcement={"size_exponent": 0.0, "sites": {"return_lag": lag, "residual": 0.4}},
        **blocks,
    )


def test_a_blocked_site_comes_back_and_is_found_again():
    """Whack-a-mole: friction 1, ten days later 0.4 under a new domain, and the clock has started again."""
    run = history(blocked_world(baseline=[
        {"id": "wall", "kind": "site-block", "announced": day(20), "enforcement": {"action": "site-block", "rate": "0.1 /d"}}
    ]))  # fmt: skip
    blocked, back = run.days("site-blocked"), run.days("new-domain")
    assert len(blocked) > 5
    assert back == pytest.approx([date + 10.0 for date in blocked[: len(back)]])
    assert all(again > date for again, date in zip(blocked[1:], back, strict=False))
    assert list(run.result.frame.sites) == [sum(date <= now for date in blocked) for now in run.result.times]
    levels = {1.0 / 1.6: 0, 0.25 / 0.85: 0, 0.7 / 1.3: 0}  # open; suffering 0.75 under 1; under 0.4
    for share in run.share("x", "offshore"):
        near = min(levels, key=lambda level: abs(level - share))
        levels[near] += abs(near - share) < 1e-12
    assert sum(levels.values()) > 360
    assert min(levels.values()) > 10


def test_a_campaign_works_off_its_list_and_goes_on_as_a_poisson_process():
    """Four sites in 20 days, then 0.5 a day: first the modelled venue, then the background pool until it is empty."""
    run = history(blocked_world(baseline=[
        {"id": "wall", "kind": "site-block", "announced": day(20),
         "enforcement": {"action": "site-block", "campaign": {"sites": 4, "over": "20 d", "then": "0.5 /d"}}},
    ]) | {"enforcement": {"sites": {"background": 40, "return_lag": "10 d"}}})  # fmt: skip
    blocked = run.told("site-blocked")
    assert [line.day for line in blocked[:4]] == [25.0, 30.0, 35.0, 40.0]
    assert [line.subject for line in blocked] == ["x"] + ["background"] * 40
    gaps = np.diff([line.day for line in blocked[3:]])
    assert ks_uniform(-np.expm1(-0.5 * gaps)) < ks_limit(len(gaps))


def test_a_campaign_may_begin_without_a_list():
    run = history(blocked_world(baseline=[
        {"id": "wall", "kind": "site-block", "announced": day(20),
         "enforcement": {"action": "site-block", "campaign": {"sites": 0, "over": "0 d", "then": "0.5 /d"}}},
    ]) | {"enforcement": {"sites": {"background": 40}}})  # fmt: skip
    assert len(run.told("site-blocked")) == 41


def test_a_campaign_ends_when_it_is_lifted():
    run = history(blocked_world(baseline=[
        {"id": "wall", "kind": "site-block", "announced": day(20), "until": day(40),
         "enforcement": {"action": "site-block", "campaign": {"sites": 40, "over": "80 d"}}},
    ]) | {"enforcement": {"sites": {"background": 100}}})  # fmt: skip
    assert run.days("site-blocked") == [22.0, 24.0, 26.0, 28.0, 30.0, 32.0, 34.0, 36.0, 38.0]


def test_a_venue_that_has_closed_does_not_come_back_under_a_new_domain():
    run = history(blocked_world("40 d", baseline=[
        {"id": "wall", "kind": "site-block", "announced": day(20),
         "enforcement": {"action": "site-block", "campaign": {"sites": 1, "over": "1 d"}}},
        {"id": "door", "kind": "host-closes", "announced": day(25), "effective": day(30)},
    ]))  # fmt: skip
    assert run.days("host-closed") == [30.0]
    assert not run.told("new-domain")
