"""What a choice sets going: wind-downs, waves, launches, moves, entries; and when exchanges think."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.engine.compiled import simulate as compiled
from sim.engine.reference import simulate as reference
from sim.world import codes as c
from tests.kit import data, day, history, traders
from tests.model.theory import ks_limit, ks_uniform

QUIET = {"temperature": 0.0, "review": "1000000 d", "loss_trigger": 1.0}
ORDER = {"id": "order", "kind": "closure-order", "announced": day(20), "effective": day(30), "deadline": "2020-02-29",
         "attention": 0.0, "reaction": "4 d", "enforcement": {"action": "closure", "rate": "0 /d"}}  # fmt: skip


def leaving(*, exchanges=None, baseline=None, decisions=None, **blocks):
    """Exchanges that can only leave when the order comes; its last day is day 59, so it is over on day 60."""
    return data(
        end=day(150),
        exchanges=exchanges or [{"id": "a", "home": "home", "share": 0.6}, {"id": "b", "home": "home", "share": 0.4}],
        decisions={**QUIET, "options": ["exit"], **(decisions or {})},
        baseline=[ORDER] if baseline is None else baseline,
        **blocks,
    )


def test_a_departure_wave_and_the_notice_and_the_end():
    """Closed form for the first announcer: at day 24, 0.95 of its users choose anew among what is left.

    Its attraction falls to 1 - e^(-notice / tau) of what it was, shares relax to the new split, and on day 60 the
    rest is stranded in the outside option. 1e-13.
    """
    second = {"id": "b", "home": "home", "share": 0.4, "fixed": True, "audience": {"traders": 0.0}}
    target = {**ORDER, "target": {"modes": ["domestic"], "exchanges": ["a"]}}
    run = history(leaving(exchanges=[{"id": "a", "home": "home", "share": 0.6}, second], baseline=[target],
                          closing={"notice_scale": "50 d", "first": 0.95}))  # fmt: skip
    assert [(line.day, line.value) for line in run.told("wind-down")] == [(24.0, 36.0)]
    assert [(line.day, line.value) for line in run.told("departure-wave")] == [(24.0, 0.95)]
    assert run.days("closed") == [60.0]
    pull, before = 0.6 * -math.expm1(-36.0 / 50.0), 0.6 / 1.6
    total = pull + 1.0
    gone = 0.95 * before
    after = before - gone + gone * pull / total
    for t in range(24, 60):
        share = pull / total + (after - pull / total) * math.exp(-0.2 * (t - 24))
        assert run.share("a")[t] == pytest.approx(share, abs=1e-13)
    last = pull / total + (after - pull / total) * math.exp(-0.2 * 36)
    other = 0.4 / total + (0.4 / 1.6 + gone * 0.4 / total - 0.4 / total) * math.exp(-0.2 * 36)
    assert run.share("a")[60] == 0.0
    assert run.share("b")[60] == pytest.approx(other, abs=1e-13)
    assert run.result.frame.outside[60, 0] == pytest.approx(1.0 - other, abs=1e-13)
    assert last > 0.1


STAYERS = {"at_once": 0.0, "at_end": 0.5, "notice_scale": "0 d"}


def test_where_users_stay_to_the_last_day_those_who_waited_choose_anew_and_the_others_stop():
    """Of 0.375 at venue a half chooses among b (0.4) and not trading (0.6), half stops; 1e-14."""
    rival = {"id": "b", "home": "home", "share": 0.4, "fixed": True}
    run = history(leaving(
        exchanges=[{"id": "a", "home": "home", "share": 0.6}, rival],
        baseline=[{**ORDER, "target": {"modes": ["domestic"], "exchanges": ["a"]}, "ending": STAYERS}],
        closing={"notice_scale": "50 d", "first": 0.95, "later": 0.1},
    ))  # fmt: skip
    assert [(line.day, line.value) for line in run.told("departure-wave")] == [(60.0, 0.5)]
    assert run.share("a")[59:61] == pytest.approx([0.375, 0.0], abs=1e-14)
    assert run.share("b")[59:61] == pytest.approx([0.25, 0.25 + 0.1875 * 0.4], abs=1e-14)
    assert run.result.frame.outside[60, 0] == pytest.approx(0.375 + 0.1875 + 0.1875 * 0.6, abs=1e-14)


@pytest.mark.parametrize("engine", [reference, compiled])
@pytest.mark.parametrize("first", ["a", "b"])
def test_nobody_who_waited_chooses_a_venue_that_ends_at_the_same_instant(engine, first):
    """Both close on day 60: all 0.6 who had waited choose among c (0.04) and not trading (0.6), whoever closes first."""
    shares = {"a": 0.6, "b": 0.36}
    exchanges = [{"id": name, "home": "home", "share": shares[name]} for name in sorted(shares, reverse=first == "b")]
    rival = {"id": "c", "home": "home", "share": 0.04, "fixed": True}
    order = {**ORDER, "target": {"modes": ["domestic"], "exchanges": ["a", "b"]}, "ending": {**STAYERS, "at_end": 1.0}}
    run = history(leaving(exchanges=[*exchanges, rival], baseline=[order]), engine=engine)
    assert run.share("c")[60] == pytest.approx((0.04 + 0.96 * 0.04 / 0.64) / 1.6, abs=1e-14)
    assert run.result.frame.share[60].sum() + run.result.frame.outside[60, 0] == pytest.approx(1.0, abs=1e-14)


def test_the_first_to_announce_loses_most():
    run = history(leaving(closing={"first": 0.9, "later": 0.2}))
    assert [line.value for line in run.told("departure-wave")] == [0.9, 0.2]


@pytest.mark.parametrize(("part", "closed"), [(1.0, 60.0), (0.5, 24.0 + 3.0 + 0.5 * 33.0), (0.0, 27.0)])
def test_an_exchange_uses_part_of_its_notice(part, closed):
    """From the shortest wind-down of 3 days to the deadline."""
    run = history(leaving(exchanges=[{"id": "a", "home": "home", "share": 0.6, "notice_used": part}]))
    assert run.days("closed") == [pytest.approx(closed, abs=1e-9)]


def test_what_is_not_forced_closes_after_the_usual_notice_and_without_a_wave():
    news = {"id": "news", "kind": "relief", "announced": day(20), "reaction": "4 d"}
    run = history(leaving(baseline=[news], closing={"unforced": "9 d"}))
    assert run.days("closed") == [33.0, 33.0]
    assert not run.told("departure-wave")


def test_an_order_already_past_its_deadline_closes_at_once():
    late = {**ORDER, "reaction": "50 d"}
    run = history(leaving(baseline=[late]))
    assert run.days("closed") == [60.0, 60.0]
    assert {line.cause for line in run.told("closed")} == {"order"}


def test_the_deadline_of_an_order_that_was_lifted_closes_nobody():
    """A later order with a later deadline holds; the first one is history."""
    first = {**ORDER, "until": day(40)}
    second = {**ORDER, "id": "second", "announced": day(25), "effective": day(35), "deadline": day(100)}
    fixed = [{"id": "a", "home": "home", "share": 0.6, "fixed": True}]
    run = history(leaving(exchanges=fixed, baseline=[first, second]))
    assert run.days("closed") == [100.0]


def test_an_order_lifted_before_its_deadline_lets_an_exchange_call_its_closing_off():
    """It had turned to OTC; on the news of day 51 it goes back to its book, which never closed."""
    order = {**ORDER, "until": day(50)}
    relief = {"id": "relief", "kind": "relief", "announced": day(50), "reaction": "1 d"}
    run = history(leaving(
        baseline=[order, relief], closing={"first": 0.5, "notice_scale": "50 d"},
        exchanges=[{"id": "a", "home": "home", "share": 0.6}],
        decisions={"options": ["domestic", "otc"], "lead": {"otc": "5 d"},
                   "economics": {"take": {"otc": 0.02}, "launch": {"otc": {"fixed": 0.0}}}},
    ))  # fmt: skip
    choices = [(d.day, c.STRATEGIES[d.choice]) for d in run.result.decisions]
    assert choices == [(24.0, "otc"), (34.0, "otc"), (51.0, "domestic")]
    assert [line.mode for line in run.told("closed")] == [c.OTC]
    assert [run.status("a")[t] for t in (20, 30, 52)] == ["open", "winding-down", "open"]


def otc_launch(**blocks):
    """One exchange that goes to OTC on news of day 20, decided on day 24."""
    return data(**{
        "end": day(150),
        "exchanges": [{"id": "a", "home": "home", "share": 0.6, "lead_time_factor": 0.5}],
        "decisions": {**QUIET, "options": ["otc"], "lead": {"otc": "40 d"}, "economics": {"take": {"otc": 1.0}}},
        "baseline": [{"id": "news", "kind": "relief", "announced": day(20), "reaction": "8 d"}],
        **blocks,
    })  # fmt: skip


def test_lead_times_are_multiplied_by_their_factor():
    """Reaction 8 x 0.5 days, lead 40 x 0.5 days."""
    run = history(otc_launch())
    assert run.days("decision") == [24.0]
    assert run.days("launch-started") == [24.0]
    assert run.days("launched") == [44.0]
    assert [run.status("a", "otc")[t] for t in (23, 25, 43, 45)] == ["closed", "building", "building", "open"]


def test_a_lead_time_abroad_includes_the_hosts_delay():
    places = [{"id": "home"}, {"id": "abroad", "delay": "11 d"}]
    rich = {"take": {"offshore": 1.0}}
    run = history(otc_launch(jurisdictions=places, decisions={
        **QUIET, "options": ["offshore"], "lead": {"offshore": "40 d"}, "economics": rich}))  # fmt: skip
    assert run.days("launched") == [24.0 + 20.0 + 11.0]
    assert run.told("launched")[0].host == 1


def test_news_that_comes_while_it_builds_is_taken_up_afterwards():
    """The second announcement falls into the launch; the decision on it is taken on the day of the launch."""
    source = otc_launch()
    source["policies"]["baseline"].append({"id": "more", "kind": "relief", "announced": day(30), "reaction": "4 d"})
    run = history(source)
    assert [(line.day, line.cause) for line in run.told("decision")] == [
        (24.0, "announced:news"), (44.0, "announced:more"),
    ]  # fmt: skip


def test_an_own_desk_is_an_on_ramp():
    """(1 + b) on the offshore attraction of focal users while the desk is open, nobody else's."""
    source = data(
        segments=[traders(switching="1e6 /d"), traders(id="foreigners", home="abroad", switching="1e6 /d")],
        exchanges=[
            {"id": "x", "home": "home", "strategy": "hybrid", "host": "abroad", "share": 1.0, "fixed": True},
            {"id": "y", "home": "home", "strategy": "offshore", "host": "abroad", "share": 1.0, "fixed": True},
        ],
        demand={"onramp": 2.0},
        baseline=[{"id": "end", "kind": "relief", "announced": day(20), "moves": {"permission": "forbidden"},
                   "target": {"modes": ["otc"]}}],
    )  # fmt: skip
    run = history(source)
    desk, book = math.exp(-3.0), math.exp(-2.0)
    both = 3.0 * book + book + desk + 0.6
    assert run.share("x", "offshore")[10] == pytest.approx(3.0 * book / both, abs=1e-14)
    assert run.share("x", "offshore", 1)[10] == pytest.approx(book / (2.0 * book + desk + 0.6), abs=1e-14)
    assert run.days("closed") == [20.0]
    assert run.share("x", "offshore")[25] == pytest.approx(book / (2.0 * book + 0.6), abs=1e-14)


