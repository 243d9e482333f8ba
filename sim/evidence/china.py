"""How the facts on mainland China are read off a run of `configs/china_2017.yaml`.

What the record calls all exchanges are order books in fiat money: trade in coin pairs was not counted. A fact reads NaN
where a run ends before its days are over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.clock import DAY
from sim.evidence.facts import Fact, read_facts
from sim.evidence.series import EpisodeSeries, FactReader, Window, at_end_of_day, daily, mean, window
from sim.scenario.shipped import FOLDER

if TYPE_CHECKING:
    from pandas import DataFrame, Series

    from sim.results.run import Run

THREE = ["okcoin", "huobi", "btcc"]
LARGE = [*THREE, "chbtc"]
ABROAD = ["bitfinex", "bitflyer", "coinbase", "bitstamp", "kraken", "bithumb", "other-fiat"]
"""Order books abroad in fiat money."""
PRICE_RISE = 2.08
"""Price of a coin in CNY, late October over July 2017: 5 % in CNY were 2.4 % in coins (configs/evidence/README.md)."""

_ZERO_FEE: Window = date(2017, 1, 12), date(2017, 1, 23)
_FEES: Window = date(2017, 1, 25), date(2017, 2, 8)
_BEFORE_FREEZE: Window = date(2017, 1, 1), date(2017, 2, 4)
_FREEZE: Window = date(2017, 2, 18), date(2017, 5, 27)
_AFTER_RELIEF: Window = date(2017, 6, 25), date(2017, 7, 1)
_JULY: Window = date(2017, 7, 1), date(2017, 7, 31)
_SUMMER: Window = date(2017, 7, 1), date(2017, 8, 26)
_AUGUST: Window = date(2017, 8, 1), date(2017, 8, 31)
_EVE: Window = date(2017, 8, 15), date(2017, 9, 3)


@dataclass(frozen=True)
class Evidence:
    """The record: facts by id, and the peer-to-peer volumes by week (columns as in p2p_weekly.csv)."""

    facts: Mapping[str, Fact]
    p2p: DataFrame

    def read(self, run: Run) -> dict[str, float]:
        """What a run says to each fact that can be read off it."""
        episode, nothing = EpisodeSeries(run, self.p2p), float("nan")
        asked = {name: self.facts[name] for name in FACT_READERS}
        return {
            name: float(FACT_READERS[name](episode, fact)) if episode.covers(fact.last_day) else nothing
            for name, fact in asked.items()
        }


def evidence(folder: str | PathLike[str] = FOLDER / "evidence") -> Evidence:
    """Read the record from a folder, by default from configs/evidence, which comes with the package."""
    from pandas import read_csv

    weeks = read_csv(Path(folder) / "p2p_weekly.csv", parse_dates=["week_start", "week_end"])
    return Evidence(read_facts(Path(folder) / "facts.csv"), weeks)


def _three(episode: EpisodeSeries) -> Series[float]:
    return episode.volume("domestic")[THREE].sum(axis=1)


def _at_home(episode: EpisodeSeries) -> Series[float]:
    return episode.volume("domestic").sum(axis=1)


def _abroad(episode: EpisodeSeries) -> DataFrame:
    """Foreign order books without their trade in coin pairs."""
    return (episode.volume("offshore") - episode.volume_of("token", "offshore"))[ABROAD]


def _p2p(episode: EpisodeSeries) -> Series[float]:
    """LocalBitcoins in CNY, which is what the weekly series counts."""
    return episode.volume("otc")["localbitcoins"]


def _three_share(episode: EpisodeSeries, fact: Fact) -> float:
    everywhere = _at_home(episode) + _abroad(episode).sum(axis=1)
    return mean(_three(episode), window(fact)) / mean(everywhere, window(fact))


def _three_drop(episode: EpisodeSeries, _: Fact) -> float:
    return mean(_three(episode), _FEES) / mean(_three(episode), _ZERO_FEE) - 1.0


def _leader_share(episode: EpisodeSeries, fact: Fact) -> float:
    return mean(episode.volume("domestic")["okcoin"], window(fact)) / mean(_at_home(episode), window(fact))


def _against_august(exchange: str) -> FactReader:
    def read(episode: EpisodeSeries, fact: Fact) -> float:
        own = episode.volume("domestic")[exchange]
        return mean(own, window(fact)) / mean(own, _AUGUST)

    return read


def _half_life(exchange: str) -> FactReader:
    """From the straight line through the logarithms of the daily volumes, as for the record."""

    def read(episode: EpisodeSeries, fact: Fact) -> float:
        logs = np.log(daily(episode.volume("domestic")[exchange], window(fact)))
        return float(-np.log(2.0) / np.polyfit(np.arange(len(logs)), logs, 1)[0])

    return read


def _p2p_against(before: Window) -> FactReader:
    return lambda episode, fact: mean(_p2p(episode), window(fact)) / mean(_p2p(episode), before)


def _p2p_share(episode: EpisodeSeries, fact: Fact) -> float:
    """Of trade in all currencies; the other currencies are taken from the record."""
    ends = episode.others["week_end"].dt.date
    others = episode.others["other_btc_per_day"][(ends >= fact.first_day) & (ends <= fact.last_day)].mean()
    own = mean(_p2p(episode), window(fact))
    return float(own / (own + others))


def _p2p_ramp(episode: EpisodeSeries, fact: Fact) -> float:
    path = _p2p(episode).loc[str(fact.first_day) :]
    reached = path.index[path >= 0.9 * mean(_p2p(episode), _FREEZE)]
    return float((reached[0] - np.datetime64(fact.first_day)) // DAY) if len(reached) else float("nan")


def _p2p_relief(episode: EpisodeSeries, _: Fact) -> float:
    return mean(_p2p(episode), _AFTER_RELIEF) / mean(_p2p(episode), _FREEZE) - 1.0


def _sites_against_july(episode: EpisodeSeries, fact: Fact) -> float:
    """In CNY, as the record has it."""
    sites = episode.volume("otc")[["localbitcoins", "paxful", "coincola"]].sum(axis=1)
    return PRICE_RISE * mean(sites, window(fact)) / mean(_at_home(episode), _JULY)


def _serving(mode: str) -> FactReader:
    """Venues that serve customers when the days of the fact are over."""
    return lambda episode, fact: float(at_end_of_day(episode.serving(mode), fact.last_day).sum(skipna=False))


def _large_at_home(episode: EpisodeSeries, fact: Fact) -> float:
    """The most of the large exchanges that are open at home at any time from the first day on."""
    return float(episode.serving("domestic")[LARGE].loc[str(fact.first_day) :].sum(axis=1).max())


def _weeks_to_desk(episode: EpisodeSeries, fact: Fact) -> float:
    """Median over the large exchanges that opened one."""
    journal = episode.run.journal
    desks = journal[(journal["event"] == "launched") & (journal["mode"] == "otc") & journal["subject"].isin(LARGE)]
    first = desks.groupby("subject")["date"].min()
    return float((first - np.datetime64(fact.first_day)).median() / np.timedelta64(7, "D"))


def _closed_at_home(episode: EpisodeSeries, fact: Fact) -> float:
    """Domestic order books that closed."""
    journal = episode.run.journal
    days = (journal["date"] >= str(fact.first_day)) & (journal["date"] <= str(fact.last_day + DAY))
    closed = journal["event"].isin(["closed", "closure"]) & (journal["mode"] == "domestic")
    return float((days & closed).sum())


def _gain_of_largest(episode: EpisodeSeries, fact: Fact) -> float:
    """What Bitfinex gained, as a part of what the three lost."""
    own = _abroad(episode)["bitfinex"]
    return (mean(own, window(fact)) - mean(own, _EVE)) / mean(_three(episode), _EVE)


def _share_abroad(*exchanges: str) -> FactReader:
    """Share in all offshore volume on the day; none named: all that were founded in China."""

    def read(episode: EpisodeSeries, fact: Fact) -> float:
        volume = at_end_of_day(episode.volume("offshore"), fact.last_day)
        founded = [name for name in volume.index if name in (*LARGE, "binance") or name.startswith("small-")]
        return float(volume[list(exchanges) or founded].sum() / volume.sum(skipna=False))

    return read


def _home_share(episode: EpisodeSeries, fact: Fact) -> float:
    home, abroad = (
        at_end_of_day(episode.volume(mode), fact.last_day).sum(skipna=False) for mode in ("domestic", "offshore")
    )
    return float(home / (home + abroad))


def _sites(episode: EpisodeSeries, fact: Fact) -> float:
    return float(at_end_of_day(episode.series("blocked_sites"), fact.last_day))


FACT_READERS: Mapping[str, FactReader] = {
    "fee-share-before": _three_share,
    "fee-share-after": _three_share,
    "fee-volume-drop": _three_drop,
    "share-2017-03": _three_share,
    "share-2017-06": _three_share,
    "share-2017-08": _three_share,
    "share-2017-09b": _three_share,
    "share-2017-10": _three_share,
    "share-2017-11": _three_share,
    "closing-btcc-1d": _against_august("btcc"),
    "closing-btcc-halflife": _half_life("btcc"),
    "closing-okcoin-halflife": _half_life("okcoin"),
    "closing-okcoin-oct": _against_august("okcoin"),
    "otc-freeze-multiple": _p2p_against(_BEFORE_FREEZE),
    "otc-freeze-share": _p2p_share,
    "otc-freeze-ramp": _p2p_ramp,
    "otc-relief-4w": _p2p_relief,
    "otc-hysteresis": _p2p_against(_BEFORE_FREEZE),
    "otc-ban-multiple": _p2p_against(_SUMMER),
    "otc-2018-03": _p2p_share,
    "otc-2018-09": _p2p_share,
    "otc-share-6w": _sites_against_july,
    "otc-venues-before": _serving("otc"),
    "otc-venues-2m": _serving("otc"),
    "otc-venues-9m": _serving("otc"),
    "otc-launch": _weeks_to_desk,
    "closed-exchanges": _closed_at_home,
    "active-exchanges": _serving("domestic"),
    "share-leaders-2017-03": _leader_share,
    "deadline-large": _large_at_home,
    "destination-top": _gain_of_largest,
    "cn-founded-top30": _share_abroad(),
    "okex-share": _share_abroad("okcoin"),
    "huobi-share": _share_abroad("huobi"),
    "cny-share-2018": _home_share,
    "blocked-2018-05": _sites,
    "blocked-2018-08": _sites,
}
"""By id of the fact. Facts that set a parameter, or that come from other markets, are not among them."""
