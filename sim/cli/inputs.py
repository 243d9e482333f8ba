"""Arguments of commands, read and checked before any work starts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.errors import InputError, print_error
from sim.clock import DAY
from sim.scenario.errors import ScenarioError
from sim.scenario.shipped import located, shipped
from sim.study.fact_names import FACT
from sim.suggest import did_you_mean, meant_or_listed

if TYPE_CHECKING:
    from sim.evidence.facts import Evidence
    from sim.scenario.scenario import Scenario
    from sim.study.precision import Precision
    from sim.study.statistics.posterior import Posterior


def scenario_in(path: Path, settings: Sequence[str] = ()) -> Scenario:
    """The scenario in a file, changed by `path=value` settings.

    Raises InputError when the file cannot be read and ScenarioError when its content is wrong.
    """
    import sim

    return sim.load(scenario_file(path), overrides=_overrides(settings))


def scenario_file(path: Path) -> Path:
    """The file at a path or, for the name of a scenario that comes with the package, its file.

    Raises InputError unless it can be read. A message goes to stderr where a file hides a scenario of the package.
    """
    file = Path(located(path))
    if str(path) in shipped() and file != shipped()[str(path)]:
        print_error(f"{path}: read from the file {file}, not from the package")
    if file.exists() and not (file.is_file() or file.is_dir()):
        raise InputError(f"{path}: is not a regular file")  # to open a pipe would wait for what comes out of it
    try:
        file.open("rb").close()
    except FileNotFoundError:
        suggestion = did_you_mean(path.name, _names_beside(path))
        raise InputError(f"{path}: no such file{suggestion}") from None
    except IsADirectoryError:
        raise InputError(f"{path}: is a folder, not a scenario file") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {str(error.strerror).lower()}") from None
    return file


def names_in(text: str) -> list[str]:
    """The names in a list with commas."""
    return [name.strip() for name in text.split(",") if name.strip()]


def all_known(text: str | None, what: str, names: Iterable[str]) -> list[str] | None:
    """Those of `names` that a list with commas means, each as `known`; None for no list."""
    return [known(name, what, names) for name in names_in(text)] if text else None


def known(word: str, what: str, names: Iterable[str]) -> str:
    """The one of `names` that `word` means: itself, or the same in other capitals. Raises InputError if none."""
    names = tuple(names)
    if word in names:
        return word
    same = [name for name in names if name.lower() == word.lower()]
    if len(same) == 1:
        return same[0]
    meant = meant_or_listed(word, names)
    if word.startswith(FACT) and not any(name.startswith(FACT) for name in names):
        meant = did_you_mean(word, names) or "; facts are measures of compare, race and sweep, with --facts"
    raise InputError(f"no {what} called {word}{meant}")


def measures_of(scenario: Scenario, evidence: Evidence | None = None) -> list[str]:
    """Names of the measures of a scenario, of the facts of its evidence, and of measures that users added."""
    from sim.study.jobs.measure_reader import measure_names

    return list(measure_names(scenario, evidence))


def evidence_for(file: Path, scenario: Scenario, named: Path | None = None, otherwise: str = "") -> Evidence:
    """The evidence in the file named, or in that beside the file of a scenario.

    Raises InputError if it is not there, with what to do `otherwise`, and ScenarioError when its content is wrong.
    """
    from sim.evidence.facts import read_evidence
    from sim.study.record_check import evidence_beside

    source = named or evidence_beside(scenario_file(file))
    if not source.is_file():
        missing = "" if named is not None else f"; the facts of {file} are to stand there" + otherwise
        raise InputError(f"{source}: no such file{missing}")
    return read_evidence(source, scenario)


def draws_in(text: str | None, scenario: Scenario, otherwise: str = ", or posterior") -> Posterior | int | None:
    """What --draws means: so many draws from the ranges, the posterior of the scenario, or none without the option.

    Raises InputError for anything else, with the words that it takes `otherwise`, and for a posterior that is not the
    scenario's.
    """
    from sim.study.drawn_from import drawn_from

    if text is None:
        return None
    if text == "posterior":
        with as_input_errors():
            return drawn_from(scenario, "posterior")[1]
    if not text.isdecimal() or int(text) < 2:
        raise InputError(f"--draws {text}: give a number from 2 on{otherwise}")
    return int(text)


def date_within(text: str | None, scenario: Scenario, option: str = "--until") -> date | None:
    """The date `text` (YYYY-MM-DD), later than the start of the scenario and not later than its end.

    Raises InputError for another form or date.
    """
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{option} {text}: not a date; write for instance 2017-12-31") from None
    first, last = scenario.start.date() + DAY, scenario.end.date()
    if not first <= day <= last:
        raise InputError(f"{option} {text}: the scenario goes from {scenario.start.date()} to {last}")
    return day


def precisions(texts: Sequence[str], measures: Iterable[str]) -> list[Precision]:
    """Precisions written as `measure=half width`. Raises InputError for another form, measure or number."""
    from sim.study.precision import Precision

    targets = []
    for text in texts:
        name, separator, number = text.rpartition("=")
        try:
            width = float(number)
        except ValueError:
            width = 0.0
        if not separator or not 0.0 < width < float("inf"):
            raise InputError(f"--precision {text}: write it as measure=half width, for instance leakage=0.01")
        targets.append(Precision(known(name.strip(), "measure", measures), width))
    return targets


def weights_in(text: str | None, measures: Iterable[str]) -> dict[str, float]:
    """Weights written as `measure=weight,...`. Raises InputError for another form, measure or number."""
    names, weights = tuple(measures), {}
    for part in names_in(text or ""):
        name, _, weight = part.rpartition("=")
        try:
            weights[known(name.strip(), "measure", names)] = float(weight)
        except ValueError:
            raise InputError(f"--weights {text}: write measure=weight, for instance leakage=2,suppression=1") from None
    if not all(0.0 < weight < float("inf") for weight in weights.values()):
        raise InputError(f"--weights {text}: weights are numbers above 0")
    return weights


def value_in(text: str, option: str) -> Any:
    """The value of a text, read by the rules of scenario files; `option` is what the user typed.

    Raises InputError for what no scenario file may contain.
    """
    from sim.scenario.document.tree import to_plain
    from sim.scenario.document.yaml_tree import read_value

    try:
        return to_plain(read_value(text, option))
    except ScenarioError as error:
        raise InputError(f"{option}: {error.problems[0].message}") from None


@contextmanager
def as_input_errors() -> Iterator[None]:
    """Within this, a ValueError, which calls raise for wrong arguments, becomes an InputError."""
    try:
        yield
    except ValueError as error:
        raise InputError(str(error)) from error


def _overrides(settings: Sequence[str]) -> dict[str, Any]:
    overrides = {}
    for setting in settings:
        path, separator, value = setting.partition("=")
        if not separator or not path.strip():
            raise InputError(f"--set {setting}: write it as path=value, for instance demand.onramp=1.2")
        overrides[path.strip()] = value_in(value, f"--set {setting}")
    return overrides


def _names_beside(path: Path) -> list[str]:
    """Names of the YAML files and folders beside `path`, and of the scenarios that come with the package."""
    known = list(shipped()) if path.parent == Path() else []
    try:
        neighbours = sorted(path.parent.iterdir())
    except OSError:
        return known
    return known + [other.name for other in neighbours if other.suffix in (".yaml", ".yml") or other.is_dir()]
