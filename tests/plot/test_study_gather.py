"""What the figures of a study say, against studies whose numbers are known."""

from types import SimpleNamespace

import numpy as np
import pytest

import sim
from sim.plot.figures.band import gather_band
from sim.plot.figures.decomposition import gather_decomposition
from sim.plot.figures.difference import MAX_ROWS, gather_difference
from sim.plot.figures.fan import QUANTILES, gather_fan
from sim.plot.figures.heatmap import gather_heatmap
from sim.plot.figures.pathways import gather_pathways
from sim.plot.figures.race import gather_outcome, gather_race
from sim.plot.figures.spread import gather_spread
from sim.plot.figures.tradeoff import gather_tradeoff
from sim.plot.plotted_quantity import decimals_for, finer_decimals, interval_words, number, quantity_of
from sim.study.decompose.decomposition import decompose, decompose_sampled
from sim.study.race.kim_nelson import Race, race
from sim.study.statistics.estimates import difference
from sim.study.study import Study
from tests.plot.studies import N, T, adaptive, minimal, shares, study

MINUS = "\u2212"
NOISE = np.random.default_rng(3).normal(0, 0.01, N)


def plain(words: str) -> str:
    return words.replace("\u00a0", " ")


def one(name: str, change: np.ndarray | float, base: np.ndarray | float = 0.3) -> Study:
    """A study of one policy whose measure differs by so much from that of the baseline."""
    level = base + np.zeros(N)
    return study(values={"baseline": {name: level}, "payments_first": {name: level + change}})


@pytest.mark.parametrize(
    ("spreads", "figures", "expected"),
    [([0.23], 1, 1), ([0.23], 2, 2), ([2.3], 1, 0), ([230.0], 1, 0), ([np.nan, 0.0], 1, 0), ([1e-9], 1, 4)],
)
def test_digits_follow_the_spread(spreads: list[float], figures: int, expected: int) -> None:
    assert decimals_for(spreads, figures) == expected


def test_numbers_have_true_signs_and_no_negative_zero() -> None:
    assert number(-2.64, 1, sign=True) == f"{MINUS}2.6"
    assert number(2.64, 1, sign=True) == "+2.6"
    assert number(-0.04, 1, sign=True) == "0.0"
    assert number(12345.6, 0) == "12,346"
    assert interval_words(-2.8, -2.4, 1) == f"{MINUS}2.8 to {MINUS}2.4"
    assert [finer_decimals(0, half) for half in (3.0, 0.3, 0.003)] == [0, 1, 2]


def test_fractions_are_told_in_per_cent_and_points_and_days_in_days() -> None:
    assert [quantity_of("leakage").unit, quantity_of("leakage").change] == ["%", "points"]
    assert [quantity_of("half_life").name, quantity_of("half_life").change] == ["half life", "days"]
    assert quantity_of("concentration").axis_label == "concentration"
    with pytest.raises(KeyError):
        quantity_of("leakages")


def test_a_forest_holds_the_paired_differences_in_points() -> None:
    made = one("leakage", -0.026 + NOISE - NOISE.mean())
    data = gather_difference(made, "leakage")
    (row,), found = data.rows, made.paired("leakage", "payments_first")
    assert [row.mean, row.low, row.high] == pytest.approx([100 * found.mean, 100 * found.low, 100 * found.high])
    assert row.mean == pytest.approx(-2.6)
    assert row.excludes_zero
    assert plain(data.level) == "30.0 %"
    half = 100 * found.half_width
    said = f"Leakage is 2.6 points lower under payments_first than under the baseline ({2.6 - half:.1f} to {2.6 + half:.1f})"
    assert plain(data.title) == said


def test_a_difference_that_may_be_none_is_not_claimed() -> None:
    data = gather_difference(one("leakage", NOISE - NOISE.mean() + 1e-4), "leakage")
    assert not data.rows[0].excludes_zero
    assert data.title == "Leakage under no policy can be told from that under the baseline"


def test_the_same_difference_everywhere_has_no_interval() -> None:
    data = gather_difference(one("half_life", 2.0, np.arange(N)), "half_life")
    assert data.rows[0].constant
    assert plain(data.title) == "Half life is 2 days higher under payments_first than under the baseline (2)"
    assert not gather_difference(one("half_life", 0.0, np.arange(N)), "half_life").rows[0].excludes_zero


