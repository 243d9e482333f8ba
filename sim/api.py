"""What the user calls. Heavy libraries are imported by the call that needs them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from os import PathLike
from typing import TYPE_CHECKING
from warnings import warn

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from sim.engine import Engine
    from sim.engine.reference.story import Story
    from sim.record import Run
    from sim.scenario.policies import Policy
    from sim.scenario.root import Scenario
    from sim.study.precision import Precision
    from sim.study.study import Study

_DAY = 86400.0


def load(path: str | PathLike[str], overrides: Mapping[str, object] | None = None) -> Scenario:
    """Read and check a scenario file.

    `overrides` replace single values by path: `{"segments.cn-retail.switching": "0.3 /d"}`.
    Raises `ScenarioError`, which lists everything that is wrong as file:line:column: path: message.
    """
    from sim.scenario.load import load as read

    return read(path, overrides)


def run(
    scenario: Scenario,
    policy: str | Policy = "baseline",
    seed: int = 0,
    replication: int = 0,
    until: str | date | datetime | None = None,
    engine: Engine = "auto",
    before_decision: Callable[[Story, int, int, int], None] | None = None,
) -> Run:
    """Simulate one history of a scenario under a policy, by its name or as it is, with full journal.

    The same scenario, policy, seed and replication give the same history to the last bit. `until` ends it early, on a
    date within the scenario. `engine` is `reference` (SimPy), `compiled`, or `auto`, which takes the reference for a
    single run; both give the same bits. `before_decision` is behaviour of your own, called with the story, the
    exchange, the cause and its index just before each decision; only the reference engine can run Python, so it does,
    whatever `engine` says. Raises ValueError for an unknown policy or engine, a negative seed, or a date outside.
    """
    from sim.engine import simulator
    from sim.engine.build import build
    from sim.policy import expand
    from sim.record.assemble import assemble
    from sim.scenario.errors import did_you_mean

    if not isinstance(policy, str):
        scenario, policy = scenario.with_policies({"given": policy}), "given"
    if policy not in scenario.policies:
        raise ValueError(f"no policy {policy!r} in {scenario.name}{did_you_mean(policy, scenario.policies)}")
    if seed < 0 or replication < 0:
        raise ValueError("seed and replication are whole numbers from 0 on")
    end = _end(scenario, until)
    world, names = build(scenario, expand(scenario, policy))
    last = (end - scenario.start).total_seconds() / _DAY
    own: dict[str, object] = {}
    if before_decision is not None:
        if engine == "compiled":
            warn(
                "before_decision is Python, which the compiled engine cannot run: the reference takes over",
                stacklevel=2,
            )
        engine, own = "reference", {"before_decision": before_decision}
    name, simulate = simulator(engine)
    result = simulate(world, seed, replication, last, scenario.record.every, **own)
    return assemble(scenario, world, names, result, policy, seed, replication, None if until is None else end, name)


def compare(
    scenario: Scenario,
    policies: Sequence[str] | Mapping[str, Policy] | None = None,
    replications: int | None = None,
    until: Precision | Sequence[Precision] = (),
    seed: int = 0,
    executor: Executor | int | None = None,
    engine: Engine = "auto",
    store: str | PathLike[str] | None = None,
    paths: bool = True,
) -> Study:
    """Compare policies with the baseline over replications that share their random numbers.

    `policies` are names of the scenario's (default: all), or new ones by name (`{"no ban": baseline.without("ban")}`);
    the baseline is always there. `replications` (default 100) of each, or `until` one or several `sim.Precision` of
    the paired difference are reached. `executor`: None works in this process; a number takes so many threads (processes
    for the reference engine); or hand in any executor, such as Dask's `client.get_executor(pure=False)`. `engine` is
    `compiled` unless told otherwise. `store` is a folder that results go to as they arrive; a study that was cut short
    goes on from there. `paths=False` leaves out the paths of the shares, which fans need.

    The results are the same to the last bit whoever does the work. Raises ValueError for what cannot be compared.
    """
    from sim.study.compare import compare as study

    return study(scenario, policies, replications, until, seed, executor, engine, store, paths)


def _end(scenario: Scenario, until: str | date | datetime | None) -> datetime:
    """The last moment of a run."""
    if until is None:
        return scenario.end
    moment = datetime.fromisoformat(until) if isinstance(until, str) else until
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day)
    if not scenario.start < moment <= scenario.end:
        raise ValueError(f"until must lie between {scenario.start:%Y-%m-%d} and {scenario.end:%Y-%m-%d}")
    return moment


def open(folder: str | PathLike[str]) -> Run | Study:
    """Read back a run that was saved with `run.save(folder)`, or the study that `compare(..., store=folder)` left.

    Raises `sim.record.FolderError` if the folder holds neither, or something that was changed or is damaged. A study
    that was cut short is opened as far as it went, with a warning.
    """
    from sim.record import open_run
    from sim.record.folder import kind_of

    if kind_of(folder) == "study":
        from sim.study.folder import open_study

        return open_study(folder)
    return open_run(folder)
