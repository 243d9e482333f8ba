"""The results of a study: for each policy the measures of its replications, and how they differ from the baseline."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from pandas import DataFrame, RangeIndex

from sim.lazy_imports import CONVENIENCES, fetch
from sim.model.outcomes.measures import why_undefined
from sim.plurals import counted
from sim.results.measure_remarks import remark
from sim.results.own_measures import OWN, SERIES, paths_in, read_own, share_in
from sim.study.failed_runs import failure_table, repeat_command
from sim.study.pathways import QUANTILES, pathways
from sim.study.statistics.bands import Band, bands, level_bands
from sim.study.statistics.confidence_intervals import Difference, Estimate, difference, estimate
from sim.study.statistics.parameter_draws import Draws, interval_scope, means_by_draw, pairs_by_draw
from sim.study.statistics.plausible_worlds import plausible_difference
from sim.study.statistics.regret import LARGER_IS_BETTER, WEIGHTED, regret_table, weighted_sum
from sim.study.study_frame import study_frame
from sim.suggest import check_known

if TYPE_CHECKING:
    from sim.plot.figure_table import StudyPlots
    from sim.scenario.scenario import Scenario
    from sim.study.jobs.job import Failure, Float32s
    from sim.study.jobs.measure_table import MeasureTable
    from sim.study.precision import PrecisionReport
    from sim.study.statistics.posterior import Posterior
    from sim.study.store.open_study import StoredPaths
    from sim.world.arrays import Floats

BASELINE = "baseline"
"""Name of the policy with which the others are compared; every study has it."""


@dataclass(frozen=True)
class Results:
    """One policy: measures (n, M), focal volume by mode and outside (n, T, 4), days on which rules fired (n, A, rungs).

    Row r is replication r; a replication that failed is a row of NaN. `rules` names the adaptive rules (A). The paths
    of a study in a folder, and the measures of many replications, are read from files when they are used.
    """

    measures: Floats | MeasureTable
    paths: Float32s | StoredPaths
    fired: Floats
    rules: tuple[str, ...] = ()

    @property
    def replications(self) -> int:
        """Number of replications."""
        return len(self.measures)


@dataclass(frozen=True, eq=False, repr=False)
class Study:
    """Policies compared with common random numbers; `sim.compare` makes it.

    `scenario` holds all policies. `names` are the names of the measures, `day` (T,) the days of the paths. `results`
    are by policy, the baseline first. `reached` says whether the requested precisions were reached. `files` names for
    each policy the scenario file that describes it, None if it was made or changed in Python. If parameters were drawn,
    replication r has draw r modulo `draws`, from the ranges of the scenario or the `posterior`. Where draws are fewer
    than replications, estimates and bands are taken over the means of the draws, and their `n` counts draws.
    """

    scenario: Scenario
    seed: int
    engine: str
    names: tuple[str, ...]
    day: Floats
    results: Mapping[str, Results]
    reached: tuple[PrecisionReport, ...] = ()
    failed: tuple[Failure, ...] = ()
    files: Mapping[str, str | None] = field(default_factory=dict)
    draws: int | None = None
    posterior: Posterior | None = None

    @property
    def policies(self) -> tuple[str, ...]:
        """Names of the policies, the baseline first."""
        return tuple(self.results)

    @property
    def measures(self) -> tuple[str, ...]:
        """Names of all measures: `names`, and behind them those that users added, if there are paths to read."""
        kept = all(np.shape(results.paths)[1] for results in self.results.values())
        return tuple(dict.fromkeys([*self.names, *(OWN if kept else ())]))

    def values(self, measure: str, policy: str = BASELINE) -> Floats:
        """A measure in the replications of a policy, (n,); NaN where it is not defined.

        One that was added with `sim.extensions.measure` is computed from the paths. Raises KeyError, with a suggestion,
        for an unknown measure or policy, and ValueError where a study without paths is asked for an added one.
        """
        if measure in OWN and measure not in self.names:
            return read_own(measure, paths_in(self.day, self._paths(policy)))
        return self._of(policy).measures[:, _index(measure, self.names, "measure")]

    def path(self, mode: str, policy: str = BASELINE) -> Floats:
        """Share of the focal volume (at constant demand) in a mode, or `outside`, over the days, (n, T).

        Raises KeyError for an unknown mode or policy, ValueError if the study kept no paths.
        """
        _index(mode, SERIES, "mode")
        return share_in(self._paths(policy), mode)

    def level(self, measure: str, policy: str = BASELINE, confidence: float = 0.95) -> Estimate:
        """Mean of a measure under a policy, with its interval."""
        return estimate(means_by_draw(self.values(measure, policy), self.draws), confidence)

    def paired(self, measure: str, policy: str, against: str = BASELINE, confidence: float = 0.95) -> Difference:
        """The paired difference of a measure, policy minus `against`, over the replications that both have.

        Between policies that are the same, nothing can differ, also nothing rare.
        """
        found = difference(*self._pairs(measure, policy, against), confidence)
        policies = self.scenario.policies
        twins = found.constant and policies.get(policy, policy) == policies.get(against, against)
        return replace(found, low=found.mean, high=found.mean) if twins else found

    def draw_range(self, measure: str, policy: str, against: str = BASELINE) -> tuple[float, float]:
        """Between which values the middle 95 % of the draws have the paired difference of a measure.

        A draw counts with the mean over its replications. NaN without draws of parameters, and where no difference is
        defined.
        """
        d = np.subtract(*self._pairs(measure, policy, against))
        d = d[~np.isnan(d)]
        if self.draws is None or not len(d):
            return np.nan, np.nan
        low, high = np.quantile(d, [0.025, 0.975]).tolist()
        return low, high

    def plausible(self, measure: str, against: str = BASELINE) -> DataFrame:
        """In how many draws of the parameters each policy is higher or lower in a measure than `against`.

        One row per other policy; columns as `plausible_difference` has them. A draw counts with the mean over its
        replications. Raises ValueError for a study without draws.
        """
        if self.draws is None:
            raise ValueError("this study has no draws of parameters; compare(..., draws='posterior') has")
        differences = {policy: np.subtract(*self._pairs(measure, policy, against)) for policy in self.policies}
        rows = {policy: plausible_difference(each) for policy, each in differences.items()}
        return DataFrame.from_dict(rows, orient="index").drop(index=against).rename_axis("policy")

    def regret(self, measure: str, larger_is_better: bool | None = None, confidence: float = 0.95) -> DataFrame:
        """How much worse each policy is in a measure than the best of the study in the same draw of the parameters.

        One row per policy, the smallest mean first; columns as in `Regret`. A draw counts with the mean over its
        replications. `larger_is_better`: by default for suppression and licences, not for others. Raises ValueError for
        a study without draws.
        """
        larger = measure in LARGER_IS_BETTER if larger_is_better is None else larger_is_better
        table = regret_table({measure: self._by_draw(measure)}, {measure: larger}, self.policies, confidence)
        return table.droplevel("measure").sort_values("mean", kind="stable")

    def regrets(
        self,
        measures: Sequence[str],
        weights: Mapping[str, float] | None = None,
        larger_is_better: Mapping[str, bool] | None = None,
        confidence: float = 0.95,
    ) -> DataFrame:
        """The regret in several measures, and with `weights` in all together.

        One row per measure and policy, policies as in the study; columns as in `Regret`. `weights` say by measure how
        much a unit of it counts: rows `weighted` are the regret of the weighted sum, whose best policy in a draw may be
        the best in none of them. `larger_is_better` by measure, otherwise as in `regret`. Raises ValueError for a study
        without draws, and for weights that are not above zero.
        """
        asked = dict.fromkeys([*measures, *(weights or ())])
        larger = {name: name in LARGER_IS_BETTER for name in asked} | dict(larger_is_better or {})
        values = {name: self._by_draw(name) for name in asked}
        signs = {name: larger[name] for name in measures}
        if weights:
            values[WEIGHTED], signs[WEIGHTED] = weighted_sum(values, weights, larger), True
        return regret_table(values, signs, self.policies, confidence)

    def _pairs(self, measure: str, policy: str, against: str) -> tuple[Floats, Floats]:
        """A measure under two policies, in the replications or draws that both have."""
        a, b = self.values(measure, policy), self.values(measure, against)
        n = min(len(a), len(b))
        return pairs_by_draw(a[:n], b[:n], self.draws)

    def _by_draw(self, measure: str) -> Floats:
        """Means of a measure by policy and draw, (policies, draws). Raises ValueError for a study without draws."""
        if self.draws is None:
            raise ValueError("this study has no draws of parameters; compare(..., draws=...) has")
        n = min(self.replications.values())
        return np.stack([means_by_draw(self.values(measure, policy)[:n], self.draws) for policy in self.policies])

    @property
    def interval_scope(self) -> str:
        """What the intervals of this study cover, and how to see the rest, in words for a table or a figure."""
        used = None if self.draws is None else min(self.draws, max(self.replications.values()))
        return interval_scope(len(self.scenario.uncertainties), used, self.posterior is not None)

    def undefined(self, measure: str) -> Mapping[str, str]:
        """By policy under which a measure is defined in no replication, what that may come from."""
        never = [policy for policy in self.policies if np.isnan(self.values(measure, policy)).all()]
        return dict.fromkeys(never, why_undefined(measure))

    def remarks(self, measure: str) -> Mapping[str, str]:
        """By policy, what a mean outside of the usual bounds of a measure means, such as a leakage above 1."""
        found = {policy: remark(measure, self.level(measure, policy).mean) for policy in self.policies}
        return {policy: words for policy, words in found.items() if words}

    def difference(self, measure: str, against: str = BASELINE, confidence: float = 0.95) -> DataFrame:
        """Paired differences of a measure, every policy minus `against`: one row per policy, `against` first.

        Columns: level (mean of the measure under the policy), mean, low and high (of the difference, with its
        interval), n (replications in which it is defined under both), undefined, sign (share of replications in which
        the difference has the sign of the mean), variance_ratio (replications that independent runs would need, divided
        by those that pairs need). If parameters were drawn, also draws_low and draws_high: see `draw_range`. Warns of
        policies under which the measure is never defined.
        """
        for policy, reason in self.undefined(measure).items():
            warnings.warn(f"{measure} is not defined in any replication of {policy}: {reason}", stacklevel=2)
        rows = [
            {"policy": policy, "level": self.level(measure, policy, confidence).mean}
            | _row(self.paired(measure, policy, against, confidence))
            for policy in dict.fromkeys([against, *self.policies])
        ]
        table = DataFrame(rows).set_index("policy")
        if self.draws is not None:
            ranges = [self.draw_range(measure, policy, against) for policy in table.index]
            table[["draws_low", "draws_high"]] = ranges
        return table

    def levels(self, measure: str, confidence: float = 0.95) -> DataFrame:
        """Means of a measure with their intervals, one row per policy: mean, low, high, n, undefined."""
        rows = [{"policy": policy} | _row(self.level(measure, policy, confidence)) for policy in self.policies]
        return DataFrame(rows).set_index("policy")

    def level_band(self, mode: str, policy: str = BASELINE, confidence: float = 0.95) -> Band:
        """Mean share of a mode over the days under a policy, with its interval on each."""
        return level_bands(means_by_draw(self.path(mode, policy), self.draws), confidence)

    def band(
        self, mode: str, policy: str, against: str = BASELINE, confidence: float = 0.95, simultaneous: bool = False
    ) -> Band:
        """The paired difference of the share of a mode over the days, policy minus `against`.

        The band covers the true curve on each day by itself or, if `simultaneous`, on all days at once.
        """
        a, b = self.path(mode, policy), self.path(mode, against)
        n = min(len(a), len(b))
        return bands(*pairs_by_draw(a[:n], b[:n], self.draws), confidence, simultaneous)

    def failures(self) -> DataFrame:
        """Replications that failed: policy, replication, seed, stage, error, and the command that repeats each.

        Stage `simulate` is an error of the model; `worker` means that the process of the replication died, twice.
        """
        return failure_table(self)

    def command(self, policy: str, replication: int) -> str:
        """The command that repeats one replication by itself, or the Python call if no file describes the policy."""
        drawn = {} if self.draws is None else self._drawn.values(replication % self.draws)
        return repeat_command(self.files.get(policy), policy, self.seed, replication, drawn)

    def parameters(self) -> DataFrame:
        """The drawn values of the parameters: one row per draw, one column per path; empty if none were drawn."""
        count = min(self.draws or 0, max(self.replications.values()))
        rows = [self._drawn.values(draw) for draw in range(count)]
        return DataFrame(rows, index=RangeIndex(count, name="draw"))

    def to_frame(self, rows: Literal["replication", "date"] = "replication") -> DataFrame:
        """The results as one table, for a spreadsheet or another program; `.to_csv(path)` writes it.

        One row per policy and replication: policy, replication, all `measures` (NaN where one is not defined) and, if
        parameters were drawn, draw and the drawn values by path. With rows "date" one row per policy, date and mode
        (`outside`: not trading): mean and quantiles over the replications of the share of focal demand; ValueError if
        the study kept no paths.
        """
        return study_frame(self, rows)

    @property
    def plot(self) -> StudyPlots:
        """Figures of this study: `study.plot.difference("leakage")` and others."""
        plots: StudyPlots = fetch(CONVENIENCES["Study.plot"])(self)
        return plots

    @cached_property
    def replications(self) -> Mapping[str, int]:
        """Replications by policy."""
        return {policy: results.replications for policy, results in self.results.items()}

    def pathways(self, quantiles: Sequence[float] = QUANTILES) -> DataFrame:
        """How far adaptive policies went: one row per policy, rule and rung of its ladder (from 1), in that order.

        Columns: interventions on the rung, replications, fired (replications in which the rung was reached), share
        (fired divided by replications), and quantiles of the date on which it was reached, such as `50 %`; NaT if it
        never was. No rows without rules. Raises ValueError for a quantile outside 0 to 1.
        """
        return pathways(self, quantiles)

    def __repr__(self) -> str:
        counts = sorted(set(self.replications.values()))
        least = f"{counts[0]:,} to " if len(counts) > 1 else ""
        runs = f"{least}{counted(counts[-1], 'replication')}"
        failed = f", {len(self.failed)} failed" if self.failed else ""
        return (
            f"Study of {self.scenario.name}: {counted(len(self.results), 'policy', 'policies')}, {runs} each, "
            f"seed {self.seed}{failed}\n{', '.join(self.policies)}"
        )

    @property
    def _drawn(self) -> Draws:
        return Draws(self.scenario, self.seed, self.draws or 0, self.posterior)

    def _paths(self, policy: str) -> Float32s:
        paths = np.asarray(self._of(policy).paths)
        if paths.shape[1] == 0:
            raise ValueError("this study kept no paths; compare(..., paths=True) does")
        return paths

    def _of(self, policy: str) -> Results:
        _index(policy, self.results, "policy")
        return self.results[policy]


def _row(estimate: Estimate) -> dict[str, Any]:
    return {name: value for name, value in asdict(estimate).items() if name not in ("confidence", "constant")}


def _index(name: str, known: Iterable[str], what: str) -> int:
    names = list(known)
    check_known(name, names, what, error=KeyError)
    return names.index(name)
