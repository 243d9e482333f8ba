"""Golden check: hashes of what the program gives, written before a refactoring and compared after it.

    python -m tests.golden --write before.txt      # on the unchanged tree
    python -m tests.golden --against before.txt    # after each step; exit 1 if anything differs
    python -m tests.golden --against before.txt --only runs/minimal world
    python -m tests.golden --against before.txt --quick

A line is `group/item/part  hash`. An item has up to three parts, each with a line of its own, so that a change of names
leaves the lines of values as they are:

- `values`: numbers, dates, and all that stands in arrays, tables and files of results, in declared order;
- `texts`: single strings, such as a title, an id, or the output of a command;
- `names`: names of types, fields, columns, variables, dimensions and keys.

Items are called by position or by words of this script, never by names of the program's internals. All NaN are one
value; -0.0 and 0.0 are two.

Versions, times, and hashes (of the source, of contents together with their names) are left out of manifests and of files
of replications and their names: they change with every refactoring, and the contents themselves are hashed here.
Folders are called ROOT and OUT.

Hashes are not committed, for the last bits of functions like `exp` differ between machines. Compare on the machine, and
with the libraries, that wrote the file.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, timedelta
from functools import cache, partial
from hashlib import sha256
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import numpy as np
import pandas as pd
import typer
import xarray as xr
from matplotlib.image import imread
from pydantic import BaseModel

import sim

# What is not public; after a move only these lines change.
from sim.cli import app, main
from sim.engine import batch_simulator, simulator
from sim.plot.figures.band import gather_band
from sim.plot.figures.decomposition import gather_decomposition
from sim.plot.figures.difference import gather_difference
from sim.plot.figures.exchange_shares import gather_exchanges
from sim.plot.figures.exchange_timelines import gather_timeline
from sim.plot.figures.fan import gather_fan
from sim.plot.figures.flows import gather_flows
from sim.plot.figures.heatmap import gather_heatmap
from sim.plot.figures.levers import gather_levers
from sim.plot.figures.mode_shares import gather_shares
from sim.plot.figures.pathways import gather_pathways
from sim.plot.figures.race import gather_race
from sim.plot.figures.spread import gather_spread
from sim.plot.figures.tradeoff import gather_tradeoff
from sim.plot.figures.volume import gather_volume
from sim.plot.marks import gather_marks
from sim.schedule.expand import expand
from sim.world.build import world_of

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("values", "texts", "names")
ENGINES = ("reference", "compiled")
MODES = ("domestic", "otc", "offshore")
MEASURES = ("suppression", "leakage", "exposure", "half_life")
SEED = 1
UNHASHED = {"environment", "made with", "checksum", "content", "configuration", "world"}
"""Keys of manifests whose values tell of versions, of times, or are hashes."""
STAMP = re.compile(r"\.[0-9a-f]{16}(?=\.nc$)")
"""The hash in the name of a file of replications: of what they were made from, the source among it."""

Items = Iterator[tuple[str, object]]


@dataclass(frozen=True)
class Studied:
    """What is asked of one scenario in studies."""

    exchanges: tuple[str, ...]
    ids: tuple[str, ...]
    at: str
    drop: tuple[str, ...]
    over: Mapping[str, Sequence[object]]
    replications: int


STUDIED = {
    "minimal": Studied(
        exchanges=("alpha", "small-01"), ids=("closure", "payments"), at="2020-08-01", drop=("payments",),
        over={"segments.traders.outside": [0.3, -1, 0.9], "segments.traders.switching": ["0.1 /d", "0.2 /d"]},
        replications=20,
    ),
    "china_2017": Studied(
        exchanges=("huobi", "Binance"), ids=("closure-beijing", "site-blocks"), at="2017-09-10",
        drop=("closure-beijing",), over={"demand.onramp": [0.5, 3.0]}, replications=6,
    ),
    "hong_kong_2024": Studied(
        exchanges=("hashkey", "jpex"), ids=("unlicensed-close", "jpex-fraud"), at="2023-09-01",
        drop=("jpex-fraud",), over={"decisions.temperature": [0.03, 0.08]}, replications=6,
    ),
}  # fmt: skip
SCENARIOS = (*STUDIED, "china_2017_world")

COMMANDS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "schema": {"schema": ["schema"]},
    "list": {name: ["list", f"configs/{name}.yaml"] for name in SCENARIOS} | {"kinds": ["list", "kinds"]},
    "validate": {name: ["validate", f"configs/{name}.yaml"] for name in SCENARIOS}
    | {"json": ["validate", "--json", *(f"configs/{name}.yaml" for name in SCENARIOS)]},
    "run": {
        "tables": ["run", "configs/minimal.yaml", "--seed=2", "--out=OUT", "--no-figures"],
        "json": ["run", "configs/china_2017.yaml", "--policy=adaptive", "--json"],
    },
    "explain": {
        "text": ["explain", "configs/minimal.yaml", "alpha"],
        "json": ["explain", "configs/minimal.yaml", "alpha", "--json"],
    },
    "compare": {
        "tables": ["compare", "configs/minimal.yaml", "--replications=6", "--draws=3", "--workers=1", "--out=OUT",
                   "--no-figures"],
        "json": ["compare", "configs/china_2017.yaml", "--policies=adaptive", "--replications=3", "--json"],
    },
    "race": {
        "text": ["race", "configs/minimal.yaml", "suppression", "--larger", "--delta=0.005", "--orders=closure,payments"],
        "json": ["race", "configs/minimal.yaml", "exposure", "--smaller", "--delta=0.001", "--json"],
    },
    "branch": {
        "text": ["branch", "configs/minimal.yaml", "--at=2020-08-01", "--future=never={drop: [payments]}"],
        "json": ["branch", "configs/minimal.yaml", "--at=2020-03-01", "--future=payments_first", "--json"],
    },
    "sweep": {
        "text": ["sweep", "configs/minimal.yaml", "--points=2", "--replications=2", "--out=OUT/sweep"],
        "json": ["sweep", "configs/minimal.yaml", "--points=2", "--replications=2", "--json"],
    },
}  # fmt: skip


# --- From things to hashes ---


class Print:
    """The SHA-256 of each part of a thing; a part that the thing does not have has none."""

    def __init__(self) -> None:
        self._digests = {part: sha256() for part in PARTS}
        self._used = dict.fromkeys(PARTS, False)

    def add(self, part: str, content: str | bytes) -> None:
        """Go on with a piece of a part."""
        data = content.encode() if isinstance(content, str) else content
        self._digests[part].update(b"%d:" % len(data) + data)
        self._used[part] = True

    def level(self, mark: str) -> None:
        """Say that a group of things begins or ends, so that (a, b), c is not a, (b, c)."""
        for digest in self._digests.values():
            digest.update(mark.encode())

    def hashes(self) -> dict[str, str]:
        """By part, those that were used."""
        return {part: digest.hexdigest() for part, digest in self._digests.items() if self._used[part]}


class Csv(str):
    """The text of a file whose first line names the columns."""


def children(thing: object) -> tuple[list[str], list[object]] | None:
    """Names and contents of a thing with declared fields, columns or variables; None for all others."""
    if isinstance(thing, pd.DataFrame):
        index = [thing.index.get_level_values(level) for level in range(thing.index.nlevels)]
        return [*map(str, thing.index.names), *map(str, thing.columns)], [*index, *(c for _, c in thing.items())]
    if isinstance(thing, xr.Dataset):
        names = [f"{name}{variable.dims}" for name, variable in thing.variables.items()]
        return [*names, *map(str, thing.attrs)], [*thing.variables.values(), *thing.attrs.values()]
    if isinstance(thing, tuple) and hasattr(thing, "_fields"):
        return [type(thing).__name__, *thing._fields], list(thing)
    if isinstance(thing, BaseModel):
        names = list(type(thing).model_fields)
    elif is_dataclass(thing) and not isinstance(thing, type):
        names = [field.name for field in fields(thing)]
    else:
        return None
    return [type(thing).__name__, *names], [getattr(thing, name) for name in names]


def fill(found: Print, thing: object) -> None:
    """Take up a thing with all that is in it. Raises TypeError for what has no stable content, such as a function."""
    if isinstance(thing, Csv):
        header, _, body = thing.partition("\n")
        found.add("names", header)
        found.add("values", body)
    elif isinstance(thing, str):
        found.add("texts", thing)
    elif thing is None or thing is pd.NA or isinstance(thing, bool | int | float | date | timedelta | np.generic):
        found.add("values", scalar(thing))
    elif isinstance(thing, xr.Variable):
        fill(found, thing.values)
        fill(found, dict(thing.attrs))
    elif isinstance(thing, np.ndarray | pd.Series | pd.Index):
        fill_array(found, thing)
    elif (declared := children(thing)) is not None:
        names, contents = declared
        for name in names:
            found.add("names", name)
        fill_all(found, contents)
    elif isinstance(thing, Mapping):
        for key in thing:
            found.add(*(("names", key) if isinstance(key, str) else ("values", repr(key))))
        fill_all(found, list(thing.values()))
    elif isinstance(thing, list | tuple):
        fill_all(found, thing)
    elif isinstance(thing, set | frozenset):
        fill_all(found, sorted(thing))
    elif hasattr(thing, "__array__"):
        fill_array(found, np.asarray(thing))
    else:
        raise TypeError(f"what is stable about a {type(thing).__name__}?")


def fill_all(found: Print, things: Sequence[object]) -> None:
    found.level("(")
    for thing in things:
        fill(found, thing)
    found.level(")")


def fill_array(found: Print, thing: np.ndarray | pd.Series | pd.Index) -> None:
    """Type, shape and bytes of an array; of one of strings or objects, its elements."""
    values = np.asarray(thing)
    if values.dtype.kind in "OUST":
        found.add("values", f"{values.dtype.kind if thing is values else thing.dtype} {values.shape}")
        for item in values.ravel().tolist():
            found.add("values", repr(item) if isinstance(item, str) else scalar(item))
        return
    if values.dtype.kind == "f":
        values = np.where(np.isnan(values), values.dtype.type(np.nan), values)
    found.add("values", f"{values.dtype.str} {values.shape}")
    found.add("values", np.ascontiguousarray(values).tobytes())


def scalar(value: Any) -> str:
    """A number or date as text that no two values share."""
    if not (value is None or value is pd.NA or isinstance(value, bool | int | float | date | timedelta | np.generic)):
        raise TypeError(f"an array holds a {type(value).__name__}")
    if isinstance(value, np.generic) and value.dtype.kind not in "mM":
        value = value.item()
    return value.isoformat() if isinstance(value, date) else repr(value)


def lines(path: str, thing: object, spread: bool = True) -> Iterator[tuple[str, str]]:
    """The lines of an item: (path/part, hash). Each field, column or variable is an item of its own, by position."""
    declared = children(thing) if spread else None
    if declared is None:
        found = Print()
        fill(found, thing)
        yield from ((f"{path}/{part}", value) for part, value in found.hashes().items())
        return
    names, contents = declared
    own = Print()
    for name in names:
        own.add("names", name)
    yield f"{path}/names", own.hashes()["names"]
    for place, content in enumerate(contents):
        yield from lines(
            f"{path}/{place:02d}", content, spread=isinstance(thing, tuple)
        )  # World: fields of its records


# --- Groups ---


@cache
def scenario(name: str) -> sim.Scenario:
    return sim.load(ROOT / "configs" / f"{name}.yaml")


def policies(name: str, quick: bool) -> list[str]:
    return ["baseline"] if quick and name != "minimal" else list(scenario(name).policies)


@cache
def run_of(name: str, policy: str, replication: int, engine: Any) -> sim.Run:
    return sim.run(scenario(name), policy, SEED, replication, engine=engine)


@cache
def study_of(name: str) -> sim.Study:
    return sim.compare(scenario(name), replications=STUDIED[name].replications, seed=SEED)


@cache
def orders_of(name: str) -> tuple[sim.Study, Any, Any]:
    """A study over orders and shifts of the interventions in question, and what the two families are."""
    base = scenario(name).policies["baseline"]
    orders = sim.orderings(base, STUDIED[name].ids)
    shifts = sim.timings(base, STUDIED[name].ids, [-30.0, 30.0])
    return sim.compare(scenario(name), {**orders, **shifts}, 4, seed=SEED, paths=False), orders, shifts


@cache
def race_of(name: str) -> sim.Selection:
    return sim.race(scenario(name), None, "exposure", delta=0.02, larger_is_better=False, n0=10, maximum=40, seed=SEED)


@cache
def parts_of(name: str) -> sim.Decomposition:
    return sim.decompose(scenario(name), "baseline", STUDIED[name].ids, "suppression", replications=4, orders=True)


def of_run(run: sim.Run) -> Items:
    """All that a run holds but its scenario."""
    yield "data", run.data
    yield "journal", run.journal
    yield "decisions", run.decisions
    yield "options", run.options
    yield "measures", dict(run.measures)
    yield "table", run.table()


def under(path: str, items: Items) -> Items:
    return ((f"{path}/{item}", thing) for item, thing in items)


def world(name: str, quick: bool) -> Items:
    """The scenario as it was read; its policies, their schedules, and the arrays that the model works on."""
    yield "scenario", scenario(name)
    for policy in policies(name, quick):
        schedule = expand(scenario(name), policy)
        arrays, names = world_of(scenario(name), policy)
        yield f"{policy}/schedule", schedule
        yield f"{policy}/arrays", arrays
        yield f"{policy}/arrays-of", names


def runs(name: str, engine: str, quick: bool) -> Items:
    for policy in policies(name, quick):
        for replication in range(1 if quick else 2):
            yield from under(f"{policy}/{replication}", of_run(run_of(name, policy, replication, engine)))


def engine_results(name: str, engine: Any, quick: bool) -> Items:
    """What the engines hand over: one run, and a block of two replications with paths."""
    last, every = (scenario(name).end - scenario(name).start).days, scenario(name).record.every
    for policy in policies(name, quick):
        arrays, _ = world_of(scenario(name), policy)
        yield f"{policy}/run", simulator(engine, arrays)[1](arrays, SEED, 0, last, every)
        yield f"{policy}/block", batch_simulator(engine)[1](arrays, SEED, [0, 3], last, every, paths=True)


def explanations(name: str, quick: bool) -> Items:
    for exchange in STUDIED[name].exchanges:
        found = run_of(name, "baseline", 0, "reference").explain(exchange)
        yield f"{exchange}/text", str(found)
        yield f"{exchange}/data", found.to_dict()
        yield f"{exchange}/table", found.table()


def compared(name: str, quick: bool) -> Items:
    """A study, its tables, and the folder that it leaves."""
    found = study_of(name)
    for policy, results in found.results.items():
        yield f"results/{policy}", results
    yield "days", found.day
    yield "measures", found.names
    yield "text", repr(found)
    yield "pathways", found.pathways()
    yield "failures", found.failures()
    for measure in MEASURES:
        yield f"difference/{measure}", found.difference(measure)
        yield f"levels/{measure}", found.levels(measure)
    for policy in found.policies[1:]:
        yield f"band/{policy}", found.band("otc", policy, simultaneous=True)
    one = found.policies[1:2]
    varied = sim.compare(scenario(name), one, 4, seed=SEED, draws=2)
    yield "draws/parameters", varied.parameters()
    yield "draws/difference", varied.difference("exposure")
    asked = sim.Precision("exposure", 0.02, minimum=10, maximum=20)
    precise = sim.compare(scenario(name), one, until=asked, seed=SEED, paths=False)
    yield "precise/reached", precise.reached
    with TemporaryDirectory() as folder:
        sim.compare(scenario(name), one, 3, seed=SEED, store=Path(folder, "study"))
        yield from under("folder", files(Path(folder, "study"), Path(folder)))


def raced(name: str, quick: bool) -> Items:
    found = race_of(name)
    yield "text", repr(found)
    yield "table", found.table()
    yield "values", found.values
    yield "history", found.history


def branched(name: str, quick: bool) -> Items:
    asked = STUDIED[name]
    history = sim.run(scenario(name), seed=SEED, until=asked.at)
    found = sim.branch(history, {"other": {"drop": list(asked.drop)}})
    yield "text", repr(found)
    yield "table", found.table()
    for place, run in enumerate(found.values()):
        yield from under(f"{place}", of_run(run))


def decomposed(name: str, quick: bool) -> Items:
    yield "data", parts_of(name)
    yield "table", parts_of(name).table()


def swept(name: str, quick: bool) -> Items:
    found = sim.sweep(scenario(name), STUDIED[name].over, ["baseline"], 2, seed=SEED)
    yield "text", repr(found)
    yield "table", found.table()
    yield "failures", found.failures()


def run_figures(name: str, quick: bool) -> Items:
    """The data behind the figures of runs."""
    for policy in policies(name, quick):
        run = run_of(name, policy, 0, "compiled")
        yield f"{policy}/shares", gather_shares(run)
        yield f"{policy}/exchanges", gather_exchanges(run)
        yield f"{policy}/exchanges-otc", gather_exchanges(run, "otc", 3, log=True)
        yield f"{policy}/timeline", gather_timeline(run)
        yield f"{policy}/levers", gather_levers(run)
        yield f"{policy}/flows", gather_flows(run)
        yield f"{policy}/volume", gather_volume(run)
        yield f"{policy}/marks", gather_marks(run)


def study_figures(name: str, quick: bool) -> Items:
    """The data behind the figures of studies."""
    study = study_of(name)
    for measure in MEASURES:
        yield f"difference/{measure}", gather_difference(study, measure)
        yield f"spread/{measure}", gather_spread(study, measure)
    for mode in (*MODES, "outside"):
        yield f"fan/{mode}", gather_fan(study, mode)
        yield f"band/{mode}", gather_band(study, mode, study.policies[1])
    yield "tradeoff", gather_tradeoff(study)
    if any(results.rules for results in study.results.values()):
        yield "pathways", gather_pathways(study)
    yield "race", gather_race(race_of(name))
    grid, orders, shifts = orders_of(name)
    yield "heatmap/orders", gather_heatmap(grid, "suppression", orders)
    yield "heatmap/shifts", gather_heatmap(grid, "suppression", shifts)
    yield "decomposition", gather_decomposition(parts_of(name), "suppression", scenario(name))


def drawn(name: str, quick: bool) -> Items:
    """The figures themselves, as pixels."""
    with TemporaryDirectory() as folder:
        run_of(name, "baseline", 0, "compiled").plot.write(Path(folder, "run"))
        study_of(name).plot.write(Path(folder, "study"))
        yield from files(Path(folder), Path(folder))


def helped(quick: bool) -> Items:
    """`--help` of the command and of every command in it."""
    yield "regpressure", printed(["--help"])[0]
    for command in typer.main.get_command(app).commands:  # type: ignore[attr-defined]
        yield command, printed([command, "--help"])[0]


def commanded(group: str, quick: bool) -> Items:
    """What commands print, and the files that they write."""
    for item, arguments in COMMANDS[group].items():
        with TemporaryDirectory() as folder:
            out = Path(folder, "out")
            if any("OUT/" in argument for argument in arguments):
                out.mkdir()
            text, messages = printed([argument.replace("OUT", str(out)) for argument in arguments])
            text = text.replace(str(out), "OUT")
            yield f"{item}/printed", json.loads(text) if text[0] in "{[" else text
            yield f"{item}/messages", messages
            yield from under(f"{item}/files", files(out, out))


def printed(arguments: Sequence[str]) -> tuple[str, str]:
    """Output and messages of the command. Raises RuntimeError if it fails, which is no result to keep."""
    out, err = StringIO(), StringIO()
    width = {"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"}
    logging.disable()  # whether anything had to be compiled first is none of the output
    try:
        with chdir(ROOT), patch.dict(os.environ, width), redirect_stdout(out), redirect_stderr(err):
            code = main(arguments)
    finally:
        logging.disable(logging.NOTSET)
    if code:
        raise RuntimeError(f"{' '.join(arguments)} ended with {code}: {err.getvalue()}")
    return out.getvalue().replace(str(ROOT), "ROOT"), err.getvalue().replace(str(ROOT), "ROOT")


def files(folder: Path, out: Path) -> Items:
    """What is in the files of a folder."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield STAMP.sub("", path.relative_to(folder).as_posix()), content(path, out)


