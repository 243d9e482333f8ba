"""The benchmarks in short: ratios that would betray a cost that grows with the square, and a start that stays light."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.benchmarks import footprint, scaling


@pytest.mark.slow
@pytest.mark.parametrize(("engine", "sizes"), [("reference", (50, 500)), ("compiled", (100, 1_000))])
def test_an_event_costs_little_more_among_ten_times_as_many_exchanges(engine, sizes):
    """At most three times: what a square law would make ten.

    The weekly reading of the books and a measure that bears on all do touch every venue, but they are few.
    """
    few, many = (scaling.cost(engine, size, repeat=2) for size in sizes)
    assert many.events > 4 * few.events
    assert many.microseconds < 3.0 * few.microseconds


def test_the_table_and_the_file_say_the_same(tmp_path, capsys):
    scaling.main(
        ["--sizes", "10", "20", "--engines", "compiled", "--repeat", "1", "--json", str(tmp_path / "cost.json")]
    )
    rows = json.loads((tmp_path / "cost.json").read_text())
    lines = capsys.readouterr().out.splitlines()
    assert [row["exchanges"] for row in rows] == [10, 20]
    assert [line.split()[1] for line in lines[1:]] == ["10", "20"]
    assert all(row["events"] > 540 for row in rows)


def test_importing_the_package_brings_no_library():
    """All wait until they are needed; until then it takes 2 MB, and a library five times that and more."""
    code = "import sys, sim; print({name.partition('.')[0] for name in sys.modules} - sys.stdlib_module_names)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=footprint.ROOT)
    libraries = {"matplotlib", "netCDF4", "numba", "numpy", "pandas", "pydantic", "rich", "scipy", "simpy", "xarray"}
    assert "'sim'" in told.stdout
    assert not [name for name in libraries if f"'{name}'" in told.stdout]
    bare, whole = (footprint.footprint(what, repeat=1) for what in ("python alone", "import sim"))
    assert whole.megabytes - bare.megabytes < 20.0


def test_a_run_in_the_compiled_engine(benchmark):
    """For pytest --benchmark-enable: one run of the minimal scenario."""
    world = scaling.world_of(10)
    result = benchmark(scaling.compiled, world, 1, 0, 540.0, 540.0)
    assert len(result.times) == 2


def test_a_run_in_the_reference_engine(benchmark):
    world = scaling.world_of(10)
    result = benchmark(scaling.reference, world, 1, 0, 540.0, 540.0)
    assert len(result.times) == 2
