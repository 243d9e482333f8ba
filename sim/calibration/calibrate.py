"""Calibrate one scenario, or several jointly, on the facts of their records."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from importlib.util import find_spec
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from pandas import DataFrame

from sim.arguments import whole
from sim.atomic_write import atomic_file
from sim.calibration.held_out import leave_one_out, predictions
from sim.calibration.history_matching import Matching, MatchingPlan, WaveReport, match
from sim.calibration.identification import identified_measures, narrowing
from sim.calibration.parameter_space import ParameterSpace, parameter_space
from sim.calibration.profile_likelihood import profiles
from sim.calibration.real_runs import FIRST, RealRuns, Round, further
from sim.calibration.targets import Targets, joined, targets_of
from sim.calibration.wave_files import WaveFiles
from sim.evidence.facts import Evidence, read_evidence
from sim.kernels.cache import source_hash
from sim.lazy_imports import CONVENIENCES, fetch
from sim.plurals import counted
from sim.results.table_files import write_table
from sim.scenario.fields import tree_of
from sim.scenario.ranges import rounded
from sim.scenario.scenario import Scenario
from sim.study.fact_values import fact_values
from sim.study.jobs.collect import Progress, Watcher
from sim.study.jobs.worker_pool import Workers, shared_workers
from sim.study.record_check import evidence_of
from sim.study.statistics.posterior import Posterior, scenario_hash
from sim.version import __version__
from sim.world.arrays import Floats

if TYPE_CHECKING:
    from sim.plot.figure_table import CalibrationPlots

POINTS_PER_PARAMETER = 10
"""Loeppky, Sacks and Welch 2009, "Choosing the sample size of a computer experiment", Technometrics 51(4)."""
_SHOWN = 3
"""Significant digits of quantiles of a posterior; a sample of a thousand tells no more."""
LISTED = 3
"""Facts that are named as those that ruled out most."""


@dataclass(frozen=True, eq=False, repr=False)
class Calibration:
    """What the record allows; `sim.calibrate` makes it.

    `scenarios` and `evidence` by name. `sample` (n, d): points of the unit cube of `space` that follow the posterior;
    the first `draws` of them are written. `runs`: the real runs by which these were weighed, if they were. `files`: the
    folder in which waves and real runs are kept, if there is one.
    """

    scenarios: Mapping[str, Scenario]
    evidence: Mapping[str, Evidence]
    space: ParameterSpace
    matching: Matching
    sample: Floats
    draws: int
    runs: RealRuns | None = None
    files: WaveFiles | None = None

    def waves(self) -> DataFrame:
        """One row per wave: points, runs, part of the prior that is left, cutoff, and the facts that ruled out most."""
        names = self.matching.targets.names
        rows = []
        for number, report in enumerate(self.matching.reports, 1):
            most = [int(each) for each in np.argsort(-report.ruled_out, kind="stable")[:LISTED]]
            told = ", ".join(f"{names[each]} {report.ruled_out[each]:.0%}" for each in most if report.ruled_out[each])
            rows.append({
                "wave": number, "points": report.points, "runs": report.points * report.replications,
                "left": report.volume, "cutoff": report.cutoff, "ruled_out_by": told,
            })  # fmt: skip
        return DataFrame(rows)

    @cached_property
    def posteriors(self) -> Mapping[str, Posterior]:
        """The posterior of each scenario, by name: of its own parameters, given the facts of all."""
        return {name: self._posterior(scenario) for name, scenario in self.scenarios.items()}

    def parameters(self) -> DataFrame:
        """One row per parameter: its range, the middle and the ends of 90 % of the posterior, and how it narrowed.

        `width` is that of the interval of 90 % over that of the prior; 1 where the record says nothing.
        """
        low, middle, high = np.quantile(self.sample, [0.05, 0.5, 0.95], axis=0)

        def written(parts: Floats) -> list[str]:
            values = (each.value(float(part)) for each, part in zip(self.space.parameters, parts, strict=True))
            return [str(rounded(value, _SHOWN)) for value in values]

        return DataFrame({
            "parameter": self.space.names,
            "low": [str(each.low) for each in self.space.parameters],
            "high": [str(each.high) for each in self.space.parameters],
            "posterior_low": written(low), "median": written(middle), "posterior_high": written(high),
            "width": (high - low) / 0.9,
        })  # fmt: skip

    def narrowing(self) -> DataFrame:
        """By how much each fact alone narrows each parameter: rows are facts, columns parameters.

        One less the standard deviation given that fact, over that of the prior; 0 where it says nothing.
        """
        return narrowing(self)

    def profiles(
        self, names: Sequence[str], points: int = 11, replications: int = 100, executor: Workers = None
    ) -> DataFrame:
        """How well the record can be met with a parameter, or a measure, held at each of so many values.

        One row per name and value: what it is a profile `of`, `part` of the way through the range, `value`, `deviance`,
        twice the logarithm of the likelihood lost, and the values of all parameters with which it is met so. Values
        with up to 2.71 make a 90 % interval; a flat profile is of something that the record does not identify.

        A measure is that of the baseline of the first scenario, and its range what 90 % of the worlds of the prior
        have. Emulators propose worlds for each value, and one that meets the record best of all; `value` and
        `deviance` come from so many `replications` there. Raises ValueError for what is neither, and for a measure
        that does not vary.
        """
        return profiles(self, names, whole("points", points, 2), whole("replications", replications, 2), executor)

    def simulated(
        self, points: Floats, first: int, replications: int, executor: Workers, watch: Watcher | None = None
    ) -> Floats:
        """What real runs at points (n, d) of the unit cube say to the facts for calibration, (n, R, F).

        `first` is the number of the first point, which addresses the random draws.
        """
        plan = replace(self.matching.plan, replications=replications)
        return _simulated(self.scenarios, self.evidence, self.space, points, first, plan, executor, watch)

    def measures(
        self,
        scenario: str | None = None,
        measures: Sequence[str] = ("leakage", "suppression", "exposure"),
        replications: int = 2,
        executor: Workers = None,
    ) -> DataFrame:
        """Measures of the baseline over the prior and over the posterior, from real runs of a scenario (the first).

        One row per measure: ends of 90 % and medians of worlds, `width`, that of the posterior over the prior's, and
        `exact`, what would be left of the spread over the prior if the record had no error.
        """
        chosen = self.scenarios[scenario or next(iter(self.scenarios))]
        return identified_measures(self, chosen, measures, replications, executor)

    def real_runs(
        self,
        points: int | None = None,
        replications: int = 10,
        rounds: int = 0,
        executor: Workers = None,
        watch: Watcher | None = None,
        tell: Callable[[int, Round], object] = lambda number, each: None,
    ) -> RealRuns:
        """Run the simulator at points that follow the posterior: how far it is from that of the emulators.

            runs = calibration.real_runs(executor=2)
            print(runs)
            runs.facts()                             # which emulators are off
            calibration.weighed_by(runs).write(...)  # the posterior of the real runs

        `points`: by default five times as many as the posterior has draws. `rounds`: so often, at most, points are
        drawn anew, moved and run again on the way to the posterior of real runs, each time as many runs as at first;
        for where too few points count. Runs are kept in the folder of the calibration, if there is one, and read again.
        """
        whole("replications", replications, 4)
        whole("rounds", rounds, 0)
        chosen = self.sample[: 5 * self.draws if points is None else whole("points", points, 20)]
        with shared_workers(executor, "compiled") as workers:

            def simulate(points: Floats, number: int) -> Floats:
                there = None if self.files is None else self.files.stored_runs(number, points, replications)
                if there is None:
                    there = self.simulated(points, FIRST + number * len(points), replications, workers, watch)
                    if self.files is not None:
                        self.files.write_runs(number, points, there)
                return self.matching.targets.scaled(there)

            runs = RealRuns(self.matching, self.space.names, chosen, simulate(chosen, 0))
            return further(runs, lambda points, number: simulate(points, number + 1), rounds, tell)

    def weighed_by(self, runs: RealRuns) -> Calibration:
        """The calibration with the posterior of real runs.

        Raises ValueError where these say that too few points count; more waves or more points bring emulators nearer.
        """
        if not runs.reliable:
            raise ValueError(f"no posterior can be drawn by real runs: {runs}")
        sample = np.random.default_rng([self.matching.plan.seed, 4000]).permutation(runs.resampled())
        return replace(self, sample=sample, draws=min(self.draws, len(sample)), runs=runs)

    def predictions(self, worlds: int = 100, executor: Workers = None) -> DataFrame:
        """What the posterior says to every fact of the scenarios, those kept aside too, from real runs.

        One row per scenario and fact: record, use, median, the ends of the interval that holds 90 % of chance,
        parameters and errors of record and model together, its `width` as a multiple of what the record may be called,
        what would be left of it if the parameters were known (`width_known`), and whether the record is `inside`.
        """
        return predictions(self, list(self.scenarios), worlds, executor)

    def leave_one_out(self, worlds: int = 100, executor: Workers = None) -> DataFrame:
        """Of a joint calibration: how many facts of each scenario the facts of the others predict.

        One row per scenario: facts, those `inside` their interval and the median `width` of it, given all others, and
        given the first scenario alone.
        Raises ValueError for a calibration of one scenario.
        """
        if len(self.scenarios) < 2:
            raise ValueError("nothing can be left out of a calibration of one scenario")
        return leave_one_out(self, worlds, executor)

    def write(self, folder: str | PathLike[str]) -> list[Path]:
        """Write the posteriors, `NAME.posterior.csv`, and the tables of waves, parameters and facts; their paths."""
        target, written = Path(folder), []
        for name, posterior in self.posteriors.items():
            written.append(target / f"{stem_of(self.scenarios[name])}.posterior.csv")
            posterior.write(written[-1])
        tables = {"waves": self.waves(), "parameters": self.parameters(), "narrowing": self.narrowing().reset_index()}
        for name, table in tables.items():
            written.append(target / f"{name}.csv")
            with atomic_file(written[-1]) as path:
                write_table(table, path)
        return written

    @property
    def plot(self) -> CalibrationPlots:
        """Figures: `calibration.plot.waves()`, `identification()`, `narrowing()`, `profiles("demand.onramp")`."""
        plots: CalibrationPlots = fetch(CONVENIENCES["Calibration.plot"])(self)
        return plots

    def __repr__(self) -> str:
        left = self.matching.reports[-1].volume
        return (
            f"Calibration of {', '.join(self.scenarios)}: {counted(len(self.space), 'parameter')}, "
            f"{counted(len(self.matching.targets), 'fact')}, {counted(len(self.matching.waves), 'wave')}, "
            f"{left:.2g} of the prior left"
        )

    def _posterior(self, scenario: Scenario) -> Posterior:
        rows = tuple(self.space.values(scenario.name, point) for point in self.sample[: self.draws])
        plan, facts = self.matching.plan, self.matching.targets.names
        about = {
            "of": ", ".join(self.scenarios),
            "facts": ", ".join(facts),
            "method": (
                f"history matching, {counted(plan.waves, 'wave')} of {plan.points} points x {plan.replications} "
                f"replications, then sequential Monte Carlo on the emulators{self.runs.method if self.runs else ''}"
            ),
            "seed": str(plan.seed),
            "made with": f"regpressure {__version__}, model {source_hash()[:12]}",
        }
        return Posterior(scenario_hash(scenario), rows, about)


def calibrate(
    scenarios: Sequence[Scenario],
    evidence: Sequence[str | PathLike[str]] | None,
    plan: MatchingPlan,
    draws: int,
    executor: Workers,
    store: str | PathLike[str] | None,
    watch: Watcher | None = None,
    tell: Callable[[int, WaveReport], object] = lambda number, report: None,
) -> Calibration:
    """See `sim.calibrate`; `watch` is called with the runs of a wave, `tell` with what each wave leaves."""
    if find_spec("sklearn") is None:
        raise ValueError("calibration needs a library more: pip install 'regpressure[calibration]'")
    by_name = {scenario.name: scenario for scenario in scenarios}
    if len(by_name) < len(scenarios):
        raise ValueError("two scenarios have the same name")
    if evidence is not None and len(evidence) != len(scenarios):
        raise ValueError(f"{len(evidence)} evidence files for {len(scenarios)} scenarios")
    named = dict(zip(by_name, evidence, strict=True)) if evidence is not None else {}
    records = {name: record_of(scenario, named.get(name)) for name, scenario in by_name.items()}
    space = parameter_space(list(by_name.values()))
    prefixes = {name: f"{name}: " if len(by_name) > 1 else "" for name in by_name}
    targets = joined([targets_of(each.compared, "calibrate", prefixes[name]) for name, each in records.items()])
    if not len(targets):
        raise ValueError(f"{', '.join(by_name)}: no fact with a statistic and `use: calibrate`")
    with shared_workers(executor, "compiled") as workers:

        def simulate(points: Floats, first: int) -> Floats:
            return _simulated(by_name, records, space, points, first, plan, workers, watch)

        files = None if store is None else WaveFiles(Path(store), space, targets)
        if files is not None:
            files.open(_about(by_name, space, targets, plan))
        stored = () if files is None else files.stored(plan.waves)
        keep = (lambda number, wave: None) if files is None else files.write
        matching = match(targets, len(space), simulate, plan, stored, keep, tell)
    sample = np.random.default_rng([plan.seed, 3000]).permutation(matching.posterior())
    return Calibration(by_name, records, space, matching, sample, min(draws, len(sample)), files=files)


def matching_plan(
    scenarios: Sequence[Scenario], waves: int, points: int | None, replications: int, seed: int
) -> MatchingPlan:
    """The plan with a default of ten points for each parameter. Raises ValueError for numbers that are too small."""
    number = POINTS_PER_PARAMETER * len(parameter_space(scenarios)) if points is None else points
    for name, value, least in (("waves", waves, 1), ("points", number, 10), ("replications", replications, 2)):
        if value < least:
            raise ValueError(f"{name} is a whole number from {least} on, got {value}")
    return MatchingPlan(waves, number, replications, seed=seed)


def record_of(scenario: Scenario, named: str | PathLike[str] | None = None) -> Evidence:
    """The evidence in a file, by default that beside the scenario. Raises ValueError where there is none."""
    return read_evidence(evidence_of(scenario) if named is None else named, scenario)


def stem_of(scenario: Scenario) -> str:
    """The name of the file of a scenario, without its ending; its own name for one made in Python."""
    tree = tree_of(scenario)
    return scenario.name if tree is None else Path(tree.position.file).stem


def _simulated(
    scenarios: Mapping[str, Scenario], records: Mapping[str, Evidence], space: ParameterSpace, points: Floats,
    first: int, plan: MatchingPlan, workers: Workers, watch: Watcher | None,
) -> Floats:  # fmt: skip
    """The facts of all scenarios (n, R, F) at points of the cube."""
    runs, total, found = 0, len(points) * plan.replications * len(scenarios), []
    for name, scenario in scenarios.items():

        def told(progress: Progress, before: int = runs) -> None:
            if watch is not None:
                watch(Progress(before + progress.simulated, 0, total))

        values = fact_values(
            scenario, records[name], [space.values(name, point) for point in points], plan.replications, plan.seed,
            executor=workers, watch=told, first=first,
        )  # fmt: skip
        chosen = [index for index, fact in enumerate(values.facts.values()) if fact.use == "calibrate"]
        found.append(values.values[..., chosen])
        runs += len(points) * plan.replications
    return np.concatenate(found, axis=-1)


def _about(
    scenarios: Mapping[str, Scenario], space: ParameterSpace, targets: Targets, plan: MatchingPlan
) -> dict[str, Any]:
    """What makes a calibration the one that it is."""
    return {
        "scenarios": {name: scenario_hash(scenario) for name, scenario in scenarios.items()},
        "parameters": {each.name: [str(each.low), str(each.high)] for each in space.parameters},
        "facts": [asdict(target) for target in targets.targets],
        "plan": asdict(plan),
        "model": source_hash(),
    }
