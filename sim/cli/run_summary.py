"""The summary of a run that the command `run` prints: selected from its data and journal, nothing estimated."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sim.clock import DAY

if TYPE_CHECKING:
    from pandas import DataFrame
    from xarray import DataArray

    from sim.results.run import Run

AFTER = timedelta(days=90)
"""Time from the turning point to the moment called "after": longer than the notice that closures gave."""
LARGEST = 6
"""How many of the largest exchanges are listed."""
EVENT_WORDS = {"entered": "entered", "launched": "opened", "closed": "closed", "exited": "left", "relocation": "moved"}
"""Journal events that are listed for large exchanges, and the word for each."""


@dataclass(frozen=True, slots=True)
class TurningPoint:
    """The intervention before and after which a run is summarised."""

    intervention: str
    announced: date
    effective: date


@dataclass(frozen=True, slots=True)
class Moment:
    """Focal trading on a day, as shares of what genuine home traders would trade if all of them traded."""

    label: str
    day: date
    domestic: float
    otc: float
    offshore: float
    outside: float
    volume: float


@dataclass(frozen=True, slots=True)
class ExchangeSummary:
    """What a large exchange did: its first and last strategy, and each opening and closing with its date."""

    exchange: str
    before: str
    after: str
    steps: tuple[str, ...]


def turning_point(run: Run) -> TurningPoint | None:
    """The intervention that first changed the permission to trade at home, else the first that took effect.

    None where none took effect.
    """
    effective = run.journal[run.journal["event"] == "effective"]
    moved = _permission_moved(run.data["level"])
    if moved is not None:
        since, day = moved
        effective = effective[(effective["day"] > since) & (effective["day"] <= day)]
    if effective.empty:
        return None
    first = effective.iloc[0]
    same = run.journal["subject"] == first["subject"]
    announced = run.journal[same & (run.journal["event"] == "announced")]["date"]
    start = announced.iloc[0] if len(announced) else first["date"]
    return TurningPoint(str(first["subject"]), start.date(), first["date"].date())


def moments(run: Run) -> list[Moment]:
    """The start, the day before the turning point was announced, 90 days after it took effect, and the end."""
    first, last = _date(run.data["time"][0]), _date(run.data["time"][-1])
    days = {"start": first}
    if point := turning_point(run):
        days["before"] = max(point.announced - DAY, first)
        days["after"] = min(point.effective + AFTER, last)
    return [_moment(run, label, day) for label, day in (days | {"end": last}).items()]


def largest_exchanges(run: Run) -> list[ExchangeSummary]:
    """The largest exchanges by focal volume over the whole run, largest first."""
    volume = run.data["focal_volume"].sum(["time", "mode"])
    largest = volume.argsort().values[::-1][:LARGEST]
    return [_exchange_summary(run, str(name)) for name in volume["exchange"].values[largest]]


def final_strategies(run: Run) -> dict[str, int]:
    """How many exchanges end with each strategy, the most common first."""
    return dict(Counter(_strategies(run)[-1]).most_common())


def _moment(run: Run, label: str, day: date) -> Moment:
    data = run.data.sel(time=str(day), method="pad")
    real = [one.id for one in run.scenario.segments if one.home == run.scenario.focal and one.real_part > 0]
    total = float(data["segment_volume"].sel(segment=real).sum())
    traded = {str(mode): float(data["focal_volume"].sel(mode=mode).sum()) for mode in data["mode"].values}
    share = {mode: volume / total if total else 0.0 for mode, volume in traded.items()}
    return Moment(label, day, **share, outside=1.0 - sum(share.values()), volume=sum(traded.values()))


def _exchange_summary(run: Run, exchange: str) -> ExchangeSummary:
    events = run.journal[(run.journal["subject"] == exchange) & run.journal["event"].isin(EVENT_WORDS)]
    column = list(run.data["exchange"].values).index(exchange)
    first, last = (row[column] for row in _strategies(run))
    names = {one.id: one.name for one in run.scenario.exchanges if one.name}
    return ExchangeSummary(names.get(exchange) or exchange, first, last, _steps(events))


def _steps(journal: DataFrame) -> tuple[str, ...]:
    """One short text per event, earliest first."""
    words = (
        (row["mode"], EVENT_WORDS[row["event"]], row["host"] and f"in {row['host']}", str(row["date"].date()))
        for _, row in journal.iterrows()
    )
    return tuple(" ".join(filter(None, step)) for step in words)


def _strategies(run: Run) -> tuple[list[str], list[str]]:
    """Names of the exchanges' strategies at the first and at the last record."""
    codes: Any = run.data["strategy"]
    names = dict(zip(codes.attrs["flag_values"], str(codes.attrs["flag_meanings"]).split(), strict=True))
    first, last = ([names[code] for code in codes.isel(time=at).values] for at in (0, -1))
    return first, last


def _permission_moved(levels: DataArray) -> tuple[float, float] | None:
    """Days of the records just before and just after the permission of domestic trading first changes."""
    if "permission:domestic" not in levels["lever"].values:
        return None
    level = levels.sel(lever="permission:domestic").values
    moved = (level != level[0]).nonzero()[0]
    return (float(levels["day"][moved[0] - 1]), float(levels["day"][moved[0]])) if moved.size else None


def _date(time: DataArray) -> date:
    return date.fromisoformat(str(time.values)[:10])