def test_what_is_undefined_comes_last_and_is_said() -> None:
    some = np.where(np.arange(N) < 10, np.nan, 0.2)
    made = study(["a", "b"], {"baseline": {"leakage": 0.3 + NOISE}, "a": {"leakage": np.nan}, "b": {"leakage": some}})
    data = gather_difference(made, "leakage")
    assert [(row.policy, row.n, row.undefined) for row in data.rows] == [("b", 30, 10), ("a", 0, 40)]
    assert any("75 %" in plain(note) for note in data.notes)
    only = study(["a"], {"a": {"leakage": np.nan}})
    assert "no policy has a defined difference" in gather_difference(only, "leakage").title


def test_failures_are_noted() -> None:
    made = study(failed={"payments_first": [3, 7]})
    data = gather_difference(made, "leakage")
    assert data.rows[0].n == N - 2
    assert any("2 of payments_first" in note for note in data.notes)
    assert any("2 of payments_first" in note for note in gather_fan(made).notes)


def test_of_many_policies_those_that_differ_most_are_shown() -> None:
    names = [f"p{i}" for i in range(60)]
    values = {name: {"leakage": 0.3 + NOISE + 0.01 * (i - 30)} for i, name in enumerate(names)}
    made = study(names, values | {"baseline": {"leakage": 0.3}})
    data = gather_difference(made, "leakage")
    kept = {row.policy for row in data.rows}
    far = {name: abs(made.paired("leakage", name).mean) for name in names}
    assert len(kept) == MAX_ROWS
    assert min(far[name] for name in kept) >= max(far[name] for name in names if name not in kept)
    assert [row.mean for row in data.rows] == sorted((row.mean for row in data.rows), reverse=True)
    assert any("20 policies that differ less" in note for note in data.notes)


def test_a_fan_holds_quantiles_from_where_the_policies_part() -> None:
    made = study()
    data = gather_fan(made, "otc")
    base, other = data.fans
    assert [base.policy, other.policy] == ["baseline", "payments_first"]
    assert np.allclose(other.quantiles, np.quantile(made.path("otc", "payments_first"), QUANTILES, axis=0))
    assert [base.diverges_at, other.diverges_at] == [0, 9]  # shares differ from the instant 10 on
    low, high = (f"{100 * float(fan.quantiles[2, -1]):.{data.decimals}f} %" for fan in data.fans)
    assert plain(data.title) == f"OTC share ends between {low} under the baseline and {high} under payments_first"
    assert [mark.label for mark in data.marks] == ["closure", "payments"]


def test_a_fan_leaves_out_failures_and_the_policies_nearest_to_the_baseline() -> None:
    names = [f"p{i}" for i in range(20)]
    data = gather_fan(study(names, failed={"p19": range(N), "p18": [0]}))
    shown = [fan.policy for fan in data.fans]
    assert shown == ["baseline", *(f"p{i}" for i in range(8, 19))]
    assert any(note.startswith("No replication of p19") for note in data.notes)
    assert any(note.startswith("8 policies that end nearer") for note in data.notes)
    assert all(np.isfinite(fan.quantiles).all() for fan in data.fans)


def test_unknown_names_are_corrected() -> None:
    with pytest.raises(KeyError, match="payments_first"):
        gather_fan(study(), "otc", ["payment_first"])
    with pytest.raises(KeyError, match="offshore"):
        gather_fan(study(), "ofshore")


def test_spreads_hold_all_values_and_the_axis_most() -> None:
    values = np.append(np.linspace(0.2, 0.4, N - 2), [9.0, np.nan])
    data = gather_spread(study(["a"], {"baseline": {"leakage": 0.3 + NOISE}, "a": {"leakage": values}}), "leakage")
    odd = data.spreads[1]
    assert len(odd.values) == N - 1
    assert odd.undefined == 1
    assert odd.values.max() == pytest.approx(900)
    assert 40 < data.high < 900
    assert "Triangles: 1 value beyond the axis." in data.notes


def test_a_band_is_that_of_the_study_and_marks_what_differs() -> None:
    rough = shares(1, N) + np.random.default_rng(6).normal(0, 0.1, (N, T, 4))
    made = study(paths={"payments_first": rough})
    data, found = gather_band(made, "otc", "payments_first"), made.band("otc", "payments_first")
    assert np.allclose(data.mean, 100 * found.mean)
    assert np.allclose(data.pointwise, 100 * np.stack([found.low, found.high]))
    width, wider = np.ptp(data.pointwise, axis=0), np.ptp(data.simultaneous, axis=0)
    assert (wider > width).all()
    assert [plain(mark.label) for mark in data.marks] == ["payments (was 1 Dec 2020)"]
    assert "at the end" in data.title


