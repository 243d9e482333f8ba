"""What the summary measures read from a run, as plain arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.model.outcomes.measures import queue_times
from sim.model.outcomes.tally import Tally
from sim.results import window_means as outcomes
from sim.results.columns import STATUS
from sim.results.window_means import Floats, Mask
from sim.world.codes import EVENTS, MODES, STRATEGIES

if TYPE_CHECKING:
    from sim.results.run import Run

OFFSHORE = MODES.index("offshore")


@dataclass(frozen=True)
class Observed:
    """A run and what all measures need of it; T records, F exchanges, M modes.

    `volume` (T, F, M) is focal volume per day at constant demand; `announced` and `effective` are the days on
    which that first happened to a measure, NaN if never; `before` and `after` (T,) are the windows that are
    compared.
    """

    run: Run
    day: Floats
    volume: Floats
    announced: float
    effective: float
    before: Mask
    after: Mask

    @property
    def domestic(self) -> Floats:
        """Focal volume per day on domestic venues, (T,)."""
        return np.asarray(self.volume[:, :, 0].sum(axis=1))

    @cached_property
    def exposed(self) -> Mapping[str, Mask]:
        """Venues that trade outside the law, by kind; masks of shape (T, F, M)."""
        status = self.values("status")
        shell = np.zeros(status.shape, dtype=bool)
        shell[:, :, OFFSHORE] = self.values("disguised") == 1
        blocked = (status == STATUS.index("blocked")) | (status == STATUS.index("evading"))
        unlicensed = (status == STATUS.index("open")) & self._ruled()[:, None, :]
        return {"unlicensed": unlicensed, "disguised": shell, "blocked": blocked}

    def values(self, name: str) -> Any:
        """A variable of the run's data as an array."""
        return self.run.data[name].values

    def labels(self, name: str) -> list[str]:
        """A coordinate of the run's data."""
        return [str(label) for label in self.values(name)]

    def count(self, event: str) -> float:
        """How often something happened."""
        return float(happened(self.run, event).sum())

    def _ruled(self) -> Mask:
        """Where the law asks for a licence or forbids the mode, (T, M)."""
        level = dict(zip(self.labels("lever"), self.values("level").T, strict=True))
        free = np.zeros(len(self.day))
        return np.stack([level.get(f"permission:{mode}", free) > 0 for mode in MODES], axis=1)


def observe(run: Run, reference_days: float = 30.0, final_days: float = 30.0) -> Observed:
    """What the measures need of a run, with the windows that `sim.results.run_measures.measure` describes."""
    day, announced = run.data["day"].values, _first(run, "announced")
    before = outcomes.reference_window(day, announced, reference_days)
    after = outcomes.final_window(day, before, final_days)
    volume = outcomes.focal_volume(run.data["share"].values, _demand(run))
    return Observed(run, day, volume, announced, _effective(run), before, after)


def tallied(o: Observed) -> Tally:
    """The figures from which all summary measures follow."""
    kinds = list(o.exposed.values())
    masks = [*kinds, np.logical_or.reduce(kinds)]
    hosts, strategy = len(o.labels("jurisdiction")), o.values("strategy")[-1]
    return Tally(
        day=np.ascontiguousarray(o.day, dtype=float),
        path=np.ascontiguousarray(o.domestic),
        modes=outcomes.means(o.volume.sum(axis=1), o.before, o.after),
        hosts=outcomes.volume_by_host(o.volume, o.values("host"), hosts, o.before, o.after),
        sizes=o.volume[o.after].sum(axis=2).mean(axis=0),
        exposed=np.array([outcomes.volume_on(o.volume, mask, o.after) for mask in masks]),
        dates=np.array([o.announced, o.effective]),
        events=np.array([o.count(event) for event in EVENTS]),
        waits=_waits(o.run),
        strategies=np.bincount(strategy, minlength=len(STRATEGIES)).astype(float),
        effort=np.array([o.values("agency_days")[-1].sum()], dtype=float),
        sites=np.array([o.values("blocked_sites")[-1]], dtype=float),
    )


def _waits(run: Run) -> Floats:
    """Applications that came to an end, and how long they took in all, (2,)."""
    began = happened(run, "application")
    ended = happened(run, "licence-granted", "licence-refused", "application-withdrawn")
    rows = run.journal[began | ended]
    _, who = np.unique([f"{row.subject} {row.mode}" for row in rows.itertuples()], return_inverse=True)
    day, who = rows["day"].to_numpy(dtype=float), np.asarray(who, dtype=np.int64)
    first, last, waits = began[began | ended], ended[began | ended], np.zeros(2)
    queue_times(day[first], who[first], day[last], who[last], waits)
    return waits


def happened(run: Run, *events: str) -> Mask:
    """Which rows of the journal tell of one of some events."""
    event = run.journal["event"].to_numpy()
    return np.asarray(np.logical_or.reduce([event == name for name in events]))


def _effective(run: Run) -> float:
    """Day on which trading at home was first limited; if it never is, the first day on which anything took effect."""
    levels = run.data["level"]
    if "permission:domestic" in levels["lever"].values:
        limited = levels.sel(lever="permission:domestic").values > 0.0
        if limited.any():
            return float(run.data["day"].values[limited.argmax()])
    return _first(run, "effective")


def _first(run: Run, event: str) -> float:
    """Day on which something first happened, NaN if never."""
    days = run.journal["day"].to_numpy()[happened(run, event)]
    return float(days.min()) if days.size else float("nan")


def _demand(run: Run) -> Floats:
    """What each segment would trade at the start; 0 for those that are foreign or not real, (K,)."""
    focal = run.scenario.focal
    counted = {segment.id for segment in run.scenario.segments if segment.home == focal and segment.real_part > 0}
    chosen = [segment in counted for segment in run.data["segment"].values]
    return np.where(chosen, run.data["segment_volume"].values[0], 0.0)