def test_a_shell_is_pulled_by_disguise_and_page():
    """ln attraction of a shell: +1.79 at home, -1.9 abroad by default; a local page for focal users on top."""
    source = data(
        segments=[traders(), traders(id="foreigners", home="abroad")],
        exchanges=[{"id": "x", "home": "home", "strategy": "disguised", "host": "abroad", "share": 1.0, "fixed": True,
                    "local_page": 1.0}],
        demand={"local_page": 0.4},
    )  # fmt: skip
    run = history(source)
    for segment, bonus in ((0, 1.79 + 0.4), (1, -1.9)):
        pull = math.exp(-2.0 + bonus)
        assert run.share("x", "offshore", segment)[0] == pytest.approx(pull / (pull + 0.6), abs=1e-14)
    assert run.result.frame.disguised[0, 0] == 1


def moving(effective: float = 100.0):
    """An exchange at a host that will close, with another one to go to."""
    return data(
        end=day(150),
        jurisdictions=[{"id": "home"}, {"id": "abroad"}, {"id": "far"}],
        exchanges=[{"id": "a", "home": "home", "strategy": "offshore", "host": "abroad", "share": 0.6}],
        decisions={**QUIET, "options": ["offshore"], "lead": {"offshore": "40 d"},
                   "economics": {"take": {"offshore": 1.0}}},
        baseline=[{"id": "door", "kind": "host-closes", "announced": day(20), "effective": day(effective),
                   "target": {"modes": ["offshore"], "jurisdictions": ["abroad"]}, "reaction": "4 d"}],
    )  # fmt: skip


