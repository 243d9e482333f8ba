"""What common random numbers save: `python -m tests.benchmarks.pairing [--replications 400]`.

For pairs of policies of the China scenario and for each measure: how many times the replications two independent
samples would need for a difference as precise as that of pairs, (var a + var b) / var(a - b), with a 95 % bootstrap
interval. Where two policies are nearly the same history the factor is large; where one of them changes everything, as
licences instead of closures do, nothing is left to pair, and it is about 1.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import sim

CHINA = Path(__file__).resolve().parents[2] / "configs" / "china_2017.yaml"
PAIRS = (("payments_first", "baseline"), ("everything_at_once", "baseline"), ("adaptive", "baseline"))
"""Policies that issue the same or similar measures, in another order or at other times."""
APART = (("licence_instead", "baseline"), ("no_crackdown", "baseline"))
"""Policies under which hardly an exchange does the same."""
MEASURES = ("suppression", "leakage", "concentration", "exposure", "cases_opened")


@dataclass(frozen=True)
class Saving:
    """The factor for one measure of one pair, with its interval. NaN if the measure is not defined under both."""

    policy: str
    against: str
    measure: str
    ratio: float
    low: float
    high: float


def savings(study: sim.Study, pairs: Sequence[tuple[str, str]], measures: Sequence[str] = MEASURES) -> Iterator[Saving]:
    """The factor for each pair and measure."""
    for policy, against in pairs:
        for measure in measures:
            ratio = study.paired(measure, policy, against).variance_ratio
            yield Saving(policy, against, measure, ratio, *_bootstrap(study, measure, policy, against))


def _bootstrap(study: sim.Study, measure: str, policy: str, against: str, times: int = 1000) -> tuple[float, float]:
    """The middle 95 % of the factor in samples of the replications, drawn with replacement."""
    a, b = study.values(measure, policy), study.values(measure, against)
    defined = ~np.isnan(a - b)
    a, b = a[defined], b[defined]
    if len(a) < 2 or not np.var(a - b):
        return np.nan, np.nan
    picks = np.random.default_rng(0).integers(len(a), size=(times, len(a)))
    x, y = a[picks], b[picks]
    ratios = (x.var(axis=1) + y.var(axis=1)) / (x - y).var(axis=1)
    low, high = np.quantile(ratios, [0.025, 0.975])
    return float(low), float(high)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replications", type=int, default=400)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    study = sim.compare(sim.load(CHINA), replications=options.replications, executor=options.workers, paths=False)
    print(f"{options.replications} replications; independent over paired replications for the same precision")
    for saving in savings(study, (*PAIRS, *APART)):
        what = f"{saving.policy} against {saving.against}"
        print(f"{what:36} {saving.measure:14} {saving.ratio:7.2f}   [{saving.low:.2f}, {saving.high:.2f}]")


if __name__ == "__main__":
    main()
