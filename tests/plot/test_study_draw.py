"""Drawing the figures of studies: on the Axes that are given, words where they can be read, whatever the study."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib import image
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from sim.plot.figures.pathways import gather_pathways
from sim.plot.labelled_rows import NAME_WIDTH, fit
from sim.plot.page import file_axes, root
from sim.plot.study import StudyPlots, figures
from sim.study.decompose.decomposition import decompose
from sim.study.study import Study
from tests.plot.studies import LONG, N, adaptive, drawn, study
from tests.plot.test_draw import seen, words

HOLED = np.where(np.arange(N) < 5, np.nan, 0.3)
FIRED = np.column_stack([np.linspace(50, 300, N), np.where(np.arange(N) < 20, np.linspace(200, 500, N), np.nan)])
STUDIES = {
    "two": study(),
    "twelve": study(LONG, {LONG[0]: {"leakage": np.nan}, LONG[1]: {"leakage": HOLED}}, failed={LONG[2]: [4, 9]}),
    "rules": study({f"watch-{i}": adaptive() for i in range(3)}, fired={f"watch-{i}": FIRED + 9 * i for i in range(3)}),
    "failed": study(["x", "lost"], failed={"lost": range(N)}),
    "one replication": study(["x"], n=1),
    "undefined": study(["x"], {policy: {"leakage": np.nan} for policy in ("baseline", "x")}),
}
SETS = decompose(drawn(0, N, 8), ["a", LONG[0], "closure order"], drawn(1, N, 2))
RACED = SimpleNamespace(
    measure="leakage", best=LONG[0], survivors=tuple(LONG[:2]), stopped="within indifference zone", confidence=0.95,
    values={name: np.linspace(0.2, 0.3, 400 // (i + 1)) + i / 50 for i, name in enumerate(LONG)},
)  # fmt: skip
FIGURES: dict[str, Callable[[StudyPlots, Study, Axes], Axes]] = {
    "fan": lambda plot, made, ax: plot.fan(mode="otc", ax=ax),
    "fan outside": lambda plot, made, ax: plot.fan(mode="outside", policies=made.policies[1:], ax=ax),
    "spread": lambda plot, made, ax: plot.fan("leakage", ax=ax),
    "difference": lambda plot, made, ax: plot.difference("leakage", ax=ax),
    "difference against another": lambda plot, made, ax: plot.difference("half_life", made.policies[-1], ax=ax),
    "band": lambda plot, made, ax: plot.band("otc", made.policies[-1], ax=ax),
    "heatmap": lambda plot, made, ax: plot.heatmap("leakage", crossed(made), ax=ax),
    "decomposition": lambda plot, made, ax: plot.decomposition(SETS, "suppression", ax=ax),
    "race": lambda plot, made, ax: plot.race(RACED, ax=ax),
    "tradeoff": lambda plot, made, ax: plot.tradeoff(ax=ax),
}
CASES = [(name, which) for name in FIGURES for which in STUDIES] + [("pathways", "rules")]
FIGURES["pathways"] = lambda plot, made, ax: plot.pathways(ax=ax)


def crossed(made: Study) -> dict[str, tuple[str, str]]:
    """Policies in a grid of four columns with long names."""
    return {policy: (f"row {LONG[i // 4]}", f"column {i % 4} of the grid") for i, policy in enumerate(made.policies)}


@pytest.mark.parametrize(("name", "which"), CASES)
def test_no_words_meet_or_leave_the_figure(name: str, which: str) -> None:
    ax = FIGURES[name](StudyPlots(STUDIES[which]), STUDIES[which], file_axes())
    ax.figure.canvas.draw()
    page = ax.figure.bbox
    boxes = [(text.get_text(), Text.get_window_extent(text).padded(-1)) for text in seen(ax)]
    assert boxes
    for i, (said, box) in enumerate(boxes):
        assert page.x0 <= box.x0, said
        assert page.y0 <= box.y0, said
        assert box.x1 <= page.x1, said
        assert box.y1 <= page.y1, said
        met = [other for other, its in boxes[:i] if box.overlaps(its)]
        assert not met, f"{said!r} meets {met}"


@pytest.mark.parametrize("name", FIGURES)
def test_figures_draw_on_the_axes_given_and_leave_their_figure_alone(name: str) -> None:
    figure = Figure(figsize=(12, 6), layout="constrained")
    FigureCanvasAgg(figure)
    ax = figure.subplots(1, 2)[0]
    assert FIGURES[name](StudyPlots(STUDIES["rules"]), STUDIES["rules"], ax) is ax
    assert tuple(root(ax).get_size_inches()) == (12, 6)
    assert ax.get_title(loc="left")
    figure.canvas.draw()


def test_a_forest_draws_a_row_per_policy_about_the_baseline() -> None:
    made = STUDIES["twelve"]
    ax = made.plot.difference("leakage", ax=file_axes())
    points = {float(line.get_ydata()[0]): line for line in ax.lines if line.get_marker() == "o"}  # type: ignore[index,arg-type]
    assert len(points) == 10  # eleven policies, of which one is undefined
    expected = max(100 * made.paired("leakage", policy).mean for policy in LONG[1:])
    assert points[0.5].get_xdata()[0] == pytest.approx(expected)  # type: ignore[index]
    assert {"undefined", "0 of 40", "35 of 40", "38 of 40"} <= set(words(ax))
    assert any(said.startswith("baseline: ") for said in words(ax))


def test_fans_name_every_policy_and_its_end_and_draw_bands_where_few() -> None:
    ax = STUDIES["two"].plot.fan(ax=file_axes())
    assert len(ax.collections) == 5  # two bands for each of two policies, and the interventions
    assert any(said.startswith("payments_first ") and said.endswith("%") for said in words(ax))
    many = STUDIES["twelve"].plot.fan(ax=file_axes())
    assert len(many.collections) == 1
    looks = {(line.get_color(), line.get_linestyle()) for line in many.lines}
    assert len(looks) == len(many.lines) == 12


def test_cells_that_may_be_nothing_are_hatched() -> None:
    noise = np.random.default_rng(7).normal(0, 0.01, N)
    values = {"baseline": {"leakage": 0.3}, "x": {"leakage": 0.4 + noise}, "y": {"leakage": 0.3 + noise - noise.mean()}}
    ax = study(["x", "y"], values).plot.heatmap("leakage", {"x": ("a", "b"), "y": ("a", "c")}, ax=file_axes())
    hatched = [float(each.get_paths()[0].vertices[:, 0].min()) for each in ax.collections if each.get_hatch()]  # type: ignore[index,call-overload]
    assert hatched == [1.0]


def test_parts_are_bars_that_meet() -> None:
    ax = STUDIES["two"].plot.decomposition(SETS, "suppression", ax=file_axes())
    ends = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in ax.patches]  # type: ignore[attr-defined]
    assert [start for start, _ in ends[1:-1]] == pytest.approx([end for _, end in ends[:-2]])
    assert ends[-1] == pytest.approx((0.0, ends[-2][1]))


def test_bars_of_pathways_add_up_to_the_share_that_fired() -> None:
    ax = STUDIES["rules"].plot.pathways(ax=file_axes())
    heights = dict.fromkeys(range(6), 0.0)
    for bar in ax.patches:
        heights[int(bar.get_y())] += abs(bar.get_height())  # type: ignore[attr-defined]
    data = gather_pathways(STUDIES["rules"])
    assert [data.tallest / 0.6 * height for height in heights.values()] == pytest.approx([1.0, 0.5] * 3)
    assert max(abs(bar.get_height()) for bar in ax.patches) == pytest.approx(0.6)  # type: ignore[attr-defined]


def test_long_names_are_cut_in_their_middle() -> None:
    short, _, width = fit("first " + "and then another " * 9 + "last")
    assert width <= NAME_WIDTH
    assert short.startswith("first")
    assert short.endswith("last")
    assert "\u2026" in short
    assert fit("payments_first")[0] == "payments_first"


def test_the_main_figures_are_written(tmp_path: Path) -> None:
    paths = figures(STUDIES["rules"], tmp_path / "new")
    assert [path.stem for path in paths] == [
        "difference-suppression", "difference-leakage", "difference-exposure", "difference-half-life",
        "difference-agency-days", "tradeoff", "fan-domestic", "fan-otc", "fan-offshore", "fan-outside", "pathways",
    ]  # fmt: skip
    assert sorted(path.name for path in paths[0].parent.iterdir()) == sorted(path.name for path in paths)
    assert all(image.imread(path).shape[1] == 1000 for path in paths)


def test_a_study_without_paths_has_no_fans(tmp_path: Path) -> None:
    made = study(["x"], paths={"baseline": np.empty((N, 0, 4)), "x": np.empty((N, 0, 4))})
    assert not any("fan" in path.name for path in figures(made, tmp_path))
    with pytest.raises(ValueError, match="kept no paths"):
        made.plot.fan(ax=file_axes())