def test_a_venue_moves_to_another_host_before_its_own_closes():
    run = history(moving())
    places = run.names.jurisdictions
    assert [(line.day, places[line.host]) for line in run.told("relocation")] == [(64.0, "far")]
    assert not run.told("host-closed")
    assert [places[run.result.frame.host[t, 0]] for t in (63, 65)] == ["abroad", "far"]
    assert np.all(run.share("a", "offshore") > 0.0)


def test_a_move_under_way_outlives_the_closing_of_the_old_host():
    """Its venue is shut on day 50, the new one opens on day 64 as planned."""
    run = history(moving(50.0))
    assert run.days("host-closed") == [50.0]
    opened = [line.day for line in run.lines if line.event in ("launched", "relocation")]
    assert opened == [64.0]


def test_a_host_that_closes_is_no_longer_chosen():
    run = history(moving())
    (decision, *_) = run.result.decisions
    assert run.names.jurisdictions[decision.host] == "far"
    assert decision.hosts[1] == -math.inf


def test_an_exchange_enters_on_its_day_with_its_strategy():
    run = history(data(exchanges=[
        {"id": "a", "home": "home", "share": 0.6, "fixed": True},
        {"id": "new", "home": "abroad", "strategy": "hybrid", "brand": 0, "enters": day(40.5), "fixed": True},
    ]))  # fmt: skip
    assert run.days("entered") == [40.5]
    assert not run.share("new", "otc")[:41].any()
    assert np.all(run.share("new", "otc")[41:] > 0.0)
    assert np.all(run.share("new", "offshore")[41:] > 0.0)
    assert run.result.frame.host[50, 1] == 1


