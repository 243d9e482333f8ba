"""How facts are predicted that were kept aside: those of other uses, and those of an episode that is left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from sim.study.fact_values import fact_values

if TYPE_CHECKING:
    from pandas import DataFrame

    from sim.calibration.calibrate import Calibration
    from sim.evidence.evidence_file import Fact
    from sim.study.jobs.worker_pool import Workers
    from sim.world.arrays import Floats

_ENDS = (0.05, 0.95)
_FIRST = 50_000_000
"""Number of the first point of predictions, so that they share no random draws with waves."""


def predictions(calibration: Calibration, worlds: int, executor: Workers, sample: Floats | None = None) -> DataFrame:
    """What the posterior says to every fact, from real runs: one history of each of so many worlds.

    One row per scenario and fact: the record, the median, the ends of the interval that holds 90 % of chance,
    parameters and errors of record and model together, `inside`, and use. `sample`: points (n, d) of another one.
    """
    from pandas import DataFrame

    points = (calibration.sample if sample is None else sample)[:worlds]
    rows = []
    for name, scenario in calibration.scenarios.items():
        values = [calibration.space.values(name, point) for point in points]
        found = fact_values(scenario, calibration.evidence[name], values, 1, executor=executor, first=_FIRST)
        rows += [{"scenario": name} | _row(fact, found.of(id_)[:, 0]) for id_, fact in found.facts.items()]
    return DataFrame(rows)


def leave_one_out(calibration: Calibration, worlds: int, executor: Workers) -> DataFrame:
    """Each scenario's facts predicted from the facts of the others, beside what each other single scenario predicts.

    One row per scenario: facts, `inside` given the others, and given the first scenario alone. For a joint calibration.
    """
    from pandas import DataFrame

    names = list(calibration.scenarios)
    alone = _inside(calibration, _sample(calibration, [names[0]]), worlds, executor)
    rows = []
    for name in names:
        others = [other for other in names if other != name]
        given_others = _inside(calibration, _sample(calibration, others), worlds, executor)
        rows.append({
            "scenario": name, "facts": given_others[name][1], "inside": given_others[name][0],
            f"inside_by_{names[0]}": alone[name][0],
        })  # fmt: skip
    return DataFrame(rows)


def _sample(calibration: Calibration, scenarios: list[str]) -> Floats:
    """The posterior given the facts of some scenarios of a joint calibration."""
    facts = [
        index for index, name in enumerate(calibration.matching.targets.names) if name.partition(": ")[0] in scenarios
    ]
    sample = calibration.matching.posterior(facts=facts)
    return sample[np.random.default_rng([calibration.matching.plan.seed, 3000]).permutation(len(sample))]


def _inside(calibration: Calibration, sample: Floats, worlds: int, executor: Workers) -> Mapping[str, tuple[int, int]]:
    """By scenario the number of facts within their interval, and that of all."""
    table = predictions(calibration, worlds, executor, sample)
    return {str(name): (int(rows["inside"].sum()), len(rows)) for name, rows in table.groupby("scenario", sort=False)}


def _row(fact: Fact, values: Floats) -> dict[str, object]:
    """What values of one fact, one of each world, say; what is not defined is left out."""
    defined = values[np.isfinite(values)]
    about: dict[str, object] = {"fact": fact.id, "record": fact.value, "use": fact.use, "defined": len(defined)}
    if not len(defined):
        return about | {"median": np.nan, "low": np.nan, "high": np.nan, "inside": False}
    error = fact.errors.both
    if error == 0.0:  # whether something happens: the record is inside unless that was all but impossible
        part = float(defined.mean())
        likelihood = part if float(fact.value or 0.0) >= 0.5 else 1.0 - part
        return about | {"median": part, "low": part, "high": part, "inside": likelihood > _ENDS[0]}
    noise = error * np.random.default_rng(0).standard_normal((100, len(defined)))
    low, high = np.quantile(defined + noise, _ENDS).tolist()
    inside = low <= float(fact.value or 0.0) <= high
    return about | {"median": float(np.median(defined)), "low": low, "high": high, "inside": inside}
