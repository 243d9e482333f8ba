"""The table of figures, and figures as files, without touching pyplot or the backend."""

import pkgutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from matplotlib import image
from matplotlib.axes import Axes
from PIL import Image

import sim.plot.figures
from sim.lazy_imports import CONVENIENCES
from sim.plot import page
from sim.plot.figure_table import Figure, Plots, RunPlots
from sim.plot.page import file_axes
from sim.results.run import Run
from tests.plot.studies import N, example, synthetic_study

NAMES = [name for name, entry in vars(RunPlots).items() if isinstance(entry, Figure) and entry.files is None]


def test_every_figure_is_in_a_table_or_the_only_one_of_a_result() -> None:
    figures = [each for table in Plots.__subclasses__() for each in vars(table).values() if isinstance(each, Figure)]
    listed = {each.plot.__module__.rpartition(".")[2] for each in figures}
    listed |= {each.partition(":")[0].rpartition(".")[2] for each in CONVENIENCES.values() if ".plot.figures." in each}
    files = {module.name for module in pkgutil.iter_modules(sim.plot.figures.__path__)}
    assert files - {"spread"} == listed  # a spread is what `fan` draws of a measure


def test_a_method_has_the_words_of_its_figure(small: Run) -> None:
    assert small.plot.shares.__doc__ == "Focal market share by mode, stacked, with the interventions marked."


def test_all_figures_are_written_at_normal_width_without_pyplot(tmp_path: Path) -> None:
    """By a process of its own, which had no other reason to import pyplot."""
    folder = tmp_path / "new" / "figures"
    code = (
        "import sys, pathlib; from tests.synthetic import synthetic_run\n"
        "for path in synthetic_run().plot.write(pathlib.Path(sys.argv[1])): print(path.name)\n"
        "print('matplotlib.pyplot' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, folder], capture_output=True, text=True, check=True)
    *names, pyplot = done.stdout.splitlines()
    assert pyplot == "False"
    assert names == [f"{name}.png" for name in NAMES]
    assert sorted(path.name for path in folder.iterdir()) == sorted(names)
    assert all(image.imread(folder / name).shape[1] == 1000 for name in names)
    with Image.open(folder / names[0]) as picture:  # it says what it shows, and how it is made again
        assert picture.info["Title"].startswith("Domestic share fell from 71")
        command = "regpressure run FILE --policy=baseline --seed=1 --replication=0 --out=FOLDER"
        assert picture.info["Comment"] == f"{command}; then in Python sim.open('FOLDER').plot.shares()"


def test_a_figure_that_fails_leaves_what_was_there(small: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "DPI", 20)
    small.plot.write(tmp_path)
    before = (tmp_path / "shares.png").read_bytes()

    def broken(run: Run, ax: Axes) -> Axes:
        ax.text(0, 0, "$\\no-such-symbol$")
        return ax

    monkeypatch.setattr(RunPlots, "shares", Figure(broken))
    with pytest.raises(ValueError, match="no-such-symbol"):
        small.plot.write(tmp_path)
    assert (tmp_path / "shares.png").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(f"{name}.png" for name in NAMES)


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


def test_the_main_figures_are_written(tmp_path: Path) -> None:
    paths = example("rules").plot.write(tmp_path / "new")
    assert [path.stem for path in paths] == [
        "difference-suppression", "difference-leakage", "difference-exposure", "difference-half-life",
        "difference-agency-days", "tradeoff", "fan-domestic", "fan-otc", "fan-offshore", "fan-outside", "pathways", "parallel",
    ]  # fmt: skip
    assert sorted(path.name for path in paths[0].parent.iterdir()) == sorted(path.name for path in paths)
    assert all(image.imread(path).shape[1] == 1000 for path in paths)


def test_a_study_without_paths_has_no_fans(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "DPI", 20)
    study = synthetic_study(["x"], paths={"baseline": np.empty((N, 0, 4)), "x": np.empty((N, 0, 4))})
    assert not any("fan" in path.name for path in study.plot.write(tmp_path))
    with pytest.raises(ValueError, match="kept no paths"):
        study.plot.fan(ax=file_axes())
