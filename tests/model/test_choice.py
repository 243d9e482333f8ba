"""Decisions: temperature, logit frequencies, error terms, values by hand, hosts, capital."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from sim.engine.compiled import simulate as compiled
from sim.engine.reference import simulate as reference
from sim.kernels.philox import philox, unit
from sim.model.exchanges import decisions as decide
from sim.world import codes as c
from tests.kit import bench, data, day, history, traders
from tests.model.theory import ks_limit, ks_uniform

NEWS = [{"id": "news", "kind": "statement", "announced": day(10), "target": {"modes": ["domestic"]}}]
OPTIONS = ["domestic", "otc", "offshore", "hybrid", "exit"]
STEADY = {
    "review": "1000000 d",
    "loss_trigger": 1.0,
    "options": OPTIONS,
    "reaction": {"uniform": {"low": "1 d", "high": "9 d"}},
}
ECONOMICS = {"launch": {"otc": {"fixed": 0.1}, "offshore": {"fixed": 0.2}}, "running": {"offshore": {"fixed": 0.0}}}


def choices(count: int, end: float = 30.0, **decisions):
    """First decisions of so many like exchanges, all triggered by the same news."""
    source = data(
        end=day(end),
        exchanges=[{"group": "x", "count": count, "home": "home", "brand": math.log(1.0 / count)}],
        decisions={**STEADY, "economics": ECONOMICS, **decisions},
        baseline=NEWS,
    )
    return history(source, engine=compiled).result.decisions


def first_of_each(decisions):
    return list({decision.exchange: decision for decision in reversed(decisions)}.values())


@pytest.mark.parametrize("temperature", [0.0, 1e-12])
def test_without_noise_the_best_strategy_is_chosen(temperature):
    """Every decision of 40 exchanges over a year of pressure takes the option of the largest value."""
    source = data(
        exchanges=[{"group": "x", "count": 40, "home": "home", "brand": {"normal": {"mean": -4, "sd": 1}}}],
        decisions={"temperature": temperature, "review": "20 d"},
        baseline=[
            {"id": "order", "kind": "closure-order", "by": "police", "announced": day(30), "effective": day(40),
             "deadline": day(100), "target": {"modes": ["domestic"]}},
            {"id": "risk", "kind": "fraud-shock", "announced": day(200), "fade": "60 d"},
        ],
    )  # fmt: skip
    decisions = history(source, engine=compiled).result.decisions
    for decision in decisions:
        value = np.where(decision.feasible, decision.terms[:, c.T_VALUE], -np.inf)
        assert value[decision.choice] == value.max()
    assert len(decisions) > 120
    assert len({decision.choice for decision in decisions}) >= 3


def test_with_nothing_but_noise_every_option_is_as_likely():
    """2,000 exchanges, five options: chi-square with 4 degrees of freedom below its 99.9 % point, 18.5."""
    decisions = first_of_each(choices(2_000, temperature=1e9))
    assert len(decisions) == 2_000
    assert {tuple(decision.feasible) for decision in decisions} == {
        tuple(o in OPTIONS for o in c.STRATEGIES[: c.OPTIONS])
    }
    counts = np.bincount([decision.choice for decision in decisions], minlength=c.OPTIONS)[decisions[0].feasible]
    assert np.sum((counts - 400.0) ** 2 / 400.0) < 18.5


@pytest.mark.parametrize("fresh", [0.0, 0.3, 1.0])
def test_choices_at_a_moderate_temperature_are_logit(fresh):
    """Frequencies against the softmax of each decision's own values, option by option.

    Given the values, choices are independent draws, so (count - sum p) / sqrt(sum p (1 - p)) is standard normal: all
    five within 3.9, the two-sided one in ten thousand.
    """
    decisions = first_of_each(choices(2_000, temperature=0.3, fresh=fresh))
    expected, variance, counts = np.zeros((3, c.OPTIONS))
    for decision in decisions:
        value = np.where(decision.feasible, decision.terms[:, c.T_VALUE] / decision.scale, -np.inf)
        p = np.exp(value - value.max())
        p /= p.sum()
        expected += p
        variance += p * (1.0 - p)
        counts[decision.choice] += 1.0
    options = decisions[0].feasible
    assert expected[options].max() < 0.7 * len(decisions)
    assert (expected[options] > 50.0).sum() >= 3
    assert np.all(np.abs(counts - expected)[options] < 3.9 * np.sqrt(variance[options]))


def error_term(one, f, option, occasion):
    """Error of an option at an occasion."""
    words = philox(one.state.key, one.world.exchanges.key[f], c.D_FRESH, occasion, option // 4)
    return decide.error_term(one.world, one.state, f, option, unit(np.uint64(words[option % 4])))


def error_terms(one, occasion):
    """Errors of all options that the exchanges can think of, at an occasion."""
    options = one.world.exchanges.options
    return [
        error_term(one, f, o, occasion) for f, considered in enumerate(options) for o in considered[considered >= 0]
    ]


@pytest.mark.parametrize("fresh", [0.0, 0.05, 0.5, 1.0])
def test_errors_are_gumbel_whatever_part_is_fresh(fresh):
    """max(G + ln(1 - r), G' + ln r) is standard Gumbel: Kolmogorov-Smirnov at one in a thousand."""
    one = bench(
        data(exchanges=[{"group": "x", "count": 900, "home": "home", "share": 0.01}], decisions={"fresh": fresh})
    )
    errors = np.array(error_terms(one, 77))
    assert len(errors) >= 4 * 900
    assert ks_uniform(np.exp(-np.exp(-errors))) < ks_limit(len(errors))


@pytest.mark.parametrize("fresh", [0.0, 0.05, 0.5, 1.0])
def test_an_error_term_persists_as_often_as_the_mixture_says(fresh):
    """The lasting term wins at an occasion with probability 1 - r, and is seen at two of them with

    P = E[F(x)^2], F(x) = e^(-r e^-x) under the density of G + ln(1 - r), which is (1 - r) / (1 + r). 4 standard errors.
    """
    one = bench(
        data(exchanges=[{"group": "x", "count": 900, "home": "home", "share": 0.01}], decisions={"fresh": fresh})
    )
    pairs = np.equal(error_terms(one, 1), error_terms(one, 2))
    p = (1.0 - fresh) / (1.0 + fresh)
    assert abs(np.mean(pairs) - p) <= 4.0 * math.sqrt(p * (1.0 - p) / len(pairs))


@pytest.mark.parametrize("engine", [compiled, reference])
def test_an_option_that_an_exchange_never_considers_has_no_figures(engine):
    """Exchanges of two kinds decide in turn; nothing of what the one valued is left in the record of the other."""
    known = {"stayers": ["domestic", "exit"], "movers": ["otc", "offshore"]}  # leaving is always possible
    source = data(
        exchanges=[
            {"group": name, "count": 5, "home": "home", "brand": -3.0, "options": options}
            for name, options in known.items()
        ],
        decisions={"review": "30 d", "economics": ECONOMICS},
    )
    decisions = history(source, engine=engine).result.decisions
    for decision in decisions:
        considered = [*known["stayers" if decision.exchange < 5 else "movers"], "exit"]
        others = [o for o in range(c.OPTIONS) if c.STRATEGIES[o] not in considered]
        assert not decision.feasible[others].any()
        assert not decision.terms[others].any()
        assert not decision.demand[others].any()
        assert decision.terms[[c.STRATEGIES.index(o) for o in considered], c.T_VALUE].any()
    assert {decision.exchange < 5 for decision in decisions} == {True, False}


def test_the_terms_add_up_and_the_margin_is_theirs():
    for decision in choices(50, temperature=0.05):
        terms, feasible = decision.terms, decision.feasible
        value = terms[:, c.T_REVENUE] - terms[:, [c.T_RUNNING, c.T_PENALTY, c.T_LAUNCH, c.T_EXIT]].sum(axis=1)
        np.testing.assert_allclose(terms[feasible, c.T_VALUE], value[feasible], rtol=1e-12, atol=1e-12)
        score = terms[:, c.T_VALUE] / decision.scale + terms[:, c.T_ERROR]
        np.testing.assert_allclose(terms[feasible, c.T_SCORE], score[feasible], rtol=1e-12, atol=1e-12)
        ranked = np.sort(terms[feasible, c.T_SCORE])
        assert decision.margin == ranked[-1] - ranked[-2]
        assert terms[decision.choice, c.T_SCORE] == ranked[-1]
        assert terms[decision.runner_up, c.T_SCORE] == ranked[-2]
        assert not terms[~feasible].any()


def test_values_by_hand():
    """V = T (take W - cost) - (1 - e^(-hazard h)) loss - launch, for one exchange alone with one segment.

    Attractions: domestic 0.5, otc 0.5 e^-3, offshore 0.5 e^-2 (times 2.5 beside an own desk), outside 0.6. All
    figures are entered below, not read back; 1e-12 relative.
    """
    prior = {"domestic": "0 /d", "otc": "0.01 /d", "offshore": "0.5 /d"}
    run = history(data(
        end=day(30),
        exchanges=[{"id": "x", "home": "home", "share": 0.5, "sanction_weight": 2.0, "caution": 1.5}],
        jurisdictions=[{"id": "home"}, {"id": "abroad", "tax": 0.25, "entry_cost": 7.0, "hazard": "0.002 /d"}],
        decisions={
            **STEADY, "temperature": 0.0, "horizon": "100 d",
            "economics": {
                "take": {"domestic": 0.004, "otc": 0.006, "offshore": 0.002},
                "running": {"domestic": {"fixed": 0.05, "of_reference": 0.1}, "otc": {"fixed": 0.2, "of_reference": 0.0},
                            "offshore": {"fixed": 0.1, "of_reference": 0.02}},
                "launch": {"otc": {"fixed": 1.5}, "offshore": {"fixed": 3.0, "revenue_days": 2.0}},
                "loss": {"otc": {"fixed": 3.0, "revenue_days": 4.0}, "offshore": {}},
                "exit": {"fixed": 0.7, "revenue_days": 1.0},
            },
        },
        beliefs={"prior": prior, "weight": "1000000 d", "forgetting": "0 /d", "size_exponent": {"otc": 0.5}},
        enforcement={"reference_size": 100.0},
        baseline=[{"id": "news", "kind": "relief", "announced": day(10), "reaction": "2 d"}],
    ))  # fmt: skip
    (decision,) = run.result.decisions
    base, outside = 0.5, 0.6
    size = 1000.0 * base / (base + outside)
    revenue = 0.004 * size
    otc_hazard = 0.01 * math.sqrt(size / 100.0) * 1.5
    life = {"domestic": 100.0, "otc": -math.expm1(-otc_hazard * 100.0) / otc_hazard,
            "offshore": -math.expm1(-0.003 * 100.0) / 0.003}  # fmt: skip
    lost = -math.expm1(-otc_hazard * 100.0) * (3.0 + 4.0 * revenue) * 2.0
    leave = 0.7 + revenue
    desk, abroad = 1.5, 3.0 + 2.0 * revenue + 7.0
    a = {"domestic": base, "otc": base * math.exp(-3.0), "offshore": base * math.exp(-2.0)}

    def volume(*modes: str) -> list[float]:
        pull = [a[mode] * (2.5 if mode == "offshore" and "otc" in modes else 1.0) for mode in modes]
        return [1000.0 * each / (sum(pull) + outside) for each in pull]

    (domestic,), (otc,), (offshore,), (both_otc, both_off) = (
        volume("domestic"), volume("otc"), volume("offshore"), volume("otc", "offshore"),
    )  # fmt: skip
    cost = {"domestic": 0.05 + 0.1 * revenue, "otc": 0.2, "offshore": 0.1 + 0.02 * revenue}
    expected = {
        "domestic": life["domestic"] * (0.004 * domestic - cost["domestic"]),
        "otc": life["otc"] * (0.006 * otc - cost["otc"]) - lost - desk - leave,
        "offshore": life["offshore"] * (0.002 * 0.75 * offshore - cost["offshore"]) - abroad - leave,
        "hybrid": life["otc"] * (0.006 * both_otc - cost["otc"]) - lost - desk - leave
        + life["offshore"] * (0.002 * 0.75 * both_off - cost["offshore"]) - abroad,
        "exit": -leave,
    }  # fmt: skip
    for name, value in expected.items():
        assert decision.terms[c.STRATEGIES.index(name), c.T_VALUE] == pytest.approx(value, rel=1e-12), name


def offshore_choice(places, *, exchange=None, offices=(), **decisions):
    """The decision of one exchange that wants to go abroad."""
    run = history(data(
        end=day(60),
        jurisdictions=[{"id": "home"}, *places],
        offices=list(offices),
        exchanges=[{"id": "x", "home": "home", "share": 0.5, **(exchange or {})}],
        decisions={**STEADY, "temperature": 0.0, "options": ["domestic", "offshore"], "lead": {"offshore": "5 d"},
                   "economics": {"take": {"offshore": 0.5}, "running": {"offshore": {"fixed": 0.0}},
                                 "launch": {"offshore": {"fixed": 10.0, "revenue_days": 0.0}}}, **decisions},
        baseline=[{"id": "news", "kind": "relief", "announced": day(10), "reaction": "2 d"}],
    ))  # fmt: skip
    return run, run.result.decisions[0]


def test_the_best_host_is_chosen_for_money():
    places = [{"id": "dear", "entry_cost": 500}, {"id": "fair", "entry_cost": 5}, {"id": "taxing", "tax": 0.9}]
    run, decision = offshore_choice(places, host_temperature=1e-9)
    assert run.names.jurisdictions[decision.host] == "fair"
    assert c.STRATEGIES[decision.choice] == "offshore"
    assert run.told("launched", "x")[0].host == run.names.jurisdictions.index("fair")


def test_a_host_that_the_exchange_does_not_know_is_not_chosen():
    run, decision = offshore_choice(
        [{"id": "dear", "entry_cost": 500}, {"id": "fair"}], exchange={"hosts": ["dear"]}, host_temperature=1e-9
    )
    assert run.names.jurisdictions[decision.host] == "dear"


@pytest.mark.parametrize("places", [*itertools.permutations(("open", "shut", "dear"))])
def test_a_host_that_licenses_nobody_does_not_hide_the_others(places):
    known = {"open": {}, "shut": {"office": "bureau"}, "dear": {"entry_cost": 500}}
    office = {"id": "bureau", "officers": 1, "service": "1 d", "approval": 0.0}
    run, decision = offshore_choice(
        [{"id": place, **known[place]} for place in places], offices=[office], host_temperature=1e-9
    )
    assert c.STRATEGIES[decision.choice] == "offshore"
    assert run.names.jurisdictions[decision.host] == "open"


def test_hosts_that_are_worth_the_same_without_noise_are_drawn_and_not_taken_in_order():
    """Exchanges that earn nothing have no noise. Two equal hosts: one half each; 4 standard errors of 600."""
    free = {"running": {"offshore": {"fixed": 0.0}}, "launch": {"offshore": {"fixed": 0.0, "revenue_days": 0.0}}}
    source = data(
        end=day(25),
        jurisdictions=[{"id": "home"}, {"id": "p"}, {"id": "q"}],
        exchanges=[{"group": "x", "count": 600, "home": "home", "brand": -6, "audience": {"traders": None}}],
        decisions={**STEADY, "options": ["offshore"], "constant": 0.0, "economics": free},
        baseline=NEWS,
    )
    decisions = first_of_each(history(source, engine=compiled).result.decisions)
    first = sum(decision.host == 1 for decision in decisions)
    assert len(decisions) == 600
    assert abs(first - 300) < 4.0 * math.sqrt(150)


def test_hosts_without_a_difference_in_money_are_drawn_by_pull():
    """Three equal hosts, one with appeal ln 2: chosen with probabilities 1/4, 1/4, 1/2; 4 standard errors of 600."""
    places = [{"id": "p"}, {"id": "q"}, {"id": "r", "appeal": math.log(2.0)}]
    source = data(
        end=day(25),
        jurisdictions=[{"id": "home"}, *places],
        exchanges=[{"group": "x", "count": 600, "home": "home", "brand": -6}],
        decisions={**STEADY, "options": ["offshore"]},
        baseline=NEWS,
    )
    decisions = first_of_each(history(source, engine=compiled).result.decisions)
    counts = np.bincount([np.argmax(decision.hosts) for decision in decisions], minlength=4)[1:]
    p = np.array([0.25, 0.25, 0.5])
    assert np.all(np.abs(counts - 600 * p) < 4.0 * np.sqrt(600 * p * (1.0 - p)))


def test_launches_beyond_the_capital_are_out_of_reach():
    """The launch costs 10 plus 0: feasible at a capital of 10, not of 9.99."""
    for capital, feasible in ((10.0, True), (9.99, False)):
        _, decision = offshore_choice([{"id": "abroad"}], exchange={"capital": capital})
        assert bool(decision.feasible[c.STRATEGIES.index("offshore")]) is feasible


def test_what_a_policy_leaves_alone_it_cannot_change():
    """A measure against other exchanges, with nobody trading at both: choices and errors of the rest stay bit for bit."""
    source = data(
        segments=[traders(id="here"), traders(id="there", volume=500)],
        exchanges=[
            {"group": "x", "count": 20, "home": "home", "share": 0.05, "audience": {"there": None}},
            {"id": "y", "home": "home", "share": 0.5, "audience": {"here": None}},
        ],
        decisions={"temperature": 0.3, "review": "30 d"},
        policies={
            "baseline": [],
            "other": [{"id": "fee", "kind": "fee-rule", "announced": day(30), "target": {"exchanges": ["y"]}}],
        },
    )
    one, two = (history(source, policy=policy).result for policy in ("baseline", "other"))
    mine = [[d for d in result.decisions if d.exchange < 20] for result in (one, two)]
    assert len(mine[0]) > 100
    for left, right in zip(*mine, strict=True):
        assert left.day == right.day
        assert left.choice == right.choice
        assert left.terms.tobytes() == right.terms.tobytes()
