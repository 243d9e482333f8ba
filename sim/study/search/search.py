"""Search for policies that no other beats in all objectives, and check on fresh replications what they are worth."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from pandas import DataFrame

from sim.arguments import whole
from sim.atomic_write import write_whole
from sim.engine import Engine, batch_simulator
from sim.lazy_imports import CONVENIENCES, fetch
from sim.plurals import counted
from sim.results.hashing import json_hash
from sim.scenario.scenario import Scenario
from sim.study.call_arguments import check_scenario
from sim.study.drawn_from import DrawnFrom, drawn_from
from sim.study.jobs.collect import Progress, Watcher
from sim.study.jobs.measure_reader import measure_names
from sim.study.jobs.worker_pool import Workers, worker_pool
from sim.study.search.evaluation import Evaluation
from sim.study.search.variants import SearchSpace, Timing, Variant, search_space
from sim.study.statistics.confidence_intervals import defined_means, difference, estimate
from sim.study.statistics.parameter_draws import Draws, interval_scope, means_by_draw, pairs_by_draw
from sim.study.statistics.pareto import efficient, efficient_share
from sim.study.store.study_manifest import made_with
from sim.suggest import check_known
from sim.world.arrays import Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BATCH = 16
"""Proposals that are made before any of them is simulated: fixed, so that workers change nothing."""
_LEAST_DEFINED = 0.9
_MOST_KEPT = 12


@dataclass(frozen=True)
class Objectives:
    """What is sought: by measure whether more is better; and by measure what may not be exceeded in the mean."""

    larger: Mapping[str, bool]
    budget: Mapping[str, float]

    @property
    def measures(self) -> tuple[str, ...]:
        """The objectives, then what is limited."""
        return tuple(dict.fromkeys([*self.larger, *self.budget]))


@dataclass(frozen=True, eq=False, repr=False)
class Search:
    """Policies that no other beats in all objectives; `sim.search` makes it.

    `variants` and their `found` means (V, measures) are those of the search. `front` numbers the variants that none
    beats, within the budget; `checked` (1 + front, replications, measures) are fresh values of the base and of these.
    `draws`: how many draws of the parameters the check has, and whether `from_record`, out of a posterior.
    """

    scenario: Scenario
    base: str
    objectives: Objectives
    seed: int
    replications: int
    draws: int | None
    variants: tuple[Variant, ...]
    found: Floats
    front: tuple[int, ...]
    checked: Floats
    from_record: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """What the policies of the front are called."""
        return tuple(f"found-{number}" for number in range(1, len(self.front) + 1))

    def table(self, confidence: float = 0.95) -> DataFrame:
        """One row per policy, the base first: what it changes, and each measure in the search and checked afresh.

        Columns of a measure: NAME (fresh mean), NAME_low, NAME_high, NAME_search (mean in the search), NAME_difference,
        NAME_difference_low and _high (paired, less the base). `efficient`: how often none of the others beats it when
        fresh replications are resampled. `within_budget`: whether the fresh means are within the budget.
        """
        larger, count = tuple(self.objectives.larger.values()), len(self.objectives.larger)
        shares = efficient_share(np.moveaxis(self.checked[:, :, :count], 0, 1), larger)
        rows = []
        for k, name in enumerate((self.base, *self.names)):
            own, base = self.checked[k], self.checked[0]
            variant = Variant() if k == 0 else self.variants[self.front[k - 1]]
            row: dict[str, Any] = {"policy": name, "changes": str(variant), "efficient": float(shares[k])}
            for m, measure in enumerate(self.objectives.measures):
                level = estimate(means_by_draw(own[:, m], self.draws), confidence)
                paired = difference(*pairs_by_draw(own[:, m], base[:, m], self.draws), confidence)
                paired = replace(paired, low=0.0, high=0.0) if k == 0 else paired  # nothing can differ, nor rarely
                sought = self.found[0 if k == 0 else self.front[k - 1], m]
                row |= {
                    measure: level.mean, f"{measure}_low": level.low, f"{measure}_high": level.high,
                    f"{measure}_search": sought, f"{measure}_difference": paired.mean,
                    f"{measure}_difference_low": paired.low, f"{measure}_difference_high": paired.high,
                }  # fmt: skip
            row["within_budget"] = all(row[measure] <= most for measure, most in self.objectives.budget.items())
            rows.append(row)
        return DataFrame(rows).set_index("policy")

    def optimism(self) -> dict[str, float]:
        """By objective, by how much the front looked better in the search than afresh, on average (winner's curse)."""
        table = self.table().iloc[1:]
        return {
            measure: float(((table[f"{measure}_search"] - table[measure]) * (1.0 if more else -1.0)).mean())
            for measure, more in self.objectives.larger.items()
        }

    def policies(self) -> dict[str, dict[str, Any]]:
        """The policies of the front by name, as a scenario file writes them under `policies`."""
        base = self.scenario.policies[self.base]
        return {
            name: {"name": f"found {number}", **self.variants[index].as_written(base, self.base)}
            for number, (name, index) in enumerate(zip(self.names, self.front, strict=True), 1)
        }

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw what was tried and the front, on `ax` or on Axes in a new figure."""
        axes: Axes = fetch(CONVENIENCES["Search.plot"])(self, ax=ax)
        return axes

    def __str__(self) -> str:
        tried, front = len(self.variants), len(self.front)
        if not front:
            return f"none of {tried:,} policies is within the budget with all objectives defined"
        sure = int((self.table()["efficient"].iloc[1:] > 0.95).sum())
        are, objectives = "is" if front == 1 else "are", " and ".join(self.objectives.larger)
        return (
            f"{front} of {tried:,} policies {are} beaten by none of the others in {objectives}; {sure} of these in "
            "95 % or more of resamples of fresh replications"
        )

    @property
    def interval_scope(self) -> str:
        """What the intervals of the table cover, and how to see the rest."""
        return interval_scope(len(self.scenario.uncertainties), self.draws, self.from_record, ranges=False)

    @property
    def curse(self) -> str:
        """In words, by how much better the front looked in the search than on fresh replications."""
        sizes = ", ".join(f"{name} {value:+.2g}" for name, value in self.optimism().items())
        return f"by how much the search saw the front as better than it is on fresh replications, on average: {sizes}"

    def __repr__(self) -> str:
        draws = "" if self.draws is None else f", {counted(self.draws, 'draw')}"
        return (
            f"Search from {self.base} of {self.scenario.name}: {counted(self.replications, 'replication')} each"
            f"{draws}, seed {self.seed}\n{self}" + (f"\n{self.curse}" if self.front else "")
        )


def search(
    scenario: Scenario,
    objectives: Mapping[str, bool] | None = None,
    budget: Mapping[str, float] | None = None,
    *,
    base: str = "baseline",
    interventions: Sequence[str] | None = None,
    timing: Timing = "shift",
    furthest: float = 180.0,
    step: float = 30.0,
    strongest: float = 2.0,
    trials: int = 160,
    replications: int = 30,
    draws: DrawnFrom = None,
    seed: int = 0,
    executor: Workers = None,
    engine: Engine = "auto",
    store: str | PathLike[str] | None = None,
    watch: Watcher | None = None,
) -> Search:
    """Search for policies that none of the others beats in all objectives, within a budget.

        found = sim.search(china, {"suppression": True, "leakage": False}, {"agency_days": 900}, executor=2)
        found.table()

    Optuna proposes policies in batches; all run in the same replications. Those that none beats are then run in fresh
    replications, and with fresh draws of the parameters: what was chosen for being best looks better than it is
    (winner's curse), and only the fresh values are unbiased. `table` has both.

    Parameters
    ----------
    objectives
        By measure whether more of it is better (default: more suppression, less leakage).
    budget
        By measure what its mean may not exceed, such as `agency_days`, the work of the agencies.
    base, interventions
        The policy to begin with, and which of its interventions may be left out and changed (default: all with a date).
    timing, furthest, step
        `shift`: dates move by up to `furthest` days in steps of `step`. `order`: interventions take each other's
        places. `fixed`: neither.
    strongest
        Largest factor of `Policy.strengthen`, whose inverse is the smallest; 1 for no change.
    trials, replications
        Policies to try, and replications of each.
    draws
        As in `compare`; of a posterior, half of the rows serve the search and the others the check.
    store
        A folder that keeps finished trials; a search that was interrupted, or is to be longer, goes on from there.
    watch
        Called with the progress whenever it changes.

    The result is the same to the last bit whatever `executor` does the work. Raises ValueError for what cannot be
    searched. Needs Optuna (`pip install 'regpressure[search]'`).
    """
    check_scenario(scenario, trials=trials, replications=replications, seed=seed)
    whole("trials", trials, 1)
    whole("replications", replications, 2)
    check_known(base, scenario.policies, "policy", f" in {scenario.name}")
    space = search_space(scenario.policies[base], interventions, timing, furthest, step, strongest)
    if find_spec("optuna") is None:
        raise ValueError("search needs a library more: pip install 'regpressure[search]'")
    sought = Objectives({"suppression": True, "leakage": False} if objectives is None else objectives, budget or {})
    for measure in sought.measures:
        check_known(measure, measure_names(scenario), "measure")
    if not sought.larger:
        raise ValueError("a search needs at least one objective")
    name, _ = batch_simulator(engine)
    count, posterior = drawn_from(scenario, draws)
    half = min((count or 0) // (1 if posterior is None else 2), replications)
    drawn = None if count is None else Draws(scenario, seed, 2 * half, posterior)
    evaluation = Evaluation(scenario, base, sought.measures, name, seed, drawn, half)
    log = _Log(None if store is None else Path(store) / "trials.json", _about(evaluation, space, sought, replications))
    total = trials * replications
    with worker_pool(executor, name) as run_jobs:
        proposals = _Proposals(space, sought, seed)
        known: dict[Variant, Floats] = {}
        while len(proposals.variants) < trials:
            asked = proposals.ask(min(_BATCH, trials - len(proposals.variants)))
            known |= log.known(asked)
            new = [variant for variant in dict.fromkeys(asked) if variant not in known]
            values = evaluation.values(new, run_jobs, replications, fresh=False)
            known |= {variant: _means(own) for variant, own in zip(new, values, strict=True)}
            log.write(known)
            proposals.tell([known[variant] for variant in asked])
            if watch is not None:
                watch(Progress(len(proposals.variants) * replications, 0, total))
        variants = tuple(known)
        found = np.stack([known[variant] for variant in variants])
        front = _front(found, sought)
        kept = [Variant(), *(variants[number] for number in front)]
        checked = evaluation.values(kept, run_jobs, replications, fresh=True)
    return Search(
        scenario, base, sought, seed, replications, half or None, variants, found, front, checked,
        posterior is not None,
    )  # fmt: skip


def _means(values: Floats) -> Floats:
    """Means of the measures (M,); NaN where one is defined in less than nine tenths of the replications."""
    often = (~np.isnan(values)).mean(axis=0) >= _LEAST_DEFINED
    return np.where(often, defined_means(values, axis=0), np.nan)


def _over(means: Floats, objectives: Objectives) -> list[float]:
    """By how much each budget is exceeded, negative within it."""
    measures = objectives.measures
    return [float(means[measures.index(measure)] - most) for measure, most in objectives.budget.items()]


def _front(found: Floats, objectives: Objectives) -> tuple[int, ...]:
    """Variants that none within the budget beats, by the first objective; of many, some from end to end."""
    within = [not np.isnan(means).any() and all(o <= 0.0 for o in _over(means, objectives)) for means in found]
    rows = np.flatnonzero(within)
    points = found[rows, : len(objectives.larger)]
    best = rows[efficient(points, tuple(objectives.larger.values()))] if len(rows) else rows
    ordered = sorted(best.tolist(), key=lambda row: float(found[row, 0]))
    if len(ordered) > _MOST_KEPT:
        ordered = [ordered[i] for i in np.linspace(0, len(ordered) - 1, _MOST_KEPT).round().astype(int)]
    return tuple(ordered)


class _Proposals:
    """Proposals of Optuna's sampler (TPE, Bergstra et al. 2011; Watanabe 2023), asked for in batches."""

    def __init__(self, space: SearchSpace, objectives: Objectives, seed: int) -> None:
        import optuna

        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self._space, self._objectives, self._state = space, objectives, optuna.trial.TrialState
        sampler = optuna.samplers.TPESampler(seed=seed % 2**32, n_startup_trials=2 * _BATCH)
        ways = optuna.study.StudyDirection
        directions = [ways.MAXIMIZE if more else ways.MINIMIZE for more in objectives.larger.values()]
        self._study = optuna.create_study(directions=directions, sampler=sampler)
        self._study.enqueue_trial(space.unchanged())
        self._asked: list[optuna.Trial] = []
        self.variants: list[Variant] = []

    def ask(self, count: int) -> list[Variant]:
        """The next variants."""
        self._asked = [self._study.ask() for _ in range(count)]
        variants = [self._space.variant(trial) for trial in self._asked]
        self.variants += variants
        return variants

    def tell(self, means: Sequence[Floats]) -> None:
        """What the variants of the last batch achieved."""
        for trial, own in zip(self._asked, means, strict=True):
            for measure, over in zip(self._objectives.budget, _over(own, self._objectives), strict=True):
                trial.set_constraint(measure, 0.0 if np.isnan(over) else over)
            if np.isnan(own).any():
                self._study.tell(trial, state=self._state.FAIL)
            else:
                self._study.tell(trial, own[: len(self._objectives.larger)].tolist())


class _Log:
    """What is known of variants, in a file, so that a search that was interrupted goes on from there.

    The sampler is not kept: asked again with the same answers, it makes the same proposals.
    """

    def __init__(self, file: Path | None, about: Mapping[str, Any]) -> None:
        self._file, self._head = file, {"of": json_hash(about), "made with": made_with()}
        self._stored: dict[str, list[float | None]] = {}
        if file is not None and file.exists():
            document = json.loads(file.read_text(encoding="utf-8"))
            if {key: document[key] for key in self._head} != self._head:
                there = f"{file.parent} holds another search, or one of another version"
                raise ValueError(f"{there}; choose another folder")
            self._stored = document["means"]

    def known(self, variants: Sequence[Variant]) -> dict[Variant, Floats]:
        """What the file says of variants, in their order."""
        return {v: np.array(self._stored[repr(v)], dtype=float) for v in variants if repr(v) in self._stored}

    def write(self, known: Mapping[Variant, Floats]) -> None:
        """Keep what is known."""
        if self._file is None:
            return
        means = {repr(v): [None if np.isnan(x) else x for x in own.tolist()] for v, own in known.items()}
        write_whole(self._file, json.dumps({**self._head, "means": self._stored | means}) + "\n")


def _about(evaluation: Evaluation, space: SearchSpace, objectives: Objectives, replications: int) -> dict[str, Any]:
    """What a search depends on, but for how long it is, as JSON."""
    draws = evaluation.draws
    return {
        "scenario": evaluation.scenario.model_dump(mode="json"),
        "base": evaluation.base,
        "space": [*space.ids, space.timing, space.furthest, space.step, space.strongest],
        "objectives": [dict(objectives.larger), dict(objectives.budget)],
        "replications": replications,
        "seed": evaluation.seed,
        "draws": evaluation.half,
        "posterior": draws.posterior.to_plain() if draws is not None and draws.posterior is not None else None,
    }
