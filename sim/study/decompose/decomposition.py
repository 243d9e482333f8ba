"""The decomposition of an effect: each intervention by itself, their joint effect, and the effect of their sequence.

In every replication, and so in the means,

    total = v(all) - v(none) = Σ_i share_i,          share_i = single_i + interaction_i      (Shapley values)
    total = Σ_i single_i + together + order,         order = v(all) - mean over orders of v(all)

where `single_i` = v({i}) - v(none), `last_i` = v(all) - v(all but i), and `together` is the joint effect of the
interventions, averaged over orders. Without other orders to compare with, `order` is absent and
together = Σ_i interaction_i. All are paired differences within replications, with common random numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from sim.study.decompose import shapley as game
from sim.study.statistics.confidence_intervals import Array, Estimate, estimate
from sim.study.statistics.parameter_draws import interval_scope, means_by_draw

PER_INTERVENTION = ("share", "single", "interaction", "last")
"""The components of a `Decomposition` that each intervention has."""


@dataclass(frozen=True)
class DrawnEstimate(Estimate):
    """The mean of a component over draws of the parameters, and where the middle 95 % of the draws have it."""

    draws_low: float
    draws_high: float


@dataclass(frozen=True)
class Decomposition:
    """The components of a total effect, each a mean with its interval; per intervention in the order of `names`.

    `interactions` holds the Shapley interaction index of each pair of names. `single`, `interaction`, `last` and
    `interactions` are empty, and `together` and `order` None, if the runs for them were not made. `residual` is the
    largest distance between the total and the sum of shares in any replication: rounding. If parameters were drawn,
    estimates are `DrawnEstimate`, over so many `draws`, `from_record` if they are those of a posterior. `uncertain`:
    how many ranges the file has.
    """

    names: tuple[str, ...]
    total: Estimate
    share: tuple[Estimate, ...]
    single: tuple[Estimate, ...]
    interaction: tuple[Estimate, ...]
    last: tuple[Estimate, ...]
    interactions: tuple[tuple[str, str, Estimate], ...]
    together: Estimate | None
    order: Estimate | None
    residual: float
    draws: int | None = None
    from_record: bool = False
    uncertain: int = 0

    @property
    def interval_scope(self) -> str:
        """What the intervals cover, and how to see the rest."""
        return interval_scope(self.uncertain, self.draws and self.total.n, self.from_record, ranges=False)

    def table(self) -> pd.DataFrame:
        """One row per component and what it belongs to, with mean, low, high and n.

        If parameters were drawn, n counts draws, and the middle 95 % of them lie between draws_low and draws_high.
        """
        rows: list[tuple[str, str, Estimate]] = [("total", "all", self.total)]
        for component in PER_INTERVENTION:
            rows += [(component, name, e) for name, e in zip(self.names, getattr(self, component), strict=False)]
        rows += [("pair", f"{a} and {b}", e) for a, b, e in self.interactions]
        rows += [(name, "all", e) for name, e in (("together", self.together), ("order", self.order)) if e is not None]
        index = pd.MultiIndex.from_tuples([(component, of) for component, of, _ in rows], names=["part", "of"])
        columns = ["mean", "low", "high", "n", *(() if self.draws is None else ("draws_low", "draws_high"))]
        return pd.DataFrame([[getattr(e, column) for column in columns] for _, _, e in rows], index, columns)


def decompose_sets(
    values: ArrayLike,
    names: Sequence[str],
    orders: ArrayLike | None = None,
    confidence: float = 0.95,
    draws: int | None = None,
) -> Decomposition:
    """The effect of m interventions from runs of all their sets.

    values (n, 2**m): the measure, where bit i of the column says whether intervention i is in force. orders (n, k):
    the measure with all in force, in every order, or in k random orders drawn anew in every replication. A
    replication with NaN anywhere is left out. `draws`: replication r has draw r modulo so many of the parameters.
    Raises ValueError for shapes that do not fit.
    """
    v = np.asarray(values, dtype=np.float64)
    _check_names(names, game.players(v))
    o = v[:, -1:] if orders is None else np.asarray(orders, dtype=np.float64)
    if o.ndim != 2 or len(o) != len(v) or o.shape[1] == 0:
        raise ValueError(f"orders (n, k) need the n = {len(v)} replications of the values, got shape {o.shape}")
    defined = np.asarray(~(np.isnan(v).any(axis=1) | np.isnan(o).any(axis=1)))
    v, o = v[defined], o[defined]
    share, single = game.shapley(v), game.alone(v)
    total = v[:, -1] - v[:, 0]
    order = v[:, -1] - o.mean(axis=1)
    estimates, pair_index = _Estimates(confidence, defined, draws), game.interactions(v)
    return Decomposition(
        tuple(names),
        estimates.of(total),
        estimates.each(share),
        estimates.each(single),
        estimates.each(share - single),
        estimates.each(game.last(v)),
        tuple((names[j], names[i], estimates.of(pair_index[:, i, j])) for i in range(len(names)) for j in range(i)),
        estimates.of(total - single.sum(axis=1) - order),
        None if orders is None else estimates.of(order),
        _residual(total, share),
        draws,
    )


def decompose_sampled(
    orders: NDArray[np.int64],
    values: ArrayLike,
    names: Sequence[str],
    confidence: float = 0.95,
    draws: int | None = None,
) -> Decomposition:
    """The shares of many interventions from random orders of adding them, as of `shapley.walks`.

    orders (n, p, m); values (n, p, m + 1): the measure along each order, from none to all (`shapley.steps`). Shares
    still sum to the total in each replication. A replication with NaN anywhere is left out. `draws` as in
    `decompose_sets`.
    """
    v = np.asarray(values, dtype=np.float64)
    share = game.sampled(orders, v)
    _check_names(names, share.shape[1])
    defined = np.asarray(~np.isnan(v).any(axis=(1, 2)))
    v, share = v[defined], share[defined]
    total = v[:, 0, -1] - v[:, 0, 0]
    estimates = _Estimates(confidence, defined, draws)
    return Decomposition(
        tuple(names), estimates.of(total), estimates.each(share), (), (), (), (), None, None, _residual(total, share),
        draws,
    )  # fmt: skip


@dataclass(frozen=True)
class _Estimates:
    """Makes the estimates of one decomposition, of which the same replications are `defined`.

    If parameters were drawn, replications of one draw count as one.
    """

    confidence: float
    defined: NDArray[np.bool_]
    draws: int | None

    def of(self, x: Array) -> Estimate:
        """The mean of a component over the replications that are defined, `x` (n,)."""
        undefined = int((~self.defined).sum())
        if self.draws is None:
            return replace(estimate(x, self.confidence), undefined=undefined)
        whole = np.full(len(self.defined), np.nan)
        whole[self.defined] = x
        by_draw = means_by_draw(whole, self.draws)
        low, high = np.nanquantile(by_draw, [0.025, 0.975]).tolist() if len(x) else (np.nan, np.nan)
        found = replace(estimate(by_draw, self.confidence), undefined=undefined)
        return DrawnEstimate(**vars(found), draws_low=low, draws_high=high)

    def each(self, x: Array) -> tuple[Estimate, ...]:
        """The mean of a component of each intervention, `x` (n, m)."""
        return tuple(self.of(column) for column in x.T)


def _residual(total: Array, share: Array) -> float:
    return float(np.abs(total - share.sum(axis=1)).max(initial=0.0))


def _check_names(names: Sequence[str], m: int) -> None:
    if len(names) != m or len(set(names)) != m:
        raise ValueError(f"{m} different names of interventions are needed, got {list(names)}")
