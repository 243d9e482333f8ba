"""What a part of one's own must do to be one: each check raises AssertionError with what is wrong.

The checks run small worlds, a few seconds each (and the first time the compilation). A check that passes does not say
that a part is sensible, only that it does not break what the program promises.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from os import PathLike
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.clock import DAY, days_from
from sim.engine import batch_simulator
from sim.engine.result import record_times
from sim.evidence.fact_reader import reader_of
from sim.evidence.facts import read_evidence
from sim.extensions.behaviour import Behaviour, behave
from sim.model.outcomes.measures import describe
from sim.plot.page import file_axes
from sim.results.own_measures import OWN, paths_of, read_own
from sim.results.run import Run
from sim.results.simulate import simulate
from sim.scenario.errors import ScenarioError
from sim.scenario.scenario import Scenario, load, loads
from sim.scenario.shipped import starting_scenario
from sim.study.compare import compare
from sim.world.build import world_of

_REPLICATIONS = 4
Plot = Callable[..., Axes]


def check_measure(name: str, scenario: Scenario | None = None) -> None:
    """Check a measure that was added with `sim.extensions.measure`.

    It has unit and meaning; gives one number per replication, the same again and for a replication alone; is defined in
    some; uses no random numbers; and a run has it too.
    """
    _require(name in OWN, f"no measure {name!r} was added")
    said = describe(name)
    _require(said.unit and said.meaning, "unit and meaning say nothing")
    study = compare(scenario or _world(), replications=_REPLICATIONS, paths=True, executor=1)
    first = {policy: study.values(name, policy) for policy in study.policies}
    with _other_random_numbers():
        for policy, values in first.items():
            _require(_same(values, study.values(name, policy)), "it is not the same when it is computed again")
    few = compare(scenario or _world(), replications=2, paths=True, executor=1)
    for policy, values in first.items():
        _require(_same(values[:2], few.values(name, policy)), "a replication's value depends on other replications")
    _require(any(np.isfinite(values).any() for values in first.values()), "it is defined in no replication")
    _require(study.difference(name).shape[0] == len(first), "a study cannot compare it")
    run = simulate(study.scenario, "baseline", 0, 0)
    _require(name in run.own_measures() and read_own(name, paths_of(run)).shape == (1,), "a run does not have it")


def check_statistic(evidence: str | PathLike[str], scenario: str | PathLike[str] | Scenario) -> None:
    """Check a statistic that was added with `sim.extensions.statistic`, by an evidence file that uses it.

    Replications in compiled code and full runs say the same to each fact, to the last bit; the same again; and in a run
    that ends before its days a fact is not defined.
    """
    world_of_it = scenario if isinstance(scenario, Scenario) else load(scenario)
    record = read_evidence(evidence, world_of_it)
    _require(record.statistics, "no fact of the file has a statistic")
    world, names = world_of(world_of_it, "baseline")
    days = days_from(world_of_it.start, world_of_it.end)
    reader = reader_of(world_of_it, record, world, names, record_times(days, 1.0))
    block = batch_simulator("compiled")[1](world, 0, list(range(_REPLICATIONS)), days, 1.0, monitor=reader.monitor)
    values = reader.values(block.monitored)
    shape = (_REPLICATIONS, len(record.statistics))
    _require(values.shape == shape, f"it gives an array of shape {values.shape}, not {shape}")
    with _other_random_numbers():
        _require(_same(values, reader.values(block.monitored)), "it is not the same when it is read again")
    full = [list(record.read(simulate(world_of_it, "baseline", 0, number)).values()) for number in (0, 1)]
    _require(_same(values[:2], np.array(full)), "a full run says something else than a replication in compiled code")
    early = record.read(simulate(world_of_it, "baseline", 0, 0, until=world_of_it.start.date() + DAY))
    _require(np.isnan(list(early.values())).all(), "it is defined in a run that ends before its days")


def check_figure(plot: Plot, source: Any = None) -> None:
    """Check a figure of a run (default) or a study, whether it was added with `sim.extensions.figure` or not.

    It draws on the Axes it is given and returns them; has a title and names its axes; is the same to the last bit when
    drawn again; opens no window; and leaves the run alone.
    """
    import matplotlib.pyplot as plt

    subject = simulate(_world(), "baseline", 0, 0) if source is None else source
    before, windows = _fingerprint(subject), plt.get_fignums()
    pictures = []
    for _ in range(2):
        with _other_random_numbers():
            given = file_axes()
            axes = plot(subject, ax=given)
        _require(axes is given, "it does not draw on the Axes that it is given, or does not return them")
        _require(any(axes.get_title(loc) for loc in ("left", "center", "right")) or axes.texts, "it has no title")
        labelled = axes.get_xlabel() or axes.get_ylabel() or axes.get_xticklabels()
        _require(labelled, "its axes have no labels")
        pictures.append(_png(axes))
    _require(pictures[0] == pictures[1], "it is another picture when it is drawn again")
    _require(plt.get_fignums() == windows, "it opens a figure of pyplot's beside the Axes that it is given")
    _require(_fingerprint(subject) == before, "it changes what it draws")


def check_kind(name: str, kind: Mapping[str, object]) -> None:
    """Check a kind of intervention, as it stands under `kinds:` in a scenario, in a small world.

    It can be read, says what it is, changes something in that world, and is the same in both engines.
    """
    text = starting_scenario("kind").replace("policies:\n", "kinds: {}\npolicies:\n", 1)
    try:
        world = loads(text, overrides={"kinds": {name: dict(kind)}, "policies.baseline.interventions.ban.kind": name})
    except ScenarioError as error:
        raise AssertionError(f"it cannot be read: {error}") from None
    _require(world.kinds[name].description, "its description says nothing")
    sets = world.kinds[name].model_dump(exclude_defaults=True, exclude={"description", "target"})
    _require(sets, "it changes nothing: it sets no lever, attention, panic, leave or enforcement")
    runs = [simulate(world, policy, 0, 0) for policy in ("baseline", world.policies["baseline"].without("ban"))]
    levels, shares = ([run.data[name] for run in runs] for name in ("level", "share"))
    moved = not (levels[0].equals(levels[1]) and shares[0].equals(shares[1]))
    _require(moved, "it changes nothing in a world that it could bear on")
    other = simulate(world, "baseline", 0, 0, engine="compiled")
    _require(_same_history(runs[0], other), "the two engines have different histories with it")


def check_behaviour(behaviour: Behaviour, scenario: Scenario | None = None) -> None:
    """Check a behaviour of exchanges, as `sim.extensions.behave` takes it.

    It gives the same history again, uses no random numbers of its own, changes nothing but scores, and keeps common
    random numbers: until the first date on which two policies differ, histories are the same under both.
    """
    world = scenario or _world()

    def history(policy: str, until: Any = None) -> Run:
        return simulate(world, policy, 0, 0, until, "reference", behave(_guarded(behaviour), world))

    with _other_random_numbers():
        first = history("baseline")
    with _other_random_numbers():
        _require(_same_history(first, history("baseline")), "it gives another history when it is run again")
    shares = first.data["share"].sum(["exchange", "mode"]) + first.data["outside"]
    _require(np.allclose(shares.values, 1.0, atol=1e-9), "shares do not sum to one any more")
    for policy in world.policies:
        last = _last_common_day(world, policy)
        if last > world.start:
            same = _same_history(history("baseline", last), history(policy, last))
            _require(same, f"under {policy} it gives another past than under the baseline, up to {last:%Y-%m-%d}")


def _last_common_day(scenario: Scenario, policy: str) -> datetime:
    """The day before the first date on which a policy and the baseline do not do the same."""
    baseline, other = scenario.policies["baseline"], scenario.policies[policy]
    items = (*baseline.interventions, *other.interventions)
    odd = [item for item in items if item not in baseline.interventions or item not in other.interventions]
    dates = [when for item in odd for when in (item.announced, item.effective) if when is not None]
    begins = [when if isinstance(when, datetime) else scenario.start + when for when in dates]
    same_rules = baseline.rules == other.rules
    return min([*begins, scenario.end]) - DAY if same_rules else scenario.start


def _guarded(behaviour: Behaviour) -> Behaviour:
    """The behaviour, which may not change the state that it is shown."""

    def watched(situation: Any) -> Mapping[str, float]:
        state = situation.run.state
        before = [np.copy(part) for group in (state.market, state.venues, state.exchanges) for part in group]
        added = behaviour(situation)
        after = [part for group in (state.market, state.venues, state.exchanges) for part in group]
        same = all(np.array_equal(old, new, equal_nan=True) for old, new in zip(before, after, strict=True))
        _require(same, "it changes the state of the run; it may only return what is added to scores")
        return added

    return watched


def _world() -> Scenario:
    """The small world in which parts are checked."""
    return loads(starting_scenario("conformance"))


def _require(holds: object, said: str) -> None:
    if not holds:
        raise AssertionError(said)


def _same(first: Any, second: Any) -> bool:
    return np.array_equal(np.asarray(first), np.asarray(second), equal_nan=True)


def _same_history(first: Run, second: Run) -> bool:
    """Whether two runs have the same journal, decisions and shares, to the last bit."""
    tables = first.journal.equals(second.journal) and first.decisions.equals(second.decisions)
    return bool(tables and _same(first.data["share"].values, second.data["share"].values))


def _fingerprint(source: Any) -> bytes:
    """The numbers of a run or a study, to see whether they were changed."""
    if isinstance(source, Run):
        return b"".join(source.data[name].values.tobytes() for name in ("share", "volume", "level"))
    return b"".join(np.asarray(results.measures[:, :]).tobytes() for results in source.results.values())


def _png(axes: Axes) -> bytes:
    picture = BytesIO()
    canvas = axes.figure
    assert isinstance(canvas, Figure)
    canvas.savefig(picture, format="png", metadata={"Software": None})
    return picture.getvalue()


_seeds = iter(range(1, 1 << 30))


@contextmanager
def _other_random_numbers() -> Iterator[None]:
    """The generators of Python and NumPy in another state than the last time, and afterwards as they were."""
    python, numpy = random.getstate(), np.random.get_state()  # noqa: NPY002 (what others may have used)
    seed = next(_seeds)
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002
    try:
        yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy)  # noqa: NPY002
