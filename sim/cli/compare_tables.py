"""What the command `compare` prints: tables of differences, precisions reached, and failures."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.errors import print_error

if TYPE_CHECKING:
    from pandas import DataFrame
    from rich.table import Table

    from sim.study.study import Study

_FAILURES_LISTED = 5


def table_of(study: Study, measures: Sequence[str]) -> DataFrame:
    """Differences of measures from the baseline, one row per measure and policy."""
    import pandas as pd

    with warnings.catch_warnings():  # which are printed
        warnings.filterwarnings("ignore", message=".* is not defined in any replication")
        tables = {measure: study.difference(measure) for measure in measures}
    return pd.concat(tables, names=["measure"]).reset_index()


def print_tables(study: Study, measures: Sequence[str], out: Path | None) -> None:
    """Print one table per measure, the precisions reached, and the failures."""
    from sim.cli.output import console
    from sim.model.outcomes.measures import describe

    screen = console()
    screen.print(f"{study.scenario.name}, seed {study.seed}: policies minus {study.policies[0]}, paired differences")
    screen.print(f"{study.interval_scope}\n")
    for measure in measures:
        described = describe(measure)
        screen.print(f"{measure} ({described.unit}): {described.meaning}")
        screen.print(_table(study, measure))
        for policy, reason in study.undefined(measure).items():
            screen.print(f"not defined in any replication of {policy}: {reason}")
        screen.print()
    for report in study.reached:
        screen.print(str(report))
    if study.reached:
        screen.print()
    _print_failures(study)
    screen.print(f"written to {out}" if out else "nothing written; --out FOLDER keeps the results")


def print_document(study: Study, measures: Sequence[str], out: Path | None) -> None:
    """Print one JSON document."""
    from dataclasses import asdict

    from sim.cli.output import print_json

    rows = table_of(study, measures).to_dict("records")
    _print_failures(study)
    print_json(
        {
            "scenario": study.scenario.name,
            "seed": study.seed,
            "engine": study.engine,
            "replications": dict(study.replications),
            "intervals": study.interval_scope,
            "differences": rows,
            "undefined": {measure: dict(study.undefined(measure)) for measure in measures if study.undefined(measure)},
            "precision": [asdict(report) for report in study.reached],
            "failures": study.failures().to_dict("records"),
            "folder": out and str(out),
        }
    )


def _table(study: Study, measure: str) -> Table:
    from sim.cli.output import table

    headings = ["policy", "level", "difference", "95 % interval", "n", "same sign", "variance ratio"]
    rows = table_of(study, [measure]).set_index("policy").to_dict("index").items()
    cells = [_row(str(policy), row, study.policies[0]) for policy, row in rows]
    if study.draws is not None:
        headings.insert(4, "95 % of draws")
        for row, (policy, values) in zip(cells, rows, strict=True):
            known = policy != study.policies[0]
            row.insert(4, _interval(values["draws_low"], values["draws_high"]) if known else "")
    return table(headings, cells, numbers=True)


def _row(policy: str, row: dict[Any, Any], baseline: str) -> list[str]:
    level, n = _number(row["level"]), f"{row['n']:,}"
    if policy == baseline:
        return [policy, level, "", "", n, "", ""]
    interval = _interval(row["low"], row["high"])
    sign = f"{row['sign']:.0%}" if math.isfinite(row["sign"]) else ""
    return [policy, level, _number(row["mean"]), interval, n, sign, _number(row["variance_ratio"])]


def _interval(low: float, high: float) -> str:
    return f"{_number(low)} to {_number(high)}" if math.isfinite(low) else ""


def _number(value: float) -> str:
    return "" if math.isnan(value) else f"{value:,.3g}"


def _print_failures(study: Study) -> None:
    """Print to stderr which runs failed, with the command that repeats each."""
    failures = study.failures()
    if len(failures):
        print_error(f"{len(failures):,} of {sum(study.replications.values()):,} runs failed and are left out:")
    for row in failures.head(_FAILURES_LISTED).itertuples():
        print_error(f"  {row.policy}, replication {row.replication}, {row.stage}: {row.error}\n    {row.command}")
    if len(failures) > _FAILURES_LISTED:
        print_error(f"  and {len(failures) - _FAILURES_LISTED:,} more")