def test_a_band_that_holds_zero_claims_nothing() -> None:
    same = shares(1, N)
    data = gather_band(study(paths={"baseline": same, "payments_first": same}), "otc", "payments_first")
    assert "on no day surely different" in data.title


def test_left_out_interventions_are_marked_where_they_were() -> None:
    base = minimal().policies["baseline"]
    data = gather_band(study({"open": base.without("closure")}), "otc", "open")
    assert [mark.label for mark in data.marks] == ["without closure"]


def test_a_grid_of_timings_has_a_cell_for_each_shift() -> None:
    base = minimal().policies["baseline"]
    family = sim.timings(base, ["closure", "payments"], days=[-30, 0, 30])
    change = {name: sum(shift.values()) / 1000 for name, shift in family.shifts.items()}
    values = {name: {"leakage": 0.3 + NOISE[::-1] + by + NOISE} for name, by in change.items()}
    made = study(family, {"baseline": {"leakage": 0.3 + NOISE[::-1]}} | values)
    data = gather_heatmap(made, "leakage", family)
    days = (f"{MINUS}30 d", "0 d", "+30 d")
    assert (data.rows, data.columns) == (days, days)
    assert [data.down, data.across] == ["shift of closure", "shift of payments"]
    assert data.cells[0, 0].mean == pytest.approx(100 * (NOISE.mean() - 0.06))
    assert data.cells[2, 1].mean == pytest.approx(100 * (NOISE.mean() + 0.03))
    # nine cells together at 95 %: each by itself at 1 - 0.05 / 9
    joint = difference(NOISE + 0.06, np.zeros(N), 1 - 0.05 / 9)
    assert [data.cells[2, 2].low, data.cells[2, 2].high] == pytest.approx([100 * joint.low, 100 * joint.high])
    assert data.title.startswith("Leakage is ")
    assert "closure" in data.title
    single = gather_heatmap(
        made,
        "leakage",
        sim.scenario.policy.variants.Timings(
            family, {n: {"payments": s["payments"]} for n, s in family.shifts.items() if s["closure"] == 0}
        ),
    )
    assert (len(single.rows), len(single.columns)) == (1, 3)


def test_a_grid_of_orders_averages_over_the_middle() -> None:
    orders = {"a > b > c > d": tuple("abcd"), "a > c > b > d": tuple("acbd"), "d > b > c > a": tuple("dbca")}
    base = minimal().policies["baseline"]
    family = sim.scenario.policy.variants.Orderings(dict.fromkeys(orders, base), orders)
    values = {name: {"suppression": 0.5 + by} for name, by in zip(orders, (0.02, 0.04, 0.1), strict=True)}
    data = gather_heatmap(study(family, {"baseline": {"suppression": 0.5}} | values), "suppression", family)
    assert data.rows == data.columns == ("a", "d")
    assert {place: cell.mean for place, cell in data.cells.items()} == pytest.approx({(0, 1): 3.0, (1, 0): 10.0})
    assert "with d first and a last" in data.title


def test_any_two_things_can_be_crossed() -> None:
    data = gather_heatmap(study(["x", "y"]), "leakage", {"x": ("early", "hard"), "y": ("late", "hard")})
    assert (data.rows, data.columns) == (("early", "late"), ("hard",))
    with pytest.raises(KeyError, match="no policy 'z'"):
        gather_heatmap(study(["x"]), "leakage", {"z": ("early", "hard")})


def test_parts_begin_where_those_before_end_and_add_up() -> None:
    v = np.stack([np.zeros(N), 0.3 + NOISE, 0.1 + NOISE, 0.5 + NOISE], axis=1)
    orders = np.stack([v[:, 3] - 0.02, v[:, 3] - 0.06], axis=1)
    data = gather_decomposition(decompose(v, ["a", "b"], orders), "suppression")
    assert [bar.name for bar in data.bars] == ["a", "b", "what they do together", "their order", "total"]
    mean = 100 * NOISE.mean()
    assert [bar.mean for bar in data.bars] == pytest.approx([30 + mean, 10 + mean, 6 - mean, 4, 50 + mean])
    ends = [bar.start + bar.mean for bar in data.bars]
    assert [bar.start for bar in data.bars[1:-1]] == pytest.approx(ends[:-2])
    assert ends[-2] == pytest.approx(ends[-1])
    assert plain(data.title).endswith("come from a by itself; acting together they add 6.0 points")


