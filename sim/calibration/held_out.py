"""How facts are predicted that were kept aside: those of other uses, and those of an episode that is left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from pandas import DataFrame

from sim.study.fact_values import FactValues, fact_values
from sim.study.jobs.worker_pool import Workers
from sim.study.statistics.predictions import HISTORIES, NARROW, Prediction
from sim.world.arrays import Floats

if TYPE_CHECKING:
    from sim.calibration.calibrate import Calibration

_UNHEARD_OF = 0.05
"""Part of the histories below which what happened counts as outside of the prediction."""
_FIRST = 50_000_000
"""Number of the first point of predictions, so that they share no random draws with waves."""


def predictions(
    calibration: Calibration, scenarios: Sequence[str], worlds: int, executor: Workers, sample: Floats | None = None
) -> DataFrame:
    """See `Calibration.predictions`: one history of each of so many worlds.

    `sample`: points (n, d) of another posterior, of which `width_known` is not told.
    """
    points = (calibration.sample if sample is None else sample)[:worlds]
    rows = []
    for name in scenarios:
        scenario, evidence = calibration.scenarios[name], calibration.evidence[name]
        values = [calibration.space.values(name, point) for point in points]
        found = fact_values(scenario, evidence, values, 1, executor=executor, first=_FIRST)
        histories = None
        if sample is None:
            some = values[: max(1, len(values) // HISTORIES)]
            histories = fact_values(scenario, evidence, some, HISTORIES, executor=executor, first=_FIRST)
        rows += [{"scenario": name} | _row(found, histories, id_) for id_ in found.facts]
    return DataFrame(rows)


def counted(predictions: DataFrame) -> DataFrame:
    """Facts inside of those that there are, by scenario and by use, and how wide their intervals are.

    `width` is the median; of the `intervals` that have one, `narrow` are at most twice as wide as the record's own, and
    `narrow_known` would be if the parameters were known.
    """
    rows = []
    for name, facts in predictions.groupby("scenario", sort=False):
        row: dict[str, object] = {"scenario": name}
        for column, use in (("fitted", "calibrate"), ("held_out", "validate")):
            chosen = facts[facts["use"] == use]
            row |= {column: len(chosen), f"{column}_inside": int(chosen["inside"].sum())}
        rows.append(row | {
            "width": float(facts["width"].median()), "intervals": int(facts["width"].notna().sum()),
            "narrow": int((facts["width"] <= NARROW).sum()),
            "narrow_known": int((facts["width_known"] <= NARROW).sum()),
        })  # fmt: skip
    return DataFrame(rows)


def leave_one_out(calibration: Calibration, worlds: int, executor: Workers) -> DataFrame:
    """See `Calibration.leave_one_out`."""
    names = list(calibration.scenarios)
    alone = predictions(calibration, names, worlds, executor, _sample(calibration, names[:1]))
    rows = []
    for name in names:
        others = _sample(calibration, [other for other in names if other != name])
        given_others = predictions(calibration, [name], worlds, executor, others)
        given_first = _inside(alone[alone["scenario"] == name], f"_by_{names[0]}")
        rows.append({"scenario": name, "facts": len(given_others), **_inside(given_others, ""), **given_first})
    return DataFrame(rows)


def _inside(facts: DataFrame, suffix: str) -> dict[str, object]:
    return {f"inside{suffix}": int(facts["inside"].sum()), f"width{suffix}": float(facts["width"].median())}


def _sample(calibration: Calibration, scenarios: list[str]) -> Floats:
    """The posterior given the facts of some scenarios of a joint calibration."""
    names = calibration.matching.targets.names
    facts = [index for index, name in enumerate(names) if name.partition(": ")[0] in scenarios]
    rng = np.random.default_rng([calibration.matching.plan.seed, 3000])
    return rng.permutation(calibration.matching.posterior(facts=facts))


def _row(found: FactValues, histories: FactValues | None, id_: str) -> dict[str, object]:
    """What the values of one fact, one of each world, say to it; `histories` are more of some worlds."""
    fact, statistic = found.facts[id_], found.statistics[id_]
    prediction = Prediction(found.of(id_).ravel(), fact.errors.both, statistic.lowest)
    record = float(fact.value or 0.0)
    about = {
        "fact": id_, "record": record, "use": fact.use, "defined": prediction.defined,
        "width": prediction.width(fact.errors.record),
    }  # fmt: skip
    if histories is not None:
        about["width_known"] = prediction.known(histories.of(id_)).width(fact.errors.record)
    if statistic.by_run:
        low, high = prediction.interval
        return about | {"median": prediction.median, "low": low, "high": high, "inside": prediction.holds(record)}
    part = prediction.mean  # whether something happens: the record is inside unless that was all but impossible
    likelihood = part if record >= 0.5 else 1.0 - part
    return about | {"median": part, "low": part, "high": part, "inside": likelihood > _UNHEARD_OF}