def content(path: Path, out: Path) -> object:
    if path.suffix == ".nc":
        raw: dict[str, Any] = {"decode_times": False, "mask_and_scale": False, "decode_timedelta": False}
        with xr.open_dataset(path, engine="netcdf4", **raw) as file:
            kept = {name: value for name, value in file.attrs.items() if name not in ("study", "configuration")}
            return file.load().drop_attrs(deep=False).assign_attrs(kept)
    if path.suffix == ".png":
        return imread(path)
    text = path.read_text(encoding="utf-8").replace(str(out), "OUT").replace(str(ROOT), "ROOT")
    if path.suffix == ".csv":
        return Csv(text)
    if path.suffix == ".json":
        return without_hashes(json.loads(text)) if path.name == "manifest.json" else json.loads(text)
    return text


def without_hashes(value: Any) -> Any:
    """A manifest without what changes whenever the program does."""
    if isinstance(value, dict):
        return {key: without_hashes(item) for key, item in value.items() if key not in UNHASHED}
    return value


def groups(quick: bool) -> dict[str, Callable[[bool], Items]]:
    """Groups by name. `quick` leaves out studies of the large scenarios."""
    found: dict[str, Callable[[bool], Items]] = {}
    for name in SCENARIOS:
        found[f"world/{name}"] = partial(world, name)
        for engine in ENGINES:
            found[f"runs/{name}/{engine}"] = partial(runs, name, engine)
            found[f"engine/{name}/{engine}"] = partial(engine_results, name, engine)
        found[f"figures/{name}/run"] = partial(run_figures, name)
    for name in ["minimal"] if quick else STUDIED:
        found[f"explain/{name}"] = partial(explanations, name)
        found[f"compare/{name}"] = partial(compared, name)
        found[f"race/{name}"] = partial(raced, name)
        found[f"branch/{name}"] = partial(branched, name)
        found[f"decompose/{name}"] = partial(decomposed, name)
        found[f"sweep/{name}"] = partial(swept, name)
        found[f"figures/{name}/study"] = partial(study_figures, name)
        found[f"figures/{name}/drawn"] = partial(drawn, name)
    found["cli/help"] = helped
    return found | {f"cli/{group}": partial(commanded, group) for group in COMMANDS}


