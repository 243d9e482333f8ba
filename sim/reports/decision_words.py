"""What the main exchanges decided, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from sim.plot.run_series import exchange_names, exchange_shares, host_names
from sim.plot.style import listed, percent, readable
from sim.plot.wording import intervention_labels
from sim.plurals import counted
from sim.reports.report_blocks import Block, Paragraphs, Table
from sim.results.run import Run
from sim.scenario.trade_labels import Labels
from sim.scenario.world.strategies import STRATEGY_VENUES
from sim.world.codes import STRATEGIES

MAIN = 5
"""Exchanges that are told of: those with the highest peaks of focal share."""
HOW_FAR = (
    "How far behind the next best option was is told in units of the exchange's decision scale; below 1 it was close."
)
_POSTURES = {
    "domestic": "an order book at home",
    "otc": "brokered (OTC) trade",
    "offshore": "an order book abroad",
    "disguised": "an order book abroad on paper that is run at home",
    "defy": "its order book at home in spite of the ban",
}
_CAUSES = {
    "review": "at a regular review",
    "enforcement": "after enforcement against it",
    "volume-loss": "after it had lost volume",
    "licence": "on its licence",
    "entry": "as it entered",
    "announced": "on the news of {}",
    "effective": "when {} took effect",
    "deadline": "at the deadline of {}",
    "lifted": "when {} was lifted",
    "host-closed": "when its host was closed by {}",
}


def decision_blocks(run: Run) -> tuple[Block, ...]:
    """What the main exchanges of a run decided, one row for each change of strategy; and what the words mean."""
    shares, names, text = exchange_shares(run).max(axis=1), exchange_names(run), run.scenario.labels.text
    main = [int(i) for i in np.argsort(-shares, kind="stable") if shares[i] > 0][:MAIN]
    rows = [row for i in main for row in _rows(run, i, names[i], float(shares[i]))]
    if not rows:
        return (Paragraphs((text("No exchange had a share of focal trade."),)),)
    heads = (text("exchange"), "date", "what it decided", "why", "next best, and how far behind")
    caption = text(f"Changes of strategy of the {len(main)} largest exchanges")
    return (Table(caption, heads, tuple(rows), dates=frozenset({1})),)


def _rows(run: Run, index: int, name: str, peak: float) -> Iterator[tuple[str, ...]]:
    id_ = str(run.data["exchange"].values[index])
    decisions = run.decisions[run.decisions["exchange"] == id_]
    moves = decisions[decisions["before"] != decisions["choice"]].to_dict("records")
    who, trade = f"{name} (peak {percent(peak)})", run.scenario.labels
    if not moves:
        end = STRATEGIES[int(run.data["strategy"].sel(exchange=id_).isel(time=-1))]
        stayed = f"decided {counted(len(decisions), 'time')} to stay" if len(decisions) else ""
        yield who, "", f"Kept {_venues(end, trade)} throughout", stayed, ""
    hosts = dict(zip((str(j) for j in run.data["jurisdiction"].values), host_names(run), strict=True))
    labels = intervention_labels(run.scenario, run.policy)
    for move in moves:
        yield who, f"{move['date']:%Y-%m-%d}", *_words(move, hosts, labels, trade)


def _words(
    move: Mapping[Any, Any], hosts: Mapping[str, str], labels: Mapping[str, str], trade: Labels
) -> tuple[str, str, str]:
    where = f" ({hosts[move['host']]})" if move["host"] in hosts else ""
    if move["choice"] == "exit":
        what = f"Gave up {_venues(move['before'], trade)} and left"
    elif move["before"] in ("exit", "latent"):
        what = f"Opened {_venues(move['choice'], trade)}{where}"
    else:
        what = f"Went from {_venues(move['before'], trade)} to {_venues(move['choice'], trade)}{where}"
    cause, _, id_ = str(move["cause"]).partition(":")
    why = _CAUSES.get(cause, cause).format(labels.get(id_, readable(id_)))
    next_best = f"{_venues(move['runner_up'], trade)}, {move['margin']:.2f}" if move["runner_up"] else ""
    return what, why, next_best


def _venues(strategy: str, trade: Labels) -> str:
    """What a strategy runs, in words; a mode that the scenario labels is called so."""
    venues = STRATEGY_VENUES.get(strategy, {})  # type: ignore[call-overload]
    return listed([_posture(posture, trade) for posture in venues.values()]) if venues else "to leave"


def _posture(posture: str, trade: Labels) -> str:
    """A venue by its posture, in words."""
    return str(trade.modes[posture]) if posture in trade.modes else trade.text(_POSTURES[posture])  # type: ignore[index]
