"""The summary measures of a run, from its labelled data.

Measures compare the end of a run with its own beginning. The reference is the mean over the records before
the first announcement, within the first 30 days; the end is the mean over the last 30 days. Volumes are at
constant demand (`focal_volume`): turnover and growth from outside do not count. What is not defined is NaN. What there
is, and how each is computed, is in `sim.model.outcomes.measures`, for runs and for batches of replications alike.

Shapes: T records, F exchanges, M modes (domestic, otc, offshore), H hosts. `before` and `after` are masks over the
records.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.kernels.compile import as_compiled
from sim.model.outcomes import measures
from sim.model.outcomes.queue_times import queue_times
from sim.model.outcomes.tally import Tally, compare_like_venues
from sim.scenario.volumes import is_measured
from sim.world.arrays import Bools, Floats, Ints
from sim.world.codes import DOMESTIC, E_APPLICATION, E_GRANTED, EVENTS, OFFSHORE, STATUSES, STRATEGIES

if TYPE_CHECKING:
    from sim.results.run import Run

Indices = NDArray[np.integer[Any]]


def measure(run: Run, *, reference_days: float = 30.0, final_days: float = 30.0) -> dict[str, float]:
    """All summary measures of a run by name.

    `reference_days`: length of the window at the start, which ends earlier if something is announced in it
    (the first record if nothing comes before). `final_days`: length of the window at the end.
    """
    inputs = measure_inputs(run, reference_days, final_days)
    names = measures.measures_of(run.scenario)
    values = np.full(len(names), np.nan)
    as_compiled(measures.measure)(tally_of(inputs), values)
    return dict(zip(names, values.tolist(), strict=True))


@dataclass(frozen=True)
class MeasureInputs:
    """A run and what all measures need of it; T records, F exchanges, M modes.

    `volume` (T, F, M) is focal volume per day at constant demand; `announced` and `effective` are the days on
    which that first happened to an intervention, NaN if never; `before` and `after` (T,) are the windows that
    are compared. `losses` (T,) says when domestic venues last lost users at once since the record before, NaN if not.
    """

    run: Run
    day: Floats
    volume: Floats
    announced: float
    effective: float
    before: Bools
    after: Bools
    losses: Floats


def measure_inputs(run: Run, reference_days: float = 30.0, final_days: float = 30.0) -> MeasureInputs:
    """What the measures need of a run, with the windows that `measure` describes."""
    day, announced = run.data["day"].values, _first(run, "announced")
    before = reference_window(day, announced, reference_days)
    after = final_window(day, before, final_days)
    volume = focal_volume(run.data["share"].values, demand_at_start(run))
    return MeasureInputs(run, day, volume, announced, _effective(run), before, after, _losses(run))


def tally_of(inputs: MeasureInputs) -> Tally:
    """The figures from which all summary measures follow."""
    run, data = inputs.run, inputs.run.data
    modes = window_means(inputs.volume.sum(axis=1), inputs.before, inputs.after)
    if not np.isnan(inputs.losses[0]):  # nobody knows the market before
        modes[0] = np.nan
    hosts, strategy = data.sizes["jurisdiction"], data["strategy"].values[-1]
    venues = window_means(inputs.volume.reshape(len(inputs.day), -1), inputs.before, inputs.after)
    venues[0] = np.where(np.isnan(modes[0, 0]), np.nan, venues[0])
    gained, like_lost = np.zeros((2, len(run.scenario.exchanges)))
    compare_like_venues(_entries(run), venues, gained, like_lost)
    return Tally(
        day=np.ascontiguousarray(inputs.day, dtype=float),
        path=np.ascontiguousarray(inputs.volume[:, :, DOMESTIC].sum(axis=1)),
        losses=inputs.losses,
        modes=modes,
        hosts=volume_by_host(inputs.volume, data["host"].values, hosts, inputs.before, inputs.after),
        sizes=inputs.volume[inputs.after].sum(axis=2).mean(axis=0),
        venues=venues,
        gained=gained,
        like_lost=like_lost,
        exposed=np.array([volume_on(inputs.volume, mask, inputs.after) for mask in _outside_the_law(run)]),
        dates=np.array([inputs.announced, inputs.effective]),
        events=np.array([float(_happened(run, event).sum()) for event in EVENTS]),
        waits=_waits(run),
        strategies=np.bincount(strategy, minlength=len(STRATEGIES)).astype(float),
        effort=np.array([data["agency_days"].values[-1].sum()], dtype=float),
        sites=np.array([data["blocked_sites"].values[-1]], dtype=float),
    )


def _outside_the_law(run: Run) -> list[Bools]:
    """Venues without a licence, disguised ones, blocked ones, and those that are any of these, (T, F, M) each."""
    status = run.data["status"].values
    shell = np.zeros(status.shape, dtype=bool)
    shell[:, :, OFFSHORE] = run.data["disguised"].values == 1
    blocked = np.isin(status, [STATUSES.index("blocked"), STATUSES.index("evading")])
    unlicensed = np.isin(status, [STATUSES.index("barred"), STATUSES.index("unlicensed")])
    return [unlicensed, shell, blocked, unlicensed | shell | blocked]


def _entries(run: Run) -> Ints:
    """Which entry of the file each exchange is or belongs to, (F,)."""
    entry = {name: n for n, each in enumerate(run.scenario.exchanges) for name in each.ids}
    return np.array([entry[str(label)] for label in run.data["exchange"].values])


def _waits(run: Run) -> Floats:
    """Applications that came to an end, and how long they took in all, (2,)."""
    began = _happened(run, "application")
    ended = _happened(run, "licence-granted", "licence-refused", "application-withdrawn")
    rows = run.journal[began | ended]
    _, who = np.unique([f"{row.subject} {row.mode}" for row in rows.itertuples()], return_inverse=True)
    codes, waits = np.zeros((len(rows), 6), np.int64), np.zeros(2)
    codes[:, 0], codes[:, 1] = np.where(began[began | ended], E_APPLICATION, E_GRANTED), who
    queue_times(codes, rows["day"].to_numpy(dtype=float), waits)
    return waits


def _happened(run: Run, *events: str) -> Bools:
    """Which rows of the journal tell of one of some events."""
    event = run.journal["event"].to_numpy()
    return np.asarray(np.logical_or.reduce([event == name for name in events]))


def _effective(run: Run) -> float:
    """Day on which trading at home was first limited; if it never is, the first day on which anything took effect."""
    levels = run.data["level"]
    if "permission:domestic" in levels["lever"].values:
        limited = levels.sel(lever="permission:domestic").values > 0.0
        if limited.any():
            day, t = run.data["day"].values, int(limited.argmax())
            since = day[t - 1] if t else -np.inf
            effects = run.journal["day"].to_numpy()[_happened(run, "effective")]
            return float(min([each for each in effects if since < each <= day[t]], default=day[t]))
    return _first(run, "effective")


def _losses(run: Run) -> Floats:
    """When domestic venues last lost users at once, since the record before each record, (T,); NaN if not."""
    at_once = _happened(run, "closed", "closure", "departure-wave") & (run.journal["mode"] == "domestic").to_numpy()
    day, losses = run.data["day"].values, np.full(run.data.sizes["time"], np.nan)
    for lost in run.journal["day"].to_numpy()[at_once]:
        if lost <= day[-1]:
            losses[np.searchsorted(day, lost)] = lost
    return losses


def _first(run: Run, event: str) -> float:
    """Day on which something first happened, NaN if never."""
    days = run.journal["day"].to_numpy()[_happened(run, event)]
    return float(days.min()) if days.size else float("nan")


def demand_at_start(run: Run) -> Floats:
    """What each segment would trade at the start; 0 for those that are foreign, not real or in coin pairs, (K,)."""
    scenario = run.scenario
    counted = {each.id for each in scenario.segments if is_measured(scenario, each) and each.real_part > 0}
    chosen = [segment in counted for segment in run.data["segment"].values]
    return np.where(chosen, run.data["segment_volume"].values[0], 0.0)


def focal_volume(share: Floats, demand: Floats) -> Floats:
    """Volume per day of each venue at constant demand, (T, F, M).

    `share` (T, K, F, M) of the traders of each segment; `demand` (K,) what each would trade at the start, 0
    for segments that do not count. Shares weighted by the demand of the start follow traders, not turnover:
    neither a pulse of activity nor growth from outside can pass for leakage.
    """
    records, _, exchanges, modes = share.shape
    counted = np.flatnonzero(demand)
    flat = share[:, counted].reshape(records, len(counted), exchanges * modes)
    return np.asarray(demand[counted] @ flat).reshape(records, exchanges, modes)


def reference_window(day: Floats, announced: float, length: float = 30.0) -> Bools:
    """Records of the first `length` days before the first announcement; the first record if there are none.

    `day` (T,) ascending; `announced` in days, NaN when nothing was announced.
    """
    window = day < np.minimum(announced, day[0] + length)
    return window if window.any() else np.asarray(day == day[0])


def final_window(day: Floats, before: Bools, length: float = 30.0) -> Bools:
    """Records of the last `length` days outside the reference window; the last record if there are none."""
    window = (day > day[-1] - length) & ~before
    return window if window.any() else np.asarray(day == day[-1])


def window_means(path: Floats, before: Bools, after: Bools) -> Floats:
    """Means of a path (T, …) over the two windows, (2, …)."""
    return np.stack([path[before].mean(axis=0), path[after].mean(axis=0)])


def volume_by_host(volume: Floats, host: Indices, hosts: int, before: Bools, after: Bools) -> Floats:
    """Mean offshore volume per day in each host over the two windows, (2, H).

    `volume` (T, F, M); `host` (T, F) index of the host, -1 for none. A venue that moves takes its volume from one host
    to the other.
    """
    means = []
    for window in (before, after):
        offshore, known = volume[window][:, :, OFFSHORE], host[window] >= 0
        means.append(np.bincount(host[window][known], offshore[known], hosts) / window.sum())
    return np.stack(means)


def volume_on(volume: Floats, venues: Bools, after: Bools) -> float:
    """Mean focal volume per day on some venues, (T, F, M), in a window."""
    return float(np.where(venues[after], volume[after], 0.0).sum() / after.sum())
