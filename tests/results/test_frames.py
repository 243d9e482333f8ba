"""Results as plain tables."""

from __future__ import annotations

import numpy as np
import pytest

from sim.results.run import Run
from sim.world.codes import MODES


def test_shares_by_date_sum_to_one_and_agree_with_those_of_exchanges(run: Run) -> None:
    by_date, venues = run.to_frame(), run.to_frame("exchange")
    assert (by_date["date"].to_numpy() == run.data["time"].values).all()
    np.testing.assert_allclose(by_date[[*MODES, "outside"]].sum(axis=1), 1.0, rtol=1e-12)  # of rounding
    totals = venues.groupby(["date", "mode"])["share"].sum().unstack()
    np.testing.assert_allclose(totals[list(MODES)], by_date[list(MODES)], rtol=1e-12, atol=1e-15)


def test_a_row_holds_what_the_data_hold_of_a_venue(run: Run) -> None:
    table = run.to_frame("exchange").set_index(["date", "exchange", "mode"])
    assert len(table) == run.data["volume"].size
    last = {"time": -1, "exchange": 2}
    for mode in MODES:
        data = run.data.isel(last).sel(mode=mode)
        row = table.loc[(data["time"].values, str(data["exchange"].values), mode)]
        assert row["volume"] == data["volume"].item()
        assert row["focal_volume"] == data["focal_volume"].item()
        assert row["status"] == run.data["status"].attrs["flag_meanings"].split()[data["status"].item()]
        assert row["strategy"] == run.data["strategy"].attrs["flag_meanings"].split()[data["strategy"].item()]
        host = data["host"].item()
        assert row["host"] == ("" if host < 0 else str(run.data["jurisdiction"].values[host]))


def test_other_rows_are_refused(run: Run) -> None:
    with pytest.raises(ValueError, match="'week' is not one of date, exchange"):
        run.to_frame("week")  # type: ignore[arg-type]
