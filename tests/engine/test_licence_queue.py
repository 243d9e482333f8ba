"""The licensing office as a queue, against Erlang, and what an application goes through."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.engine.compiled import simulate as compiled
from sim.engine.reference import simulate as reference
from tests.kit import History, data, day, histories, history
from tests.model.theory import erlang_a, erlang_c

DAYS, WARM = 500.0, 100.0
MEAN_SERVICE, OFFICERS, PER_DAY = 4.0, 3, 0.6
LOAD = PER_DAY * MEAN_SERVICE
REPLICATIONS = 20


def licensed_trade(count: int, **office):
    """So many exchanges that all apply to one office, at dates spread evenly over the run.

    Dates of a Poisson process, given how many there are, are independent and uniform; with a Poisson number of
    exchanges the applications are a Poisson process.
    """
    return data(
        end=day(DAYS + 100.0),
        exchanges=[{"group": "x", "count": count, "home": "home", "brand": -7}],
        offices=[{"id": "desk", "officers": OFFICERS, "service": {"exponential": {"mean": f"{MEAN_SERVICE} d"}},
                  "approval": 1.0, **office}],
        decisions={"options": ["domestic"], "temperature": 0.0, "review": "1000000 d", "loss_trigger": 1.0},
        segments=[{"id": "t", "home": "home", "volume": 1e6, "switching": "0.1 /d", "outside": 0.5, "liquidity": 0.0,
                   "taste": {"domestic": 0}}],
        baseline=[{"id": "regime", "kind": "licence-regime", "announced": day(0), "deadline": day(5000),
                   "offices": ["desk"], "moves": {"hazard": 1.0},
                   "enforcement": {"action": "closure", "rate": "0 /d"},
                   "reaction": {"uniform": {"low": "0 d", "high": f"{DAYS} d"}}}],
    )  # fmt: skip


def stays(run: History) -> np.ndarray:
    """(n, 2) day of application and days until the licence."""
    applied = {line.subject: line.day for line in run.told("application")}
    granted = {line.subject: line.day for line in run.told("licence-granted")}
    return np.array([(applied[who], granted[who] - applied[who]) for who in granted])


def test_waiting_for_a_licence_is_erlang_c():
    """M/M/3 at 80 % load: mean stay, queue and load, and the part of the time in which an arrival must wait.

    20 replications of 500 days, the first 100 left out. Replications are independent, so every mean must lie within
    4 of its own standard errors; the largest of them, 9 % of the stay, says how sharp the test is.
    """
    rng = np.random.default_rng(1)
    waits = erlang_c(LOAD, OFFICERS)
    wait = waits / (OFFICERS / MEAN_SERVICE - PER_DAY)
    expected = {"stay": wait + MEAN_SERVICE, "queue": PER_DAY * wait, "load": LOAD, "all busy": waits}
    found: dict[str, list[float]] = {name: [] for name in expected}
    for replication in range(REPLICATIONS):
        source = licensed_trade(int(rng.poisson(PER_DAY * DAYS)))
        run = history(source, replication=replication, engine=compiled, every=0.5)
        steady = stays(run)
        found["stay"].append(steady[(steady[:, 0] > WARM) & (steady[:, 0] < DAYS), 1].mean())
        within = (run.result.times > WARM) & (run.result.times < DAYS)
        queue, busy = run.result.queues[within, 1], run.result.queues[within, 3]
        found["queue"].append(queue.mean())
        found["load"].append(busy.mean())
        found["all busy"].append((busy == OFFICERS).mean())
    for name, values in found.items():
        error = np.std(values, ddof=1) / math.sqrt(len(values))
        assert abs(np.mean(values) - expected[name]) < 4.0 * error, name
    assert np.std(found["stay"], ddof=1) / math.sqrt(REPLICATIONS) < 0.11 * expected["stay"]


@pytest.mark.parametrize("engine", [reference, compiled])
def test_the_queue_is_worked_off_in_turn(engine):
    """One officer, 4 days each: decisions follow the order of application, each at max(last decision, applied) + 4."""
    run = history(licensed_trade(60, officers=1, service="4 d"), engine=engine)
    applied = [(line.day, line.subject) for line in run.told("application")]
    granted = [(line.day, line.subject) for line in run.told("licence-granted")]
    assert [who for _, who in applied] == [who for _, who in granted]
    free = 0.0
    for (came, _), (done, _) in zip(applied, granted, strict=True):
        free = max(free, came) + 4.0
        assert done == pytest.approx(free, abs=1e-9)


def test_patience_ends_a_wait_but_not_an_examination():
    """One officer for 50 days each, patience 20 days: whoever is not taken up within 20 days withdraws on that day."""
    run = history(licensed_trade(30, officers=1, service="50 d", patience="20 d"))
    applied = {line.subject: line.day for line in run.told("application")}
    withdrawn = {line.subject: line.day for line in run.told("application-withdrawn")}
    granted = {line.subject: line.day for line in run.told("licence-granted")}
    assert withdrawn
    assert granted
    assert not withdrawn.keys() & granted.keys()
    for who, when in withdrawn.items():
        assert when == pytest.approx(applied[who] + 20.0, abs=1e-9)
    for who, when in granted.items():
        assert 50.0 <= when - applied[who] <= 70.0 + 1e-9


GIVING_UP, PER_ACT, ACT_DAY, DAYS_RUN = 0.002, 4.0, 120.0, DAYS + 100.0


def pressed(count: int = 150, *, fading: str = "0 /d", act: float = 1.0, **office):
    """Applicants of the first day whose examinations take years, and an act in their sight on day 120."""
    source = licensed_trade(count, **{"officers": count, "service": "5000 d", **office})
    source["applicants"] = {"giving_up": f"{GIVING_UP} /d", "per_act": PER_ACT, "act_fading": fading}
    regime = source["policies"]["baseline"][0]
    regime["reaction"] = "0 d"
    source["policies"]["baseline"].append(
        {"id": "inspection", "kind": "relief", "announced": day(ACT_DAY), "visible_act": act}
    )
    return source


@pytest.mark.parametrize("engine", [reference, compiled])
def test_after_an_act_applicants_survive_by_a_hazard_that_is_multiplied(engine):
    """S(t) = exp(-w t) before the act on day d and exp(-w d - w m (t - d)) after it.

    Kolmogorov-Smirnov over 150 applicants at 1 %; those who have not left by the end are the censored rest.
    """
    run = history(pressed(), engine=engine)
    left = np.sort(run.days("application-withdrawn"))
    assert len(run.told("application")) == 150
    integral = GIVING_UP * (np.minimum(left, ACT_DAY) + PER_ACT * np.maximum(0.0, left - ACT_DAY))
    ranks = np.arange(1, len(left) + 1) / 150
    assert np.max(np.abs(ranks + np.expm1(-integral))) < 1.63 / math.sqrt(150)
    survival = math.exp(-GIVING_UP * (ACT_DAY + PER_ACT * (DAYS_RUN - ACT_DAY)))
    assert abs(1.0 - len(left) / 150 - survival) < 1.63 / math.sqrt(150)


def test_with_and_without_an_act_an_exchange_bears_the_same():
    """Who leaves x days after the day of the act without it leaves x / m days after it; who left before is the same."""
    after, before = (
        {line.subject: line.day for line in history(pressed(60, act=act)).told("application-withdrawn")}
        for act in (1.0, 0.0)
    )
    assert before.keys() < after.keys()
    assert min(before.values()) < ACT_DAY < max(before.values())
    for who, when in before.items():
        expected = when if when < ACT_DAY else ACT_DAY + (when - ACT_DAY) / PER_ACT
        assert after[who] == pytest.approx(expected, abs=1e-6)


def test_acts_are_forgotten():
    """The rate after the act is w m^(e^(-t/20)), as it is on the day of the act and on days 126, 133, ... after it."""
    pressed_run, free = history(pressed(60, fading="0.05 /d")), history(pressed(60, act=0.0))
    threshold = {line.subject: GIVING_UP * line.day for line in free.told("application-withdrawn")}
    moved = 0
    for line in pressed_run.told("application-withdrawn"):
        if line.subject in threshold and line.day > ACT_DAY:
            looks = np.array([ACT_DAY, *np.arange(126.0, line.day, 7.0), line.day])
            rates = GIVING_UP * PER_ACT ** np.exp(-0.05 * (looks[:-1] - ACT_DAY))
            borne = GIVING_UP * ACT_DAY + np.sum(rates * np.diff(looks))
            assert borne == pytest.approx(threshold[line.subject], abs=1e-9)
            moved += 1
    assert moved > 5


@pytest.mark.parametrize("engine", [reference, compiled])
def test_who_gives_up_while_examined_frees_the_officer_at_once(engine):
    """One officer, examinations without end: as long as anybody is there one is examined and all others wait."""
    run = history(pressed(30, officers=1), engine=engine)
    left = np.sort(run.days("application-withdrawn"))
    there = 30 - np.searchsorted(left, run.result.times, side="right")
    assert len(left) > 10
    np.testing.assert_array_equal(run.result.queues[1:, 3], np.minimum(there, 1)[1:])
    np.testing.assert_array_equal(run.result.queues[1:, 1], np.maximum(there - 1, 0)[1:])


@pytest.mark.parametrize("engine", [reference, compiled])
def test_refusals_of_others_are_acts(engine):
    """One officer, 20 days each: the rate of those who wait is multiplied at each refusal, and nothing else differs."""
    granted, refused = (
        history(pressed(60, officers=1, service="20 d", approval=approval, act=0.0), engine=engine)
        for approval in (1.0, 0.3)
    )
    first = refused.days("licence-refused")[0]
    calm, moved = ({line.subject: line.day for line in run.told("application-withdrawn")} for run in (granted, refused))
    assert {who: when for who, when in calm.items() if when < first} == {
        who: when for who, when in moved.items() if when < first
    }
    later = [who for who, when in calm.items() if when > first and who in moved]
    assert later
    assert all(moved[who] < calm[who] for who in later)


def test_decisions_come_out_in_batches():
    run = history(licensed_trade(40, batch="30 d"))
    days = run.days("licence-granted")
    assert days
    assert all(abs(when / 30.0 - round(when / 30.0)) < 1e-12 for when in days)
    applied = {line.subject: line.day for line in run.told("application")}
    assert all(line.day >= applied[line.subject] for line in run.told("licence-granted"))


@pytest.mark.parametrize("engine", [reference, compiled])
def test_a_batch_holds_up_the_decision_but_no_officer(engine):
    """The same queue day by day, and each decision on the first date of publication after its examination."""
    at_once = history(licensed_trade(120, officers=1, service="3.5 d"), engine=engine)
    batched = history(licensed_trade(120, officers=1, service="3.5 d", batch="30 d"), engine=engine)
    np.testing.assert_array_equal(batched.result.queues, at_once.result.queues)
    examined = {line.subject: line.day for line in at_once.told("licence-granted")}
    published = {line.subject: line.day for line in batched.told("licence-granted")}
    assert len(published) > 100
    for who, when in published.items():
        assert when == pytest.approx(math.ceil(examined[who] / 30.0 - 1e-9) * 30.0, abs=1e-9)


@pytest.mark.parametrize("engine", [reference, compiled])
def test_a_pause_shifts_decisions_by_its_length(engine):
    """All are examined at once, 100 days each: a pause of 40 days shifts the decisions on those under way by 40.

    Who applies in the pause is examined from its end, with the part of it that was left; two pauses that touch are one.
    """
    pauses = [{"start": day(120.0), "until": day(140.0)}, {"start": day(140.0), "until": day(160.0)}]
    run = history(licensed_trade(60, officers=60, service="100 d", pauses=pauses), engine=engine)
    applied, kinds = stays(run), set()
    for came, stay in applied:
        inside = 40.0 if came < 120.0 < came + 100.0 else max(0.0, 160.0 - came) if came >= 120.0 else 0.0
        assert stay == pytest.approx(100.0 + inside, abs=1e-9)
        kinds.add(0.0 if inside == 0.0 else 40.0 if inside == 40.0 else 1.0)
    assert kinds == {0.0, 1.0, 40.0}


@pytest.mark.parametrize("engine", [reference, compiled])
def test_more_staff_of_its_agency_make_an_office_faster(engine):
    """100 days of work take 25 with staffing 4 when the examination begins; an office of no agency goes on as it was."""
    world = licensed_trade(60, officers=60, service="100 d")
    hired = {"id": "hired", "kind": "statement", "by": "police", "announced": day(200), "moves": {"staffing": 4}}
    world["policies"]["baseline"].append(hired)
    assert {round(stay, 9) for _, stay in stays(history(world, engine=engine))} == {100.0}
    world["offices"][0]["agency"] = "police"
    for came, stay in stays(history(world, engine=engine)):
        assert stay == pytest.approx(100.0 if came < 200.0 else 25.0, abs=1e-9)


@pytest.mark.parametrize("engine", [reference, compiled])
def test_decisions_come_out_on_given_dates_and_then_at_once(engine):
    dates = (50.0, 75.5, 300.0)
    run = history(
        licensed_trade(60, officers=60, service="10 d", decides_on=[day(300.0), day(50.0), day(75.5)]), engine=engine
    )
    for came, stay in stays(run):
        expected = next((date for date in dates if date >= came + 10.0), came + 10.0)
        assert came + stay == pytest.approx(expected, abs=1e-9)


def test_batches_leave_the_waiting_of_erlang_c():
    """M/M/3 at 80 % load with decisions every 40 days: queue and load as if they came at once; 4 standard errors."""
    rng = np.random.default_rng(2)
    waits = erlang_c(LOAD, OFFICERS)
    expected = {"queue": PER_DAY * waits / (OFFICERS / MEAN_SERVICE - PER_DAY), "load": LOAD}
    found: dict[str, list[float]] = {name: [] for name in expected}
    for replication in range(REPLICATIONS):
        source = licensed_trade(int(rng.poisson(PER_DAY * DAYS)), batch="40 d")
        run = history(source, replication=replication, engine=compiled, every=0.5)
        within = (run.result.times > WARM) & (run.result.times < DAYS)
        found["queue"].append(run.result.queues[within, 1].mean())
        found["load"].append(run.result.queues[within, 3].mean())
    for name, values in found.items():
        error = np.std(values, ddof=1) / math.sqrt(len(values))
        assert abs(np.mean(values) - expected[name]) < 4.0 * error, name


@pytest.mark.parametrize("office", [{}, {"batch": "40 d"}])
def test_impatient_applicants_are_those_of_erlang_a(office):
    """M/M/3+M at 120 % load with a mean patience of 6 days: the queue, and how many give up; 4 standard errors."""
    rng, mean_patience, per_day = np.random.default_rng(3), 6.0, 0.9
    patience = {"exponential": {"mean": f"{mean_patience} d"}}
    expected = erlang_a(per_day, MEAN_SERVICE, OFFICERS, mean_patience)
    found = []
    for replication in range(REPLICATIONS):
        source = licensed_trade(int(rng.poisson(per_day * DAYS)), patience=patience, **office)
        run = history(source, replication=replication, engine=compiled, every=0.5)
        within = (run.result.times > WARM) & (run.result.times < DAYS)
        applied, left = (
            sum(WARM < day < DAYS for day in run.days(event)) for event in ("application", "application-withdrawn")
        )
        found.append((run.result.queues[within, 1].mean(), left / applied))
    for values, mean in zip(np.array(found).T, expected, strict=True):
        assert abs(values.mean() - mean) < 4.0 * values.std(ddof=1) / math.sqrt(len(found))


def changing_minds(**office):
    """OTC desks whose exchanges apply on day 12, give up on day 40 when OTC trade is banned, and apply again on day 60."""
    return data(
        end=day(400),
        exchanges=[{"group": "x", "count": 2, "home": "home", "share": 0.2, "reaction": "2 d",
                    "strategy": "domestic+otc"}],
        offices=[{"id": "desk", "officers": 1, "approval": 1.0, **office}],
        decisions={"options": ["domestic", "domestic+otc"], "temperature": 0.0, "review": "1000000 d",
                   "loss_trigger": 1.0, "lead": {"otc": "1 d"}, "economics": {"take": {"otc": 0.5}}},
        closing={"minimum": "1 d"},
        baseline=[
            {"id": "regime", "kind": "otc-licensing", "announced": day(10), "deadline": day(5000), "offices": ["desk"],
             "moves": {"hazard": 1.0}, "enforcement": {"action": "closure", "rate": "0 /d"}},
            {"id": "ban", "kind": "relief", "moves": {"permission": "forbidden"}, "target": {"modes": ["otc"]},
             "announced": day(38), "deadline": day(5000), "until": day(50)},
            {"id": "news", "kind": "relief", "announced": day(58), "target": {"modes": ["otc"]}},
        ],
    )  # fmt: skip


@pytest.mark.parametrize("engine", [reference, compiled])
def test_a_withdrawn_application_leaves_the_queue_and_frees_its_officer(engine):
    """One is examined and one waits from day 12; both give up on day 40, and nobody is examined until day 60."""
    run = history(changing_minds(service="60 d"), engine=engine)
    waiting, served = run.result.queues[:, 1], run.result.queues[:, 3]
    assert run.days("application") == [12.0, 12.0, 60.0, 60.0]
    assert [(waiting[t], served[t]) for t in (13, 39, 41, 59, 61)] == [(1, 1), (1, 1), (0, 0), (0, 0), (1, 1)]
    assert run.days("licence-granted") == [120.0, 180.0]


@pytest.mark.parametrize("engine", [reference, compiled])
def test_the_patience_of_a_withdrawn_application_does_not_end_the_next(engine):
    """130 days from day 12 would end on day 142, while the second application waits until day 180 of its 190."""
    run = history(changing_minds(service="120 d", patience="130 d"), engine=engine)
    assert run.days("licence-granted") == [180.0, 300.0]
    assert [line.day for line in run.told("application-withdrawn")] == [40.0, 40.0]


@pytest.mark.parametrize("engine", [reference, compiled])
def test_a_decision_that_waits_for_its_batch_lapses_with_the_application(engine):
    """Examined by day 22 for publication on day 100; withdrawn on day 40, examined anew by day 70, out on day 100."""
    run = history(changing_minds(service="5 d", batch="100 d"), engine=engine)
    assert run.days("licence-granted") == [100.0, 100.0]
    assert run.result.queues[:, 3].sum() == 20


def test_approval_has_its_probability():
    """Two replications of 250 examined applications at 0.3: 4 standard errors."""
    runs = list(histories(licensed_trade(250, approval=0.3, officers=9), range(2), engine=compiled))
    granted = sum(len(run.told("licence-granted")) for run in runs)
    refused = sum(len(run.told("licence-refused")) for run in runs)
    assert granted + refused == 500
    assert abs(granted - 150) < 4.0 * math.sqrt(500 * 0.3 * 0.7)


def licence_story(*, office=None, deadline=60.0, exchange=None, decisions=None, extra=(), **blocks):
    """One exchange that wants to stay, under a regime announced on day 10 and effective on day 20."""
    return data(
        end=day(300),
        exchanges=[{"id": "x", "home": "home", "share": 0.5, "reaction": "2 d", **(exchange or {})}],
        offices=[{"id": "desk", "service": "30 d", "approval": 1.0, **(office or {})}],
        decisions={"options": ["domestic"], "temperature": 0.0, "review": "1000000 d", "loss_trigger": 1.0,
                   **(decisions or {})},
        baseline=[{"id": "regime", "kind": "licence-regime", "announced": day(10), "effective": day(20),
                   "deadline": day(deadline), "offices": ["desk"], "moves": {"hazard": 1.0},
                   "enforcement": {"action": "closure", "rate": "0 /d"}}, *extra],
        **blocks,
    )  # fmt: skip


def test_a_licence_before_the_deadline_keeps_the_venue_open():
    run = history(licence_story())
    assert run.days("application") == [12.0]
    assert run.days("licence-granted") == [42.0]
    assert not run.told("closed")
    status = run.status("x")
    assert (status[11], status[13], status[41], status[43]) == ("open", "waiting", "waiting", "licensed")


def test_whoever_still_waits_at_the_deadline_closes_and_opens_again_with_the_licence():
    """Until the deadline it stays open; the venue is built while it waits and opens with the licence."""
    run = history(licence_story(office={"service": "100 d"}))
    assert run.days("closed") == [60.0]
    assert run.told("closed")[0].cause == "regime"
    assert run.days("licence-granted") == [112.0]
    assert run.days("launched") == [112.0]
    assert run.status("x")[80] == "building"
    assert run.share("x")[61] < run.share("x")[59] * np.exp(-0.2) + 1e-12


def test_deemed_permission_bridges_the_wait():
    run = history(licence_story(office={"service": "100 d", "deemed": {"apply_by": day(12)}}))
    assert run.days("deemed") == [12.0]
    assert not run.told("closed")
    assert run.status("x")[70] == "waiting"
    assert run.status("x")[113] == "licensed"


def test_an_application_after_the_date_is_not_deemed():
    """By a date means until its end: an application on day 12, at noon."""
    for last, deemed in ((12, True), (11, False)):
        office = {"service": "100 d", "deemed": {"apply_by": day(last)[:10]}}
        run = history(licence_story(office=office, exchange={"reaction": "2.5 d"}))
        assert bool(run.told("deemed")) is deemed
        assert bool(run.told("closed")) is not deemed


def test_a_refusal_ends_in_closing_by_the_deadline():
    run = history(licence_story(office={"approval": 1e-9, "service": "5 d"}))
    assert run.days("licence-refused") == [17.0]
    assert run.days("closed") == [60.0]
    assert not run.told("launched")


def test_whoever_does_not_apply_is_found_and_closed():
    """A venue that never reconsiders runs unlicensed; it is detected at 0.5 a day from `enforced` on, before the deadline."""
    source = licence_story(exchange={"fixed": True})
    source["policies"]["baseline"][0] |= {"enforcement": {"action": "closure", "rate": "0.5 /d"}, "enforced": day(20)}
    source["enforcement"] = {"size_exponent": 0.0}
    run = history(source)
    (detected,) = run.told("detected")
    assert 20.0 < detected.day < 60.0
    assert run.days("closure") == [detected.day]


def test_two_offices_must_both_grant():
    offices = [{"id": name, "service": f"{days} d", "approval": 1.0} for name, days in (("one", 10), ("two", 25))]
    source = licence_story(deadline=200.0)
    source["offices"] = offices
    source["policies"]["baseline"][0]["offices"] = ["one", "two"]
    run = history(source)
    assert run.days("licence-granted") == [22.0, 37.0]
    assert [run.status("x")[n] for n in (23, 36, 38)] == ["waiting", "waiting", "licensed"]


def test_one_refusal_of_two_offices_is_a_refusal():
    source = licence_story(deadline=200.0)
    source["offices"] = [{"id": "one", "service": "10 d", "approval": 1e-9}, {"id": "two", "service": "25 d"}]
    source["policies"]["baseline"][0]["offices"] = ["one", "two"]
    run = history(source)
    assert run.days("licence-refused") == [22.0]
    assert not run.told("licence-granted")
    assert run.status("x")[40] == "winding-down"


def otc_licence(approval: float, **blocks):
    """An exchange that builds an OTC desk under a regime in which the desk needs a licence before it opens."""
    return data(
        end=day(300),
        exchanges=[{"id": "x", "home": "home", "share": 0.5, "reaction": "2 d"}],
        offices=[{"id": "desk", "service": "60 d", "approval": approval}],
        decisions={"options": ["domestic", "domestic+otc"], "temperature": 0.0, "review": "1000000 d",
                   "loss_trigger": 1.0, "lead": {"otc": "10 d"}, "economics": {"take": {"otc": 0.5}}},
        baseline=[{"id": "regime", "kind": "otc-licensing", "announced": day(10), "deadline": day(200),
                   "offices": ["desk"]},
                  {"id": "news", "kind": "relief", "announced": day(10)}],
        **blocks,
    )  # fmt: skip


def test_a_venue_that_was_built_opens_with_its_licence():
    run = history(otc_licence(1.0))
    assert run.days("launch-started") == [12.0]
    assert run.days("launched") == run.days("licence-granted") == [72.0]
    assert run.status("x", "otc")[23] == "building"


def test_a_venue_that_was_built_does_not_open_when_the_licence_is_refused():
    """The chance of 0.3 makes the desk worth trying; replications with a refusal are looked at."""
    refused = 0
    for run in histories(otc_licence(0.3), range(6)):
        if run.told("licence-refused"):
            refused += 1
            assert not run.told("launched")
            assert "open" not in run.status("x", "otc")
    assert refused >= 2


def host_licence(approval: float, review: str = "1000000 d"):
    """An exchange that moves to a host whose office licenses offshore venues."""
    return data(
        end=day(300),
        jurisdictions=[{"id": "home"}, {"id": "abroad", "office": "desk"}],
        exchanges=[{"id": "x", "home": "home", "share": 0.5, "reaction": "2 d"}],
        offices=[{"id": "desk", "service": "60 d", "approval": approval}],
        decisions={"options": ["domestic", "domestic+offshore"], "temperature": 0.0, "review": review,
                   "loss_trigger": 1.0, "lead": {"offshore": "10 d"},
                   "economics": {"take": {"offshore": 0.5}, "launch": {"offshore": {"fixed": 0.1, "revenue_days": 0.0}},
                                 "running": {"offshore": {"fixed": 0.0, "of_reference": 0.0}}}},
        baseline=[{"id": "news", "kind": "relief", "announced": day(10)}],
    )  # fmt: skip


def test_a_host_that_licenses_lets_the_venue_open_when_it_has_decided():
    run = history(host_licence(1.0))
    assert run.days("application") == [12.0]
    assert run.days("launched") == run.days("licence-granted") == [72.0]
    assert run.status("x", "offshore")[73] == "licensed"


def test_a_host_that_refuses_keeps_the_venue_shut():
    run = next(run for run in histories(host_licence(0.5), range(20)) if run.told("licence-refused"))
    assert not run.told("launched")
    assert not {"open", "licensed"} & set(run.status("x", "offshore"))


def test_a_host_that_never_grants_is_worth_nothing():
    run = history(host_licence(0.0))
    assert not run.told("application")


def test_a_venue_that_waits_for_its_licence_is_built_once():
    """Reviews during the wait keep the plan; they do not start to build again."""
    run = history(host_licence(1.0, review="10 d"))
    assert len(run.result.decisions) > 10
    assert len(run.told("launch-started")) == 1
    assert run.days("launched") == run.days("licence-granted")


@pytest.mark.parametrize("engine", [reference, compiled])
def test_the_journal_keeps_the_grant_of_one_office_when_nothing_else_follows(engine):
    source = licence_story(deadline=200.0)
    source["offices"] = [{"id": "one", "service": "10 d", "approval": 1.0}, {"id": "two", "service": "2000 d"}]
    source["policies"]["baseline"][0]["offices"] = ["one", "two"]
    run = history(source, engine=engine, until=23.0)
    assert run.days("licence-granted") == [22.0]


def test_a_licence_that_no_office_gives_is_not_to_be_had():
    """Without an office there is no chance of one: nobody starts to build what could never open."""
    source = otc_licence(1.0)
    del source["policies"]["baseline"][0]["offices"]
    run = history(source)
    assert run.told("decision")
    assert not run.told("launch-started")


def test_a_refusal_at_one_host_does_not_bar_another():
    """Refused where a licence is needed, it goes to the next best host, where none is, and opens there."""
    source = host_licence(0.5)
    source["jurisdictions"].append({"id": "far", "entry_cost": 6000.0})
    source["decisions"]["options"] = ["domestic", "offshore"]
    run = next(run for run in histories(source, range(20)) if run.told("licence-refused"))
    assert [run.names.jurisdictions[line.host] for line in run.told("launched")] == ["far"]
    assert run.status("x", "offshore")[-1] == "open"
