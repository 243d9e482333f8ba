"""Measures of whole runs: what they read, what they leave out, and when they are undefined."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import sim
from sim.kernels.compile import as_compiled
from sim.model.outcomes import measures
from sim.model.outcomes.measures import MEASURES, describe, measure_names
from sim.results.journal_tables import JOURNAL, table
from sim.results.run_measures import measure, measure_inputs, tally_of
from sim.world.codes import STATUSES, STRATEGIES
from tests.kit import data, day, scenario

DAYS, SWITCH = 60, 20


@pytest.fixture(autouse=True)
def _no_warning():
    with np.errstate(divide="raise", invalid="raise", over="raise"):
        yield


@pytest.fixture(scope="module")
def plain(run):
    """A run worked out by hand: two exchanges, focal segments of 40,000 and 30,000 a day, a switch on day 20.

    Before, each exchange has 0.4 of both segments at home. After it the first has 0.2 on OTC and 0.1 offshore
    in Japan, the second 0.1 at home. Bots and the world stay where they were.
    """
    data = run.data.isel(exchange=[0, 1]).copy(deep=True)
    for name in ("share", "outside", "status", "host", "disguised", "level", "agency_days", "blocked_sites"):
        data[name] = data[name] * 0
    later = data["day"].values >= SWITCH
    data["segment_volume"].values[:] = [40e3, 30e3, 100e3, 200e3]
    data["share"].values[:, 2:, 0, 0] = 0.9
    data["share"].values[~later, :2, :, 0] = 0.4
    data["share"].values[later, :2, 0, 1:] = [0.2, 0.1]
    data["share"].values[later, :2, 1, 0] = 0.1
    data["outside"].values[:] = 1 - data["share"].sum(("exchange", "mode")).values
    data["status"].values[:] = 2
    data["host"].values[:, 0] = np.where(later, 2, -1)
    data["strategy"].values[:] = [STRATEGIES.index("hybrid"), STRATEGIES.index("defy")]
    return replace(run, data=data, journal=journal((18.0, "announced", "order"), (20.0, "effective", "order")))


def journal(*rows):
    day, event, subject = zip(*rows, strict=True) if rows else ((), (), ())
    blank = [""] * len(day)
    date = np.datetime64("2017-06-01", "s") + (np.array(day, dtype=float) * 86400).astype("timedelta64[s]")
    columns = {"day": day, "date": date, "event": event, "subject": subject, "mode": blank, "host": blank}
    return table(JOURNAL, columns | {"cause": blank, "detail": blank, "value": [np.nan] * len(day)})


def edited(run, **values):
    """The run with some variables replaced: name=array or name=function of the old array."""
    data = run.data.copy(deep=True)
    for name, value in values.items():
        data[name].values[:] = value(data[name].values) if callable(value) else value
    return replace(run, data=data)


def test_a_run_worked_out_by_hand(plain):
    values = measure(plain)
    assert values["suppression"] == pytest.approx(0.5)  # 0.8 of 70,000 traded before, 0.4 afterwards
    assert values["leakage"] == pytest.approx(0.3 / 0.7)
    assert values["displacement:otc"] == pytest.approx(0.2 / 0.7)
    assert values["displacement:offshore"] == pytest.approx(0.1 / 0.7)
    assert values["displacement:outside"] == pytest.approx(0.4 / 0.7)
    assert values["displacement_by_host:japan"] == pytest.approx(0.1 / 0.7)
    assert values["displacement_by_host:malta"] == 0.0
    assert values["diversion:exchange-01"] == pytest.approx(-0.1 / 0.3)  # it lost 0.1 in all, the other 0.3 at home
    assert values["diversion:exchange-02"] == pytest.approx(-0.3 / 0.4)
    assert np.isnan(values["leakage_from:otc"])  # where nothing was lost
    assert values["half_life"] == pytest.approx(-1 + 0.4 / 0.7)  # on a line from 0.8 on day 19 to 0.1 on day 20
    assert values["time_to_effect"] == pytest.approx(-1 + 0.9)
    assert values["rebound"] == pytest.approx(0.0, abs=1e-12)
    assert values["concentration"] == pytest.approx(0.75**2 + 0.25**2)
    assert values["exposure"] == 0.0
    assert values["survival:hybrid"] == values["survival:defy"] == 1.0
    assert sum(value for name, value in values.items() if name.startswith("survival:")) == 2.0


def test_segments_that_differ_are_weighted_by_their_demand(plain):
    later = plain.data["day"].values >= SWITCH

    def all_active_stay(share):
        share = share.copy()
        share[later, 0] = share[0, 0]
        return share

    values = measure(edited(plain, share=all_active_stay))
    assert values["suppression"] == pytest.approx(0.5 * 3 / 7)


def test_turnover_and_growth_are_not_leakage(plain):
    days = np.arange(DAYS)[:, None]
    pulse = 1 + 3 * np.exp(-np.maximum(days - 18.0, 0) / 5) * (days >= 18)
    growing = edited(plain, segment_volume=lambda old: old * pulse * (1 + days / 30))
    assert measure(growing) == pytest.approx(measure(plain), nan_ok=True)


def test_foreign_and_unreal_segments_do_not_count(plain):
    changed = edited(plain, share=lambda old: np.where(np.arange(4)[:, None, None] >= 2, 0.1, old))
    assert measure(changed) == pytest.approx(measure(plain), nan_ok=True)


@pytest.mark.parametrize(
    ("announced", "reference"), [(18.0, range(18)), (45.0, range(30)), (0.0, range(1)), (None, range(1))]
)
def test_windows(plain, announced, reference):
    rows = [] if announced is None else [(announced, "announced", "order")]
    inputs = measure_inputs(replace(plain, journal=journal(*rows)))
    assert np.array_equal(np.flatnonzero(inputs.before), reference)
    assert np.array_equal(np.flatnonzero(inputs.after), range(30, 60))
    assert measure_inputs(plain, reference_days=7, final_days=10).before.sum() == 7
    assert measure_inputs(plain, reference_days=7, final_days=10).after.sum() == 10


def test_the_first_announcement_counts_whatever_the_order_of_measures(plain):
    rows = ((18.0, "announced", "a"), (25.0, "announced", "b"), (19.0, "effective", "b"), (30.0, "effective", "a"))
    inputs = measure_inputs(replace(plain, journal=journal(*rows)))
    assert (inputs.announced, inputs.effective) == (18.0, 19.0)


def test_without_a_policy_nothing_is_defined_that_needs_one(plain):
    still = edited(plain, share=lambda old: np.broadcast_to(old[0], old.shape))
    values = measure(replace(still, journal=journal()))
    undefined = {name for name, value in values.items() if np.isnan(value)}
    assert {name.partition(":")[0] for name in undefined} == {
        "leakage", "displacement", "displacement_by_host", "leakage_from", "diversion", "half_life",
        "time_to_effect", "rebound",
        "cases_per_point", "licence_wait",
    }  # fmt: skip
    assert values["suppression"] == 0.0


@pytest.mark.parametrize(
    ("against_the_law", "part"), [([], 0.0), ([(1, 0)], 0.25), ([(0, 1)], 0.5), ([(1, 0), (0, 1)], 0.75)]
)
def test_exposure_of_venues_that_the_law_does_not_allow(plain, against_the_law, part):
    changed = edited(plain)
    for exchange, mode in against_the_law:
        changed.data["status"].values[:, exchange, mode] = STATUSES.index("unlicensed")
    values = measure(changed)
    assert values["exposure"] == values["exposure_by_kind:unlicensed"] == pytest.approx(part)


@pytest.mark.parametrize("status", ["open", "winding-down", "waiting", "licensed"])
def test_a_venue_that_waits_holds_a_licence_or_winds_down_is_not_exposed(plain, status):
    values = measure(edited(plain, status=STATUSES.index(status)))
    assert values["exposure"] == 0.0


@pytest.mark.parametrize(
    ("permission", "targets", "part"),
    [("forbidden", ["a"], 0.6), ("licence", ["a"], 0.6), ("forbidden", ["a", "b"], 1.0), ("forbidden", None, 1.0)],
)
def test_a_law_for_some_exchanges_leaves_the_others_lawful(permission, targets, part):
    """Two books of 0.6 and 0.4 that decide nothing, before the deadline of an order to one, both or all."""
    order = {"id": "order", "announced": day(10), "deadline": "+400 d", "kind": "relief", "moves": {"permission": permission},
             "target": {"modes": ["domestic"], **({"exchanges": targets} if targets else {})}}  # fmt: skip
    world = scenario(data(baseline=[order]))
    assert sim.run(world, seed=1).measures["exposure"] == pytest.approx(part, rel=1e-12)
    study = sim.compare(world, ["baseline"], replications=2)
    assert study.values("exposure").ravel() == pytest.approx([part, part], rel=1e-12)


def test_a_venue_abroad_that_may_not_serve_residents_is_exposed(plain):
    barred = edited(plain)
    barred.data["status"].values[:, 0, 2] = STATUSES.index("barred")
    values = measure(barred)
    assert values["exposure"] == values["exposure_by_kind:unlicensed"] == pytest.approx(0.25)


def test_exposure_counts_a_venue_once(plain):
    both = edited(plain, disguised=[1, 0])
    both.data["status"].values[:, 0, 1] = 4
    both.data["status"].values[:, 0, 2] = STATUSES.index("barred")
    values = measure(both)
    assert values["exposure_by_kind:unlicensed"] == pytest.approx(0.25)
    assert values["exposure_by_kind:disguised"] == pytest.approx(0.25)
    assert values["exposure_by_kind:blocked"] == pytest.approx(0.5)
    assert values["exposure"] == pytest.approx(0.75)


def test_effort(plain):
    spent = np.linspace(0, 12, DAYS)[:, None] * [1.0, 2.0]
    events = journal((18.0, "announced", "x"), *[(30.0 + i, "case-opened", "exchange-01") for i in range(5)])
    values = measure(replace(edited(plain, agency_days=spent, blocked_sites=np.arange(DAYS)), journal=events))
    assert values["agency_days"] == pytest.approx(36.0)
    assert values["blocked_sites"] == DAYS - 1
    assert values["cases_opened"] == 5.0
    assert values["cases_per_point"] == pytest.approx(5 / 50)


def test_licences(plain):
    events = journal(
        (1.0, "application", "a"), (2.0, "application", "b"), (5.0, "licence-granted", "b"),
        (7.0, "licence-refused", "a"), (8.0, "application", "a"), (9.0, "application", "c"),
        (9.0, "licence-granted", "nobody"), (18.0, "licence-granted", "a"),
    )  # fmt: skip
    values = measure(replace(plain, journal=events))
    assert values["licences_granted"] == 3.0
    assert values["licence_wait"] == pytest.approx((3 + 6 + 10) / 3)


def test_applications_in_two_modes_are_two(plain):
    events = journal((1.0, "application", "a"), (2.0, "application", "a"), (6.0, "licence-granted", "a"))
    events["mode"] = ["otc", "domestic", "domestic"]
    assert measure(replace(plain, journal=events))["licence_wait"] == pytest.approx(4.0)


def test_no_value_is_left_out(run):
    tally = tally_of(measure_inputs(run))
    values = np.full(len(measure_names(["here", "there", "far", "near"], [f"x{n}" for n in range(5)])), 12345.0)
    as_compiled(measures.measure)(tally, values)
    assert (tally.hosts.shape[1], len(tally.gained)) == (4, 5)
    assert not (values == 12345.0).any()


def test_every_measure_is_described(run):
    values = measure(run)
    assert {name.partition(":")[0] for name in values} == set(MEASURES)
    for name in values:
        item = describe(name)
        assert item.name == name
        assert len(item.meaning) > 10
        assert "\n" not in item.meaning
        assert item.unit
    assert describe("survival:exit").meaning.endswith("exit")
    with pytest.raises(KeyError):
        describe("happiness")


def test_measures_are_plain_floats_and_leave_the_run_alone(run):
    before = run.data.copy(deep=True), run.journal.copy()
    values = measure(run)
    assert {type(value) for value in values.values()} == {float}
    assert run.data.identical(before[0])
    pd.testing.assert_frame_equal(run.journal, before[1])
