"""Where the volume went: from modes and hosts at one date to those at another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from sim.plot.gather.reading import days, focal_total, host_names, mode_shares
from sim.plot.style import NAMES, Floats, date_words, day_numbers, listed, percent

if TYPE_CHECKING:
    from sim.record import Run

SMALLEST = 0.01
"""Hosts that have less than this on both dates are drawn together."""


@dataclass(frozen=True)
class Place:
    """A mode, or offshore at one host."""

    mode: str
    host: str = ""

    @property
    def name(self) -> str:
        """What it is called beside its share."""
        return f"{NAMES[self.mode]}, {self.host}" if self.host else NAMES[self.mode]


@dataclass(frozen=True)
class Flows:
    """Shares of focal volume: `before` (P,), `after` (P,), and `moved` (P, P) from row to column."""

    places: tuple[Place, ...]
    before: Floats
    after: Floats
    moved: Floats
    start: float
    end: float
    title: str


def gather_flows(run: Run, start: str | date | None = None, end: str | date | None = None) -> Flows:
    """Flows between two dates (default: first and last of the record), read at the record before or on each.

    Raises ValueError if a date lies outside the run or the dates are not in order.
    """
    time = days(run)
    first, last = _index(time, start, 0), _index(time, end, len(time) - 1)
    if first >= last:
        ends = f"end on {date_words(time[last])}, not after they start on {date_words(time[first])}"
        raise ValueError(f"the flows {ends}")
    places, share = _places(run, [first, last])
    before, after = share[:, 0], share[:, 1]
    moved = reallocate(before, after)
    return Flows(places, before, after, moved, time[first], time[last], finding(places, before, after, moved))


def _index(time: Floats, when: str | date | None, default: int) -> int:
    if when is None:
        return default
    day = float(day_numbers(np.array([when], dtype="datetime64[s]"))[0])
    if not time[0] <= day <= time[-1]:
        raise ValueError(f"{when} is not in the run, {date_words(time[0])} to {date_words(time[-1])}")
    return int(np.searchsorted(time, day, side="right")) - 1


def _places(run: Run, at: list[int]) -> tuple[tuple[Place, ...], Floats]:
    """Places and their shares (P, 2): domestic, otc, offshore by host in order of size, outside."""
    domestic, otc, _, outside = mode_shares(run)[:, at]
    volume = run.data["focal_volume"].sel(mode="offshore").transpose("time", "exchange").values[at]
    host = run.data["host"].transpose("time", "exchange").values[at]
    names = [*host_names(run), "host unknown"]
    by_host = np.zeros((len(names), len(at)))
    for t in range(len(at)):
        np.add.at(by_host[:, t], host[t], volume[t])
    by_host /= focal_total(run)[at]
    large = [int(h) for h in np.argsort(-by_host.max(axis=1), kind="stable") if by_host[h].max() >= SMALLEST]
    rest = np.delete(by_host, large, axis=0).sum(axis=0)
    rows = [(Place("domestic"), domestic), (Place("otc"), otc)]
    rows += [(Place("offshore", names[h]), by_host[h]) for h in large]
    if rest.max() > 0:
        rows.append((Place("offshore", "other hosts" if large else ""), rest))
    rows.append((Place("outside"), outside))
    return tuple(place for place, _ in rows), np.array([share for _, share in rows])


def reallocate(before: Floats, after: Floats) -> Floats:
    """The least reallocation that leads from one split to another, shape (P, P), by proportional attribution.

    What a place has on both dates stays: min(before, after). Each net loss is spread over the net gains in
    proportion to them. Rows sum to `before` and columns to `after` if both have the same sum.
    """
    kept = np.minimum(before, after)
    lost, gained = before - kept, after - kept
    total = float(gained.sum())
    return np.diag(kept) + (np.outer(lost, gained) / total if total > 0 else 0.0)


def finding(places: tuple[Place, ...], before: Floats, after: Floats, moved: Floats) -> str:
    """Which place lost most and where that went, in a sentence."""
    loser = int(np.argmax(before - after))
    lost = float(before[loser] - after[loser])
    if lost < 0.005:
        return "Hardly any volume moved between modes and hosts"
    parts = moved[loser] / lost
    gains = [int(p) for p in np.argsort(-parts, kind="stable") if p != loser and parts[p] >= 0.01][:3]
    words = listed([f"{percent(parts[p])} {_went(places[p])}" for p in gains])
    return f"Of the {percent(lost)} of focal volume that {_left(places[loser])}, {words}"


def _left(place: Place) -> str:
    if place.mode == "outside":
        return "began to trade"
    return f"left {_market(place)}"


def _went(place: Place) -> str:
    if place.mode == "outside":
        return "stopped trading"
    return f"went {'' if place.mode == 'offshore' else 'to '}{_market(place)}"


def _market(place: Place) -> str:
    if place.host:
        return f"{NAMES[place.mode]} ({place.host})"
    return "the domestic market" if place.mode == "domestic" else NAMES[place.mode]
