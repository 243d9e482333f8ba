"""Runs to draw: a two-year one with as many interventions as China had, and what shares it should have."""

from dataclasses import replace

import numpy as np
import pandas as pd
import xarray as xr

from sim.results.journal_tables import JOURNAL, table
from sim.results.run import Run
from tests.synthetic import START, synthetic_run

FOCAL = ["cn-active", "cn-retail"]
"""The segments that count as real focal traders in the synthetic run."""
OBSERVED = pd.DataFrame({"date": pd.date_range("2017-06-01", "2017-09-20", freq="W"), "value": 3000.0})
INTERVENTIONS = (
    # id, announced, effective, lifted (days from the start of the record; None: never)
    ("fee-and-margin-rule", 36, 42, None), ("margin-ban", 40, 43, None), ("zero-fee-end", 54, 54, None),
    ("withdrawal-freeze", 70, 70, 182), ("aml-window-guidance", 69, 76, None),
    ("ifcert-monitoring", 236, 236, None),
    ("ico-ban", 277, 277, None), ("rumour", 281, 281, 290), ("account-freeze-shenzhen", 399, 399, 430),
    ("payment-self-inspection", 405, 412, None), ("nifa-risk-alert", 421, 421, None),
    ("firewall-announcement", 430, 430, None), ("police-monitoring", 455, 455, None),
    ("wechat-accounts", 456, 456, None), ("site-campaign", 456, 456, None), ("taobao-ban", 500, 500, None),
    ("otc-census", 555, 555, None), ("pboc-statement", 582, 582, None), ("chaoyang-venues", 624, 624, None),
    ("wechat-media", 628, 628, None), ("second-site-list", 630, 630, None), ("alipay-patrol", 631, 631, None),
    ("five-ministries", 631, 631, None), ("shanghai-notice", 656, 656, None), ("sto-alert", 730, 730, None),
)  # fmt: skip


def rich_run() -> Run:
    """Two years, 30 exchanges and 28 interventions, many of them days apart."""
    run = synthetic_run(days=760, exchanges=30)
    rows = []
    for name, *days in INTERVENTIONS:
        events = zip(("announced", "effective", "lifted"), days, strict=True)
        rows += [(float(day), event, name) for event, day in events if day is not None]
    day, event, subject = (list(column) for column in zip(*sorted(rows), strict=True))
    date = START + (np.array(day) * 86400).astype("timedelta64[s]")
    empty = [""] * len(day)
    columns = {"day": day, "date": date, "event": event, "subject": subject, "mode": empty, "host": empty}
    more = table(JOURNAL, columns | {"cause": empty, "detail": empty, "value": np.nan})
    journal = pd.concat([run.journal, more]).sort_values("day", kind="stable", ignore_index=True)
    return replace(run, journal=journal, data=_with_strength(run.data))


def _with_strength(data: xr.Dataset) -> xr.Dataset:
    """The dataset with the strength of the interventions added; the rumour fades for twenty days after its end."""
    day = data["day"].values
    ids = [*data["intervention"].values, *(name for name, *_ in INTERVENTIONS)]
    strength = np.zeros((len(day), len(ids)))
    strength[:, : data.sizes["intervention"]] = data["strength"].values
    for i, (name, announced, _, lifted) in enumerate(INTERVENTIONS, start=data.sizes["intervention"]):
        gone = np.inf if lifted is None else lifted + (20 if name == "rumour" else 0)
        strength[:, i] = (day >= announced) & (day < gone)
    rest = data.drop_dims("intervention").assign_coords(intervention=ids)
    return rest.assign(strength=(("time", "intervention"), strength))


def focal_shares(run: Run) -> np.ndarray:
    """Shares of focal volume from segments, shape (time, exchange, mode)."""
    weight = run.data["segment_volume"].sel(segment=FOCAL)
    share = run.data["share"].sel(segment=FOCAL)
    return np.asarray(((share * weight).sum("segment") / weight.sum("segment")).values)