def test_an_exchange_that_enters_before_the_start_is_there_from_the_start():
    run = history(data(exchanges=[
        {"id": "a", "home": "home", "share": 0.6, "fixed": True},
        {"id": "old", "home": "home", "share": 0.4, "enters": "2019-06-01", "fixed": True},
    ]))  # fmt: skip
    assert all(line.day >= 0.0 for line in run.lines)
    assert run.share("old")[0] == pytest.approx(0.4 / 1.6)


def test_latent_exchanges_wait_until_it_pays():
    """They are there to decide, have no venue, and enter by launching one."""
    run = history(data(
        exchanges=[
            {"id": "a", "home": "home", "share": 1.0, "fixed": True},
            {"group": "shadow", "count": 4, "home": "home", "brand": 0.0, "strategy": "latent", "options": ["otc"]},
        ],
        decisions={**QUIET, "lead": {"otc": "10 d"}, "economics": {"take": {"otc": 0.2}}},
        baseline=[{**ORDER, "target": {"modes": ["domestic", "otc"], "exchanges": ["shadow"]}, "moves": {}, "kind": "relief"}],
    ))  # fmt: skip
    assert run.days("launched") == [34.0] * 4
    assert run.status("shadow-01", "otc")[20] == "closed"
    assert run.status("shadow-01", "otc")[40] == "open"


@pytest.mark.parametrize("engine", [reference, compiled])
def test_reviews_are_an_exogenous_poisson_process(engine):
    """Gaps of 30 days in the mean, exponential; the same dates whatever the policy; one chain per exchange."""
    exchanges = [{"group": "x", "count": 40, "home": "home", "brand": -4}]
    source = data(
        exchanges=exchanges, decisions={"review": "30 d", "options": ["domestic"], "temperature": 0.0},
        policies={"baseline": [], "orders": [
            {**ORDER, "id": f"o{n}", "announced": day(20 + 10 * n), "effective": day(25 + 10 * n), "kind": "statement"}
            for n in range(12)]},
    )  # fmt: skip
    for segment in source["segments"]:
        segment["volume"] = 1e6
    dates = {}
    for policy in ("baseline", "orders"):
        run = history(source, policy=policy, engine=engine)
        dates[policy] = [(line.day, line.subject) for line in run.told("decision") if line.cause == "review"]
    assert dates["baseline"] == dates["orders"]
    by_exchange: dict[str, list[float]] = {}
    for when, who in dates["baseline"]:
        by_exchange.setdefault(who, [0.0]).append(when)
    first = np.array([days[1] for days in by_exchange.values()])
    assert ks_uniform(-np.expm1(-first / 30.0)) < ks_limit(40)
    count = len(dates["baseline"])
    assert abs(count - 40 * 365 / 30.0) < 4.0 * math.sqrt(40 * 365 / 30.0)