def test_parts_of_sampled_orders_are_shares() -> None:
    orders = np.tile(np.array([[0, 1], [1, 0]]), (N, 1, 1))
    along = np.array([[0.0, 0.3, 0.5], [0.0, 0.1, 0.5]]) + NOISE[:, None, None] * [0, 1, 2]
    data = gather_decomposition(decompose_sampled(orders, along, ["a", "b"]), "suppression")
    assert data.shared
    assert [bar.mean for bar in data.bars] == pytest.approx(
        np.array([35, 15, 50]) + 100 * NOISE.mean() * np.array([1, 1, 2])
    )


def test_a_race_lists_the_winner_first_and_who_left_first_last() -> None:
    rng = np.random.default_rng(4)
    levels = np.array([0.1, 0.5, 0.49, 0.3])
    outcome = race(lambda systems, first, count: levels[list(systems)] + rng.normal(0, 0.05, (count, len(systems))), 4,
                   Race(0.01, n0=20, maximum=60))  # fmt: skip
    data = gather_outcome(outcome, ["a", "b", "c", "d"], "suppression")
    counts = [runner.replications for runner in data.runners]
    assert {runner.policy for runner in data.runners[:2]} == {"b", "c"}
    assert counts[2:] == sorted(counts[2:], reverse=True)
    assert data.runners[0].end == "best"
    assert "no guarantee" in data.title
    with pytest.raises(ValueError, match="4 systems raced, but 2 names"):
        gather_outcome(outcome, ["a", "b"])


def test_a_race_of_policies_compares_with_the_winner_in_the_same_replications() -> None:
    rising = np.arange(10.0) / 100
    raced = SimpleNamespace(
        measure="leakage", best="x", survivors=("x",), values={"y": rising[:4] + 0.5, "x": rising},
        stopped="best known", confidence=0.95,
    )  # fmt: skip
    data = gather_race(raced)
    assert [(runner.policy, runner.replications, runner.end) for runner in data.runners] == [
        ("x", 10, "best"), ("y", 4, "beaten"),
    ]  # fmt: skip
    assert data.runners[1].behind == "+50"
    assert data.title.startswith("x wins after 10 replications")
    assert "Racing saved 30" in data.notes[0]


def test_pathways_count_what_fired_among_what_was_completed() -> None:
    days = np.full((N, 2), np.nan)
    days[:30, 0], days[:10, 1] = 100.0, np.arange(200.0, 210.0)
    made = study({"watch": adaptive()}, fired={"watch": days}, failed={"watch": range(36, 40)})
    first, second = gather_pathways(made).rungs
    assert [first.share, second.share] == pytest.approx([30 / 36, 10 / 36])
    assert [first.bars[:, 1].sum(), second.bars[:, 1].sum()] == pytest.approx([first.share, second.share])
    assert len(first.bars) == 1
    assert [first.words, second.words] == ["first", "second"]
    assert second.median - first.median == pytest.approx(104.5)
    assert plain(gather_pathways(made).title) == "ladder fired in 83 % of replications, to its last step in 28 %"
    with pytest.raises(ValueError, match="no policy of this study has adaptive rules"):
        gather_pathways(study())


def test_a_trade_off_finds_who_is_beaten_and_leaves_out_who_is_undefined() -> None:
    other = np.random.default_rng(5).normal(0, 0.01, N)
    points = {"baseline": (0.5, 0.3), "good": (0.7, 0.2), "mild": (0.3, 0.1), "bad": (0.2, 0.5), "none": (0.1, np.nan)}
    values = {p: {"suppression": x + NOISE, "leakage": y + other} for p, (x, y) in points.items()}
    data = gather_tradeoff(study([*points][1:], values), "suppression", "leakage")
    assert {place.policy for place in data.points if place.efficient} == {"good", "mild"}
    assert data.title == "good and mild trade suppression for leakage; the other 2 are beaten in both"
    assert "none is left out: suppression or leakage is undefined." in data.notes
    good = next(place for place in data.points if place.policy == "good")
    assert good.outline.mean(axis=0) == pytest.approx([good.x, good.y], abs=0.05)
    assert good.efficient_share == 1
    turned = gather_tradeoff(study([*points][1:], values), larger=(False, False))
    assert {place.policy for place in turned.points if place.efficient} == {"mild", "bad"}


def test_marks_and_paths_stand_on_dates() -> None:
    data = gather_fan(study())
    assert len(data.time) == T
    assert data.time[0] < data.marks[0].effective < data.time[-1]