# --- The script ---


def differences(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """What differs, is new, or is missing, sorted by item."""
    told = []
    for item in sorted(before.keys() | after.keys()):
        if item not in before:
            told.append(f"new      {item}")
        elif item not in after:
            told.append(f"missing  {item}")
        elif before[item] != after[item]:
            told.append(f"differs  {item}")
    return told


def in_question(
    before: Mapping[str, str], after: Mapping[str, str], names: Sequence[str] | None, quick: bool
) -> dict[str, str]:
    """The lines of before that should be there now: those of the groups; of a quick check, those that it made."""
    if quick:
        return {item: before[item] for item in before if item in after}
    return {i: before[i] for i in before if names is None or any(i.startswith(f"{name}/") for name in names)}


def chosen(names: Sequence[str], only: Sequence[str] | None) -> list[str]:
    """The groups that are asked for by name or by folder, all without `only`. Raises SystemExit for what is not there."""
    folders = [f"{asked.rstrip('/')}/" for asked in only or ()]
    for folder in folders:
        if not any(f"{name}/".startswith(folder) for name in names):
            raise SystemExit(f"no group {folder[:-1]}; there are {', '.join(names)}")
    return [name for name in names if only is None or f"{name}/".startswith(tuple(folders))]


def read(file: Path) -> dict[str, str]:
    pairs = (line.rsplit("  ", 1) for line in file.read_text(encoding="utf-8").splitlines())
    return dict(pairs)


def golden(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.golden", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the hashes to FILE instead of printing them")
    parser.add_argument("--against", type=Path, metavar="FILE", help="compare with what was written; exit 1 if unlike")
    parser.add_argument("--only", nargs="+", metavar="GROUP", help="groups, or folders of them such as runs/minimal")
    parser.add_argument("--quick", action="store_true", help="minimal.yaml, one replication, one policy of each other")
    asked = parser.parse_args(arguments)
    before = read(asked.against) if asked.against else {}
    table = groups(asked.quick)
    names = chosen(list(table), asked.only)
    after: dict[str, str] = {}
    for name in names:
        began = time.process_time()
        for item, thing in table[name](asked.quick):
            after.update(lines(f"{name}/{item}", thing))
        print(f"{name}: {time.process_time() - began:.1f} s", file=sys.stderr)
    text = "".join(f"{item}  {after[item]}\n" for item in sorted(after))
    if asked.write:
        asked.write.write_text(text, encoding="utf-8")
    elif not asked.against:
        print(text, end="")
    if not asked.against:
        return 0
    told = differences(in_question(before, after, names if asked.only else None, asked.quick), after)
    print(*told, f"{len(told)} of {len(after)} lines are not as before", sep="\n")
    return int(bool(told))


if __name__ == "__main__":
    sys.exit(golden())
