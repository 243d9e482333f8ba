"""Figures as files, without touching pyplot or the backend."""

import subprocess
import sys
from pathlib import Path

import pytest
from matplotlib import image
from matplotlib.axes import Axes

from sim.plot import RunPlots, figures
from sim.plot.figure_table import Figure
from sim.results.run import Run

NAMES = ["shares", "exchanges", "timeline", "levers", "flows", "volume"]


def test_all_figures_are_written_at_normal_width(small: Run, tmp_path: Path) -> None:
    paths = figures(small, tmp_path / "new" / "figures")
    assert [path.name for path in paths] == [f"{name}.png" for name in NAMES]
    assert sorted(path.name for path in paths[0].parent.iterdir()) == sorted(path.name for path in paths)
    assert all(image.imread(path).shape[1] == 1000 for path in paths)


def test_a_figure_that_fails_leaves_what_was_there(small: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    figures(small, tmp_path)
    before = (tmp_path / "shares.png").read_bytes()

    def broken(run: Run, ax: Axes) -> Axes:
        ax.text(0, 0, "$\\no-such-symbol$")
        return ax

    monkeypatch.setattr(RunPlots, "shares", Figure(broken))
    with pytest.raises(ValueError, match="no-such-symbol"):
        figures(small, tmp_path)
    assert (tmp_path / "shares.png").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(f"{name}.png" for name in NAMES)


def test_files_need_no_pyplot() -> None:
    code = (
        "import sys, tempfile; from tests.synthetic import synthetic_run; from sim.plot import figures\n"
        "figures(synthetic_run(), tempfile.mkdtemp()); print('matplotlib.pyplot' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_package_imports_without_matplotlib() -> None:
    code = "import sys, sim; print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_new_figures_are_pyplots_own(small: Run) -> None:
    from matplotlib import pyplot

    pyplot.switch_backend("agg")
    ax = small.plot.shares()
    assert pyplot.fignum_exists(ax.figure.number)  # type: ignore[union-attr]
    pyplot.close(ax.figure)  # type: ignore[arg-type]
