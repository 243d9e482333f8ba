"""`results.nc` follows the CF conventions, so that other programs can read it: https://cfconventions.org."""

from __future__ import annotations

from pathlib import Path

import netCDF4
import pytest

import sim

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = sim.run(sim.load(ROOT / "configs/minimal.yaml"), until="2020-02-01")
    return run.save(tmp_path_factory.mktemp("netcdf") / "run") / "results.nc"


def test_every_number_has_a_meaning_and_a_unit_or_names_for_its_codes(file: Path) -> None:
    with netCDF4.Dataset(file) as data:
        assert data.Conventions == "CF-1.11"
        assert (data["time"].calendar, data["time"].standard_name) == ("proleptic_gregorian", "time")
        numbers = {name: one for name, one in data.variables.items() if one.dtype is not str}
        assert len(numbers) > 20
        for name, variable in numbers.items():
            assert variable.long_name, name
            if "units" not in variable.ncattrs():
                assert len(variable.flag_values) == len(variable.flag_meanings.split()), name


def test_the_number_of_a_host_is_told_by_its_flags(file: Path) -> None:
    with netCDF4.Dataset(file) as data:
        places = dict(zip(data["host"].flag_values.tolist(), data["host"].flag_meanings.split(), strict=True))
        assert places == {-1: "none"} | dict(enumerate(data["jurisdiction"][:].tolist()))
