"""How the facts on mainland China are read off a run of `configs/china_2017.yaml`.

A fact gives the days; the volume of a day is the mean of the rates at its two midnights. What the record calls all
exchanges are order books in fiat money: trade in coin pairs was not counted. A fact reads NaN where a run ends too early.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.model.codes import MODES, STATUSES
from sim.record.facts import Fact, read_facts

if TYPE_CHECKING:
    from pandas import DataFrame, Series

    from sim.record.run import Run

THREE = ["okcoin", "huobi", "btcc"]
LARGE = [*THREE, "chbtc"]
ABROAD = ["bitfinex", "bitflyer", "coinbase", "bitstamp", "kraken", "bithumb", "other-fiat"]
"""Order books abroad in fiat money."""

_SERVING = [code for code, status in enumerate(STATUSES) if status not in ("closed", "building", "blocked")]
_DAY = timedelta(days=1)
_Window = tuple[date, date]
_ZERO_FEE: _Window = date(2017, 1, 12), date(2017, 1, 23)
_FEES: _Window = date(2017, 1, 25), date(2017, 2, 8)
_BEFORE_FREEZE: _Window = date(2017, 1, 1), date(2017, 2, 4)
_FREEZE: _Window = date(2017, 2, 18), date(2017, 5, 27)
_AFTER_RELIEF: _Window = date(2017, 6, 25), date(2017, 7, 1)
_JULY: _Window = date(2017, 7, 1), date(2017, 7, 31)
_SUMMER: _Window = date(2017, 7, 1), date(2017, 8, 26)
_AUGUST: _Window = date(2017, 8, 1), date(2017, 8, 31)
_EVE: _Window = date(2017, 8, 15), date(2017, 9, 3)


@dataclass(frozen=True)
class Evidence:
    """The record: facts by id, and the peer-to-peer volumes by week (columns as in p2p_weekly.csv)."""

    facts: Mapping[str, Fact]
    p2p: DataFrame

    def read(self, run: Run) -> dict[str, float]:
        """What a run says to each fact that can be read off it."""
        look = _look(run, self.p2p)
        return {name: float(reading(look, self.facts[name])) for name, reading in READINGS.items()}


def evidence(folder: str | PathLike[str]) -> Evidence:
    """Read the record from a folder such as configs/evidence."""
    from pandas import read_csv

    weeks = read_csv(Path(folder) / "p2p_weekly.csv", parse_dates=["week_start", "week_end"])
    return Evidence(read_facts(Path(folder) / "facts.csv"), weeks)


@dataclass(frozen=True)
class _Look:
    """A run as tables over time, one column per exchange: volume per day by mode, and abroad without coin pairs."""

    run: Run
    weeks: DataFrame
    domestic: DataFrame
    otc: DataFrame
    offshore: DataFrame
    abroad: DataFrame


_Reading = Callable[[_Look, Fact], float]


def _look(run: Run, weeks: DataFrame) -> _Look:
    domestic, otc, offshore = (run.data["volume"].sel(mode=mode).to_pandas() for mode in MODES)
    token = run.data[["share", "segment_volume"]].sel(segment="token", mode="offshore", exchange=ABROAD)
    coins = (token["segment_volume"] * token["share"]).to_pandas()
    return _Look(run, weeks, domestic, otc, offshore, offshore[ABROAD] - coins)


def mean(path: Series[float], window: _Window) -> float:
    """Mean of a path from the beginning of the first day to the end of the last; NaN if it is not all there."""
    first, last = window
    part = path.loc[str(first) : str(last + _DAY)]
    days = np.asarray((part.index - np.datetime64(first)) / np.timedelta64(1, "D"))
    length = (last - first).days + 1
    if not len(days) or days[0] > 0 or days[-1] < length:
        return float("nan")
    return float(np.trapezoid(part.to_numpy(), days) / length)


def _window(fact: Fact) -> _Window:
    return fact.first_day, fact.last_day


def _on(table: DataFrame, day: date) -> Series[float]:
    """The row at the midnight that ends a day, NaN if there is none."""
    return table.reindex([np.datetime64(day + _DAY)]).iloc[0]


def _three(look: _Look) -> Series[float]:
    return look.domestic[THREE].sum(axis=1)


def _p2p(look: _Look) -> Series[float]:
    """LocalBitcoins in CNY, which is what the weekly series counts."""
    return look.otc["localbitcoins"]


def _three_share(look: _Look, fact: Fact) -> float:
    everywhere = look.domestic.sum(axis=1) + look.abroad.sum(axis=1)
    return mean(_three(look), _window(fact)) / mean(everywhere, _window(fact))


def _leader_share(look: _Look, fact: Fact) -> float:
    return mean(look.domestic["okcoin"], _window(fact)) / mean(look.domestic.sum(axis=1), _window(fact))


def _against_august(exchange: str) -> _Reading:
    return lambda look, fact: mean(look.domestic[exchange], _window(fact)) / mean(look.domestic[exchange], _AUGUST)


def _half_life(exchange: str) -> _Reading:
    """From the straight line through the logarithms of the daily volumes, as for the record."""

    def reading(look: _Look, fact: Fact) -> float:
        days = [fact.first_day + n * _DAY for n in range((fact.last_day - fact.first_day).days + 1)]
        daily = np.array([mean(look.domestic[exchange], (day, day)) for day in days])
        return float(-np.log(2.0) / np.polyfit(np.arange(len(days)), np.log(daily), 1)[0])

    return reading


def _p2p_against(before: _Window) -> _Reading:
    return lambda look, fact: mean(_p2p(look), _window(fact)) / mean(_p2p(look), before)


def _p2p_share(look: _Look, fact: Fact) -> float:
    """Of trade in all currencies; the other currencies are taken from the record."""
    ends = look.weeks["week_end"].dt.date
    others = look.weeks["other_btc_per_day"][(ends >= fact.first_day) & (ends <= fact.last_day)].mean()
    own = mean(_p2p(look), _window(fact))
    return float(own / (own + others))


def _p2p_ramp(look: _Look, fact: Fact) -> float:
    reached = np.flatnonzero(_p2p(look).loc[str(fact.first_day) :] >= 0.9 * mean(_p2p(look), _FREEZE))
    return float(reached[0]) if len(reached) else float("nan")


def _sites_against_july(look: _Look, fact: Fact) -> float:
    sites = look.otc[["localbitcoins", "paxful", "coincola"]].sum(axis=1)
    return mean(sites, _window(fact)) / mean(look.domestic.sum(axis=1), _JULY)


def _serving(mode: str) -> _Reading:
    """Venues that serve customers when the days of the fact are over."""

    def reading(look: _Look, fact: Fact) -> float:
        status = _on(look.run.data["status"].sel(mode=mode).to_pandas(), fact.last_day)
        return float(status.isin(_SERVING).sum()) if status.notna().all() else float("nan")

    return reading


def _large_at_home(look: _Look, fact: Fact) -> float:
    """The most of the large exchanges that are open at home at any time from the first day on."""
    status = look.run.data["status"].sel(mode="domestic", exchange=LARGE).to_pandas().loc[str(fact.first_day) :]
    return float(status.isin(_SERVING).sum(axis=1).max())


def _weeks_to_desk(look: _Look, fact: Fact) -> float:
    """Median over the large exchanges that opened one."""
    journal = look.run.journal
    desks = journal[(journal["event"] == "launched") & (journal["mode"] == "otc") & journal["subject"].isin(LARGE)]
    first = desks.groupby("subject")["date"].min()
    return float((first - np.datetime64(fact.first_day)).median() / np.timedelta64(7, "D"))


def _gone(look: _Look, fact: Fact) -> float:
    """Domestic order books that closed."""
    journal = look.run.journal
    days = (journal["date"] >= str(fact.first_day)) & (journal["date"] <= str(fact.last_day + _DAY))
    closed = journal["event"].isin(["closed", "closure"]) & (journal["mode"] == "domestic")
    return float((days & closed).sum())


def _gain_of_largest(look: _Look, fact: Fact) -> float:
    """What Bitfinex gained, as a part of what the three lost."""
    gained = mean(look.abroad["bitfinex"], _window(fact)) - mean(look.abroad["bitfinex"], _EVE)
    return gained / mean(_three(look), _EVE)


def _abroad(*exchanges: str) -> _Reading:
    """Share in all offshore volume on the day; none named: all that were founded in China."""

    def reading(look: _Look, fact: Fact) -> float:
        volume = _on(look.offshore, fact.last_day)
        founded = [name for name in volume.index if name in (*LARGE, "binance") or str(name).startswith("small-")]
        return float(volume[list(exchanges) or founded].sum() / volume.sum(skipna=False))

    return reading


def _domestic_share(look: _Look, fact: Fact) -> float:
    at_home = _on(look.domestic, fact.last_day).sum(skipna=False)
    return float(at_home / (at_home + _on(look.offshore, fact.last_day).sum()))


def _sites(look: _Look, fact: Fact) -> float:
    return float(_on(look.run.data[["blocked_sites"]].to_pandas(), fact.last_day)["blocked_sites"])


_SHARES = (
    "fee-share-before",
    "fee-share-after",
    *(f"share-2017-{month}" for month in ("03", "06", "08", "09b", "10", "11")),
)
READINGS: Mapping[str, _Reading] = {
    **dict.fromkeys(_SHARES, _three_share),
    "fee-volume-drop": lambda look, _: mean(_three(look), _FEES) / mean(_three(look), _ZERO_FEE) - 1.0,
    "closing-btcc-1d": _against_august("btcc"),
    "closing-btcc-halflife": _half_life("btcc"),
    "closing-okcoin-halflife": _half_life("okcoin"),
    "closing-okcoin-oct": _against_august("okcoin"),
    "otc-freeze-multiple": _p2p_against(_BEFORE_FREEZE),
    "otc-freeze-share": _p2p_share,
    "otc-freeze-ramp": _p2p_ramp,
    "otc-relief-4w": lambda look, _: mean(_p2p(look), _AFTER_RELIEF) / mean(_p2p(look), _FREEZE) - 1.0,
    "otc-hysteresis": _p2p_against(_BEFORE_FREEZE),
    "otc-ban-multiple": _p2p_against(_SUMMER),
    "otc-2018-03": _p2p_share,
    "otc-2018-09": _p2p_share,
    "otc-share-6w": _sites_against_july,
    "otc-venues-before": _serving("otc"),
    "otc-venues-2m": _serving("otc"),
    "otc-venues-9m": _serving("otc"),
    "otc-launch": _weeks_to_desk,
    "closed-exchanges": _gone,
    "active-exchanges": _serving("domestic"),
    "share-leaders-2017-03": _leader_share,
    "deadline-large": _large_at_home,
    "destination-top": _gain_of_largest,
    "cn-founded-top30": _abroad(),
    "okex-share": _abroad("okcoin"),
    "huobi-share": _abroad("huobi"),
    "cny-share-2018": _domestic_share,
    "blocked-2018-05": _sites,
    "blocked-2018-08": _sites,
}
"""By id of the fact. Facts that set a parameter, or that come from other markets, are not among them."""
