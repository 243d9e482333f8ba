"""What was run, in sentences: policies and replications, seeds, length, software, and how it is made again."""

from __future__ import annotations

from sim.protocols.description_source import Experiment
from sim.protocols.markdown import literal, table
from sim.study.study import BASELINE

NOTHING_RUN = "No experiment is described here: give `regpressure describe` the folder of a run or a study."


def design(experiment: Experiment | None) -> str:
    """Which policies were run how often, with which seed, and what was drawn."""
    if experiment is None:
        return NOTHING_RUN
    if experiment.kind == "run":
        (policy,) = experiment.replications
        said = f"One run of the policy `{policy}`, seed {experiment.seed}, replication {experiment.replication}"
        return f"{said}, to {experiment.until}. One run is one possible history."
    counted = table(("policy", "replications"), list(experiment.replications.items()))
    draws = (
        "All replications have the values of the file."
        if experiment.draws is None
        else f"The uncertain values were drawn {experiment.draws} times; replication r has draw r modulo"
        f" {experiment.draws} under every policy."
    )
    until = f" Replications were added until the precision was reached: {', '.join(experiment.precision)}."
    said = f"Policies were compared in paired replications with seed {experiment.seed}, each to {experiment.until}."
    return f"{said} {draws}{until if experiment.precision else ''}\n\n{counted}"


def estimation(experiment: Experiment | None) -> str:
    """How results are estimated."""
    paired = (
        f"Policies have common random numbers: replication r uses the same draws under each. Differences from the"
        f" policy `{BASELINE}` are taken replication by replication; their intervals are Student's, at 95 % unless"
        " stated. "
    )
    drawn = experiment is not None and experiment.draws is not None
    scope = (
        "Intervals are computed from the means of the draws, and the range over the draws is told beside them."
        if drawn
        else "Intervals cover luck within the model at the values of the file, not what is uncertain in these values."
    )
    return paired + scope


def software(experiment: Experiment | None) -> str:
    """Program, language, libraries and machine."""
    if experiment is None:
        return "The program is `regpressure`, in Python with SimPy and Numba."
    rows = [(name, version) for name, version in experiment.versions.items()]
    rows += [("Python", experiment.python), ("platform", experiment.platform), ("engine", experiment.engine)]
    rows += [("hash of the model's source", experiment.source)] if experiment.source else []
    return table(("what", "version"), rows)


def reproduction(experiment: Experiment | None) -> str:
    """The command that makes it again."""
    if experiment is None:
        return NOTHING_RUN
    again = "`regpressure reproduce FOLDER` repeats it and compares every bit; results do not depend on the number of"
    return f"{literal(experiment.command)}\n\n{again} workers or their order."
