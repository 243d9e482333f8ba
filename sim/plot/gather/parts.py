"""The parts of a policy's effect, stacked up to the total."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.plot.gather.quantity import Quantity, between, digits, finer, number, quantity
from sim.plot.style import capital

if TYPE_CHECKING:
    from sim.study.decomposition import Decomposition
    from sim.study.paired import Estimate

TOGETHER, ORDER, TOTAL = "what they do together", "their order", "total"


@dataclass(frozen=True)
class Bar:
    """One part in the unit of a difference: it begins where the parts before end; the total begins at zero.

    `share` is the intervention's Shapley value in words, "" if it has none beside its part; `digits` are decimals.
    """

    name: str
    kind: str
    start: float
    mean: float
    low: float
    high: float
    share: str
    digits: int


@dataclass(frozen=True)
class Parts:
    """Bars that add up to the last one, which is the total; `shared` if they are Shapley values."""

    quantity: Quantity
    bars: tuple[Bar, ...]
    shared: bool
    title: str
    notes: tuple[str, ...]


def gather_parts(found: Decomposition, measure: str) -> Parts:
    """What each intervention does by itself, all do together, and their order does; shares if only those are known."""
    what, shared = quantity(measure), not found.single
    estimates = [*(found.share if shared else found.single)]
    kinds = ["single"] * len(estimates)
    names = [*found.names]
    for estimate, name, kind in ((found.together, TOGETHER, "together"), (found.order, ORDER, "order")):
        if estimate is not None and not shared:
            estimates.append(estimate)
            names.append(name)
            kinds.append(kind)
    places = digits(what.factor * each.half_width for each in [*estimates, found.total])
    shares = ["" if shared else _words(each, what.factor, places) for each in found.share]
    shares += [""] * (len(names) - len(shares))
    starts = np.concatenate([[0.0], np.cumsum([what.factor * each.mean for each in estimates])])
    bars = [
        _bar(name, kind, float(start), each, what.factor, share, places)
        for name, kind, start, each, share in zip(names, kinds, starts, estimates, shares, strict=False)
    ]
    bars.append(_bar(TOTAL, "total", 0.0, found.total, what.factor, "", places))
    return Parts(what, tuple(bars), shared, finding(what, bars), _notes(found, shared))


def finding(what: Quantity, bars: list[Bar]) -> str:
    """The total, the largest single part, and what comes of doing all together."""
    total = bars[-1]
    if np.isnan(total.mean):
        return f"{capital(what.name)}: the effect is defined in no replication"
    single = max((bar for bar in bars if bar.kind == "single"), key=lambda bar: abs(bar.mean))
    words = f"Of {_amount(what, total)} in {what.name}, {_amount(what, single)} {_comes(single)}"
    joint = next((bar for bar in bars if bar.kind == "together"), None)
    if joint is None:
        return words
    if joint.low <= 0 <= joint.high:
        return f"{words}; what they do together cannot be told from none"
    return f"{words}; acting together they {_more(what, joint, total)}"


def _comes(single: Bar) -> str:
    return f"come from {single.name} by itself" if single.share else f"are the share of {single.name}"


def _more(what: Quantity, joint: Bar, total: Bar) -> str:
    """Whether interventions strengthen each other or get into each other's way."""
    same = joint.mean * total.mean > 0
    return f"{'add' if same else 'take off'} {what.moved(joint.mean, joint.digits)}"


def _amount(what: Quantity, bar: Bar) -> str:
    unit = f"\u00a0{what.change}" if what.change else ""
    return f"{number(bar.mean, bar.digits, sign=True)}{unit}"


def _words(each: Estimate, factor: float, places: int) -> str:
    low, high, places = factor * each.low, factor * each.high, finer(places, factor * each.half_width)
    return f"{number(factor * each.mean, places, sign=True)} ({between(low, high, places, sign=True)})"


def _bar(name: str, kind: str, start: float, each: Estimate, factor: float, share: str, places: int) -> Bar:
    own = finer(places, factor * each.half_width) if each.mean else 0
    return Bar(name, kind, start, factor * each.mean, factor * each.low, factor * each.high, share, own)


def _notes(found: Decomposition, shared: bool) -> tuple[str, ...]:
    level = f"{100 * found.total.confidence:g} %"
    notes = [
        f"Each bar begins where the one above ends; all add up to the total. Lines: {level} intervals of each part."
    ]
    if shared:
        notes.append("Shares are Shapley values: what an intervention adds, averaged over all orders of adding them.")
    else:
        notes.append("By itself: against none of them. Share: what an intervention adds, averaged over all orders of "
                     "adding them (Shapley); shares add up to the total too.")  # fmt: skip
    if found.total.undefined:
        notes.append(f"The measure is undefined in {found.total.undefined:,} replications, which are left out.")
    return tuple(notes)