def test_a_loss_of_volume_makes_an_exchange_think():
    """Its only users leave at a fee: on the next weekly reading half the volume is gone."""
    fee = {"id": "fee", "kind": "fee-rule", "announced": day(24), "moves": {"fee": 0.05}, "target": {"segments": ["x"]},
           "reaction": "1000000 d"}  # fmt: skip
    run = history(data(
        segments=[traders(fee=100.0, switching="1 /d")],
        exchanges=[{"id": "a", "home": "home", "share": 0.6}],
        decisions={**QUIET, "loss_trigger": 0.5, "options": ["domestic"]},
        baseline=[{**fee, "target": {}}],
    ))  # fmt: skip
    assert [(line.day, line.cause) for line in run.told("decision")][:1] == [(28.0, "volume-loss")]


def test_reactions_come_after_their_lag_to_announcement_and_effect():
    run = history(leaving(decisions={"options": ["domestic", "exit"]}, baseline=[{**ORDER, "kind": "statement"}]))
    expected = [(24.0, "announced:order"), (34.0, "effective:order")]
    for who in "ab":
        assert [(line.day, line.cause) for line in run.told("decision", who)] == expected


def test_defiance_needs_an_order_and_an_open_venue_and_is_punished():
    """It stays open past the deadline, is found, and closes when the case is done."""
    order = {**ORDER, "by": "police", "enforcement": {"action": "closure", "rate": "0.2 /d"}}
    run = history(leaving(
        decisions={"options": ["domestic", "defy"]}, baseline=[order], enforcement={"size_exponent": 0.0},
        beliefs={"prior": {"defy": "0 /d"}},
        exchanges=[{"id": "a", "home": "home", "share": 0.6, "sanction_weight": 0.0}],
    ))  # fmt: skip
    first = run.result.decisions[0]
    assert c.STRATEGIES[first.choice] == "defy"
    (closed,) = run.days("closure")
    assert closed > 60.0 or closed > run.days("detected")[0]
    assert run.told("detected")[0].day > 30.0


def test_after_a_deadline_an_exchange_draws_errors_of_its_own():
    """Closed on day 30 and thinking again on day 33: the same errors whatever is announced on day 90."""
    order = {"id": "order", "kind": "closure-order", "announced": day(30), "reaction": "500 d"}
    later = {"id": "later", "kind": "fee-rule", "announced": day(90)}
    source = leaving(policies={"baseline": [order], "more": {"extends": "baseline", "add": [later]}},
                     decisions={"options": ["otc", "domestic", "exit"], "temperature": 0.5, "fresh": 1.0})  # fmt: skip
    one, two = (history(source, policy=policy, until=60.0).result.decisions for policy in ("baseline", "more"))
    assert [(d.day, d.exchange) for d in one] == [(33.0, 0), (33.0, 1)]
    assert [d.terms.tobytes() for d in one] == [d.terms.tobytes() for d in two]


def test_the_order_in_the_list_decides_only_who_is_first_in_the_same_instant():
    """Three like exchanges announce their end with one fixed lag: the first in the list loses 0.9, the others 0.2.

    Turned round, the list gives the same to the others; with lags of their own the order of the list says nothing.
    """
    names, lost = ("x", "y", "z"), {}
    for lag in ("4 d", {"uniform": {"low": "1 d", "high": "9 d"}}):
        for turn in (1, -1):
            exchanges = [{"id": name, "home": "home", "share": 0.3} for name in names[::turn]]
            run = history(
                leaving(
                    exchanges=exchanges, baseline=[{**ORDER, "reaction": lag}], closing={"first": 0.9, "later": 0.2}
                )
            )
            lost[str(lag), turn] = {line.subject: line.value for line in run.told("departure-wave")}
    assert lost["4 d", 1] == {"x": 0.9, "y": 0.2, "z": 0.2}
    assert lost["4 d", -1] == {"z": 0.9, "y": 0.2, "x": 0.2}
    (one, two) = (found for (lag, _), found in lost.items() if lag != "4 d")
    assert one == two
